// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.measure.MsSsim;
import org.semimage.measure.Ssimulacra2;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one decoded picture is worth.
 *
 * @param values by measure; those that are not known, or do not apply to the picture, are missing
 */
record Scores(Map<Measure, Double> values) {

    static final Scores NONE = new Scores(Map.of());

    Scores {
        Map<Measure, Double> copy = new EnumMap<>(Measure.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /** By every measure, Butteraugli where its program is given. */
    static Scores of(RgbSamples original, RgbSamples decoded, Optional<Butteraugli> butteraugli) throws IOException {
        Scores scores = NONE.with(Measure.PSNR, Psnr.of(original, decoded))
                .with(Measure.MS_SSIM, MsSsim.of(original, decoded))
                .with(Measure.SSIMULACRA2, Ssimulacra2.of(original, decoded));
        return butteraugli.isPresent() ? scores.with(Measure.BUTTERAUGLI, butteraugli.get().of(original, decoded)) : scores;
    }

    /**
     * The mean by each measure that all of some pictures have.
     *
     * @param scores at least one
     */
    static Scores mean(List<Scores> scores) {
        Scores mean = NONE;
        for (Measure measure : Measure.values()) {
            if (scores.stream().allMatch(s -> s.get(measure).isPresent())) {
                mean = mean.with(measure, scores.stream().mapToDouble(s -> s.get(measure).getAsDouble()).average());
            }
        }
        return mean;
    }

    Scores with(Measure measure, double score) {
        return with(measure, OptionalDouble.of(score));
    }

    Scores with(Measure measure, OptionalDouble score) {
        if (score.isEmpty()) {
            return this;
        }
        Map<Measure, Double> more = new EnumMap<>(Measure.class);
        more.putAll(values);
        more.put(measure, score.getAsDouble());
        return new Scores(more);
    }

    OptionalDouble get(Measure measure) {
        Double value = values.get(measure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
