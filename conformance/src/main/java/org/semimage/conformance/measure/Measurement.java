package org.semimage.conformance.measure;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What one picture cost at one quality.
 *
 * @param image        the picture's file name
 * @param quality      as given to the encoder, 0..1
 * @param bytes        size of the file
 * @param bpp          bits per pixel, the whole file counted
 * @param psnr         RGB PSNR in dB, infinite if nothing was lost
 * @param msssim       luma MS-SSIM, 0..1; empty for pictures too small for it
 * @param encodeMillis from pixels to the closed file
 * @param decodeMillis from the file to pixels
 */
record Measurement(String image, float quality, long bytes, double bpp, double psnr, OptionalDouble msssim,
                   double encodeMillis, double decodeMillis) {

    /**
     * Measurements of several pictures at one quality, summed up.
     *
     * @param bpp          mean
     * @param psnr         mean of the pictures' values in dB
     * @param msssim       mean; empty if any picture was too small
     * @param encodeMillis median
     * @param decodeMillis median
     */
    record Mean(float quality, double bpp, double psnr, OptionalDouble msssim, double encodeMillis, double decodeMillis) {

        /** @param pictures at least one, all of one quality */
        static Mean of(List<Measurement> pictures) {
            boolean allScored = pictures.stream().allMatch(m -> m.msssim.isPresent());
            return new Mean(pictures.get(0).quality,
                    mean(pictures, Measurement::bpp),
                    mean(pictures, Measurement::psnr),
                    allScored ? OptionalDouble.of(mean(pictures, m -> m.msssim.getAsDouble())) : OptionalDouble.empty(),
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
