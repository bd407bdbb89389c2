// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.io.IOException;

/** Looks for the setting of an encoder whose file comes nearest to a size. */
final class SizeSearch {

    /** An encoder whose files grow with its setting. */
    interface Encoder {
        byte[] encode(int setting) throws IOException;
    }

    /**
     * A file and how it came about.
     *
     * @param setting as given to the encoder
     * @param file    what it wrote
     */
    record Found(int setting, byte[] file) {
    }

    private SizeSearch() {
    }

    /**
     * The largest file of at most so many bytes, or the one of the lowest setting if none is that small.
     *
     * @param highest the settings are 0 to this
     */
    static Found largestWithin(long bytes, int highest, Encoder encoder) throws IOException {
        Found best = null;
        int low = 0;
        int high = highest;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            byte[] file = encoder.encode(middle);
            if (file.length <= bytes) {
                best = new Found(middle, file);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return best != null ? best : new Found(0, encoder.encode(0));
    }
}
