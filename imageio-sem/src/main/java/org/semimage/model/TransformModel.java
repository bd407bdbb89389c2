// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.tensor.NamedTensors;

import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The networks and tables of the transform profile, loaded.
 *
 * @param prior      picks means and scale indices
 * @param steps      relative quantizer steps of bands, by quality index
 * @param synthesis  the decoder's coefficient network
 * @param analysis   the encoder's, if the pack has one
 */
public record TransformModel(IntegerPrior prior, RelativeSteps.Table steps, CoefficientNet synthesis,
                             Optional<CoefficientNet> analysis) implements AutoCloseable {

    /**
     * @param network makes a coefficient network from weights and a prefix
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    static TransformModel of(NamedTensors weights, Kernels kernels, BiFunction<NamedTensors, String, CoefficientNet> network) {
        IntegerPrior prior = new IntegerPrior(weights, kernels);
        Optional<CoefficientNet> analysis = weights.has("analysis.head.weight")
                ? Optional.of(network.apply(weights, "analysis")) : Optional.empty();
        return new TransformModel(prior, new RelativeSteps.Table(weights), network.apply(weights, "synthesis"), analysis);
    }

    /** Relative quantizer steps of bands at a quality index 0..255. */
    public RelativeSteps relativeSteps(int qualityIndex) {
        return steps.at(qualityIndex);
    }

    @Override
    public void close() {
        prior.close();
        synthesis.close();
        analysis.ifPresent(CoefficientNet::close);
    }
}
