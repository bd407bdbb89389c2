// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import javax.imageio.ImageReader;
import java.util.concurrent.CancellationException;

/** Ends a decoding from another thread. */
final class AbortSwitch {

    private boolean aborted;

    /** Null while nothing is read. */
    private ImageReader reader;

    /** Asks for the end. A reader that begins forgets that it was asked: who wants the end asks again until it is there. */
    synchronized void abort() {
        aborted = true;
        if (reader != null) {
            reader.abort();
        }
    }

    /** Names the reader that reads from now on; null when it has done so. */
    synchronized void reading(ImageReader current) {
        reader = current;
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
