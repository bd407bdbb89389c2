// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.util.concurrent.CancellationException;

/** Ends a decoding or an encoding from another thread. */
final class AbortSwitch {

    private boolean aborted;

    /** Ends what is being done; null while that is nothing that can be ended. */
    private Runnable end;

    /** Asks for the end. A reader that begins forgets that it was asked: who wants the end asks again until it is there. */
    synchronized void abort() {
        aborted = true;
        if (end != null) {
            end.run();
        }
    }

    /** Says how what is done from now on is ended; null when it is done. */
    synchronized void endsBy(Runnable ending) {
        end = ending;
    }

    synchronized boolean isAborted() {
        return aborted;
    }

    /** @throws CancellationException if the end has been asked for */
    void check() {
        if (isAborted()) {
            throw new CancellationException("aborted");
        }
    }
}
