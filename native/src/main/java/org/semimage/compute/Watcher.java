// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

/** What a long encode or decode reports to, on the calling thread only. */
public interface Watcher {

    /** Ignores everything and never stops. */
    Watcher NONE = new Watcher() {
    };

    /** Ignores everything and stops on request. */
    static Watcher silent(Cancellation cancellation) {
        return new Watcher() {
            @Override
            public Cancellation cancellation() {
                return cancellation;
            }
        };
    }

    /**
     * Hears how far the work is.
     *
     * @param fraction work done, 0..1, never falling
     */
    default void progress(float fraction) {
    }

    /** Something recoverable: a cut-off payload, an ignored chunk. */
    default void warning(String message) {
    }

    /**
     * The request to stop, which makes the operation throw {@link java.util.concurrent.CancellationException}; the same object every time.
     * Units of work between two looks at it take a few milliseconds.
     */
    default Cancellation cancellation() {
        return Cancellation.NEVER;
    }

    /**
     * Reports progress where the operation may stop.
     *
     * @param fraction work done, 0..1, never falling
     * @throws java.util.concurrent.CancellationException if it should stop
     */
    default void checkpoint(float fraction) {
        cancellation().check();
        progress(fraction);
    }

    /** Whether the operation should stop. */
    default boolean cancelled() {
        return cancellation().requested();
    }
}
