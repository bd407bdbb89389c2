// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one picture cost at one quality.
 *
 * @param image        the picture's file name
 * @param quality      as given to the encoder, 0..1
 * @param bytes        size of the file
 * @param bpp          bits per pixel, the whole file counted
 * @param scores       what the decoded picture is worth
 * @param encodeMillis from pixels to the closed file
 * @param decodeMillis from the file to pixels
 */
record Measurement(String image, float quality, long bytes, double bpp, Scores scores, double encodeMillis, double decodeMillis) {

    /**
     * Measurements of several pictures at one quality, summed up.
     *
     * @param bpp          mean
     * @param scores       means by the measures that every picture has
     * @param encodeMillis median
     * @param decodeMillis median
     */
    record Mean(float quality, double bpp, Scores scores, double encodeMillis, double decodeMillis) {

        /**
         * The mean of pictures that were measured at one quality.
         *
         * @param pictures at least one, all of one quality
         */
        static Mean of(List<Measurement> pictures) {
            return new Mean(pictures.get(0).quality,
                    mean(pictures, Measurement::bpp),
                    Scores.mean(pictures.stream().map(Measurement::scores).toList()),
                    median(pictures, Measurement::encodeMillis),
                    median(pictures, Measurement::decodeMillis));
        }
    }

    private static double mean(List<Measurement> pictures, ToDoubleFunction<Measurement> value) {
        return pictures.stream().mapToDouble(value).average().orElseThrow();
    }

    private static double median(List<Measurement> pictures, ToDoubleFunction<Measurement> value) {
        double[] sorted = pictures.stream().mapToDouble(value).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
