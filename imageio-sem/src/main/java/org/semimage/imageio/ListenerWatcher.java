// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;

/** Passes what a profile reports on to ImageIO's listeners; reader and writer say which. */
abstract class ListenerWatcher implements Watcher {

    private final Cancellation cancellation;
    private float percentage;
    private int part;
    private int parts = 1;
    private Throwable thrown;

    ListenerWatcher(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** Hears of a percentage, 0..100, that never falls. */
    abstract void report(float percentage);

    @Override
    public final void progress(float fraction) {
        percentage = Math.max(percentage, 100 * (part + Math.min(1, fraction)) / parts);
        try {
            report(percentage);
        } catch (RuntimeException | Error e) {
            thrown = e;
            throw e;
        }
    }

    @Override
    public final void warning(String message) {
        tell(() -> warn(message));
    }

    /** Tells listeners something. What they throw is the application's own, and gets there as it is. */
    final void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            thrown = e;
            throw e;
        }
    }

    /** Throws what a listener threw, if that is why work failed. */
    final void rethrow(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause == thrown && cause instanceof RuntimeException exception) {
                throw exception;
            }
            if (cause == thrown && cause instanceof Error error) {
                throw error;
            }
        }
    }

    /** What is reported from now on is the progress of one of several parts of the work, numbered from 0. */
    final void part(int number, int count) {
        part = number;
        parts = count;
    }

    abstract void warn(String message);

    @Override
    public final Cancellation cancellation() {
        return cancellation;
    }
}
