package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.profile.Watcher;

/** Passes what a profile reports on to ImageIO's listeners; reader and writer say which. */
abstract class ListenerWatcher implements Watcher {

    private final Cancellation cancellation;
    private float percentage;

    ListenerWatcher(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** @param percentage 0..100, never falling */
    abstract void report(float percentage);

    @Override
    public final void progress(float fraction) {
        percentage = Math.max(percentage, 100 * Math.min(1, fraction));
        report(percentage);
    }

    @Override
    public abstract void warning(String message);

    @Override
    public final Cancellation cancellation() {
        return cancellation;
    }
}
