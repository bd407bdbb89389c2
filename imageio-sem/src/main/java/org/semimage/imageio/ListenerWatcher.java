package org.semimage.imageio;

import org.semimage.profile.Watcher;

import java.util.concurrent.CancellationException;

/** Passes what a profile reports on to ImageIO's listeners; reader and writer say which. */
abstract class ListenerWatcher implements Watcher {

    private float percentage;

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
    public abstract boolean cancelled();

    final void throwIfCancelled() {
        if (cancelled()) {
            throw new CancellationException();
        }
    }
}
