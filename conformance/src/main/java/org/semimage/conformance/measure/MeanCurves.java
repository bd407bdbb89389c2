// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;


import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Mean curves of one codec over some pictures, one for each measure: the mean {@linkplain Measure#quality quality} over the mean rate.
 *
 * @param curves by measure, without points where nothing is known
 */
record MeanCurves(Map<Measure, RateCurve> curves) {

    MeanCurves {
        Map<Measure, RateCurve> all = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            all.put(measure, curves.getOrDefault(measure, new RateCurve(List.of())));
        }
        curves = Collections.unmodifiableMap(all);
    }

    /** The curves through means; scores that are missing, or stand for equal pictures, are left out. */
    static MeanCurves through(List<Measurement.Mean> means) {
        Map<Measure, RateCurve> curves = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            curves.put(measure, through(means, measure));
        }
        return new MeanCurves(curves);
    }

    /** The curve by one measure over the pictures that have it; rungs that not all of them have are left out. */
    static RateCurve of(List<Measurement> measurements, Measure measure) {
        return through(means(measurements.stream().filter(m -> m.scores().get(measure).isPresent()).toList()), measure);
    }

    RateCurve of(Measure measure) {
        return curves.get(measure);
    }

    /** The rungs that every picture has, by rising quality. */
    static List<Measurement.Mean> means(List<Measurement> measurements) {
        Map<Float, List<Measurement>> byQuality = measurements.stream()
                .collect(Collectors.groupingBy(Measurement::quality, TreeMap::new, Collectors.toCollection(ArrayList::new)));
        long pictures = measurements.stream().map(Measurement::image).distinct().count();
        return byQuality.values().stream().filter(rung -> rung.size() >= pictures).map(Measurement.Mean::of).toList();
    }

    private static RateCurve through(List<Measurement.Mean> means, Measure measure) {
        List<RateCurve.Point> points = new ArrayList<>();
        for (Measurement.Mean mean : means) {
            OptionalDouble score = mean.scores().get(measure);
            if (score.isPresent() && Double.isFinite(measure.quality(score.getAsDouble()))) {
                points.add(new RateCurve.Point(mean.bpp(), measure.quality(score.getAsDouble())));
            }
        }
        return new RateCurve(points);
    }
}
