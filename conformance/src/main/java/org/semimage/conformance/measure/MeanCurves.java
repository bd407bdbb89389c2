package org.semimage.conformance.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Mean curves of one codec over some pictures.
 *
 * @param psnr   the mean RGB PSNR over the mean rate
 * @param msssim the mean MS-SSIM in dB over the mean rate
 */
record MeanCurves(RateCurve psnr, RateCurve msssim) {

    /** Rungs that not every picture has are left out. */
    static MeanCurves of(List<Measurement> measurements) {
        return through(means(measurements));
    }

    /** The curves through means; those that are not finite are left out. */
    static MeanCurves through(List<Measurement.Mean> means) {
        return new MeanCurves(
                new RateCurve(means.stream()
                        .filter(m -> Double.isFinite(m.psnr()))
                        .map(m -> new RateCurve.Point(m.bpp(), m.psnr()))
                        .toList()),
                new RateCurve(means.stream()
                        .filter(m -> m.msssim().isPresent() && m.msssim().getAsDouble() < 1)
                        .map(m -> new RateCurve.Point(m.bpp(), MsSsim.decibels(m.msssim().getAsDouble())))
                        .toList()));
    }

    /** The rungs that every picture has, by rising quality. */
    static List<Measurement.Mean> means(List<Measurement> measurements) {
        Map<Float, List<Measurement>> byQuality = measurements.stream()
                .collect(Collectors.groupingBy(Measurement::quality, TreeMap::new, Collectors.toCollection(ArrayList::new)));
        long pictures = measurements.stream().map(Measurement::image).distinct().count();
        return byQuality.values().stream().filter(rung -> rung.size() >= pictures).map(Measurement.Mean::of).toList();
    }
}
