package org.semimage.profile;

/** What a long encode or decode reports to, on the calling thread only. */
public interface Watcher {

    /** Ignores everything and never stops. */
    Watcher NONE = new Watcher() {
    };

    /** @param fraction work done, 0..1, never falling */
    default void progress(float fraction) {
    }

    /** Something recoverable: a cut-off payload, an ignored chunk. */
    default void warning(String message) {
    }

    /** Asked between units of work; true makes the operation throw {@link java.util.concurrent.CancellationException}. */
    default boolean cancelled() {
        return false;
    }
}
