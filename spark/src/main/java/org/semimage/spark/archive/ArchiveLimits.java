// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import java.io.Serializable;

/**
 * What is put into quarantine rather than worked on.
 *
 * @param maxBytes  of a source, 1 to 2147483639
 * @param maxPixels of a picture, at least 1
 * @param minScore  the least SSIMULACRA 2 of a picture with loss; negative infinity for any
 */
public record ArchiveLimits(int maxBytes, long maxPixels, double minScore) implements Serializable {

    /** Files of 256 MiB, pictures of 64 megapixels, any score. */
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(1 << 28, 1L << 26, Double.NEGATIVE_INFINITY);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public ArchiveLimits {
        if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 8 || maxPixels < 1 || Double.isNaN(minScore) || minScore > 100) {
            throw new IllegalArgumentException("limits of " + maxBytes + " bytes, " + maxPixels + " pixels, score " + minScore);
        }
    }
}
