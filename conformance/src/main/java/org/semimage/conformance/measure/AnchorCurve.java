// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;


import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A codec's measured mean curves over a set of pictures, to compare with.
 *
 * @param codec  its name
 * @param means  over the whole set
 * @param points of each picture, named without suffix; empty if only the means are known
 */
record AnchorCurve(String codec, MeanCurves means, List<Measurement> points) {

    /** A codec of which single pictures were measured. */
    static AnchorCurve of(String codec, List<Measurement> points) {
        Map<Measure, RateCurve> curves = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            curves.put(measure, MeanCurves.of(points, measure));
        }
        return new AnchorCurve(codec, new MeanCurves(curves), points);
    }

    /** The names of the pictures that have a score, without suffix; empty if they are not known. */
    Set<String> pictures(Measure measure) {
        return points.stream().filter(p -> p.scores().get(measure).isPresent()).map(Measurement::image).collect(Collectors.toSet());
    }

    /** The curves over those of some pictures that were measured; the whole ones if pictures are not known. */
    AnchorCurve over(Set<String> some) {
        List<Measurement> shared = points.stream().filter(p -> some.contains(p.image())).toList();
        Map<Measure, RateCurve> curves = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            curves.put(measure, pictures(measure).isEmpty() ? means.of(measure) : MeanCurves.of(shared, measure));
        }
        return new AnchorCurve(codec, new MeanCurves(curves), shared);
    }

    /** What two sources know of one codec; means of this one where both have them. */
    AnchorCurve and(AnchorCurve other) {
        List<Measurement> all = new ArrayList<>(points);
        all.addAll(other.points);
        Map<Measure, RateCurve> curves = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            curves.put(measure, means.of(measure).points().isEmpty() ? other.means.of(measure) : means.of(measure));
        }
        return new AnchorCurve(codec, new MeanCurves(curves), all);
    }
}
