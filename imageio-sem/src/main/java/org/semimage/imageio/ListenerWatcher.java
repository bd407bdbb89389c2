package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;

/** Passes what a profile reports on to ImageIO's listeners; reader and writer say which. */
abstract class ListenerWatcher implements Watcher {

    private final Cancellation cancellation;
    private float percentage;
    private int part;
    private int parts = 1;

    ListenerWatcher(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** @param percentage 0..100, never falling */
    abstract void report(float percentage);

    @Override
    public final void progress(float fraction) {
        percentage = Math.max(percentage, 100 * (part + Math.min(1, fraction)) / parts);
        report(percentage);
    }

    /** What is reported from now on is the progress of one of several parts of the work, numbered from 0. */
    final void part(int number, int count) {
        part = number;
        parts = count;
    }

    @Override
    public abstract void warning(String message);

    @Override
    public final Cancellation cancellation() {
        return cancellation;
    }
}
