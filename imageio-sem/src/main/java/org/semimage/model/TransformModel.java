package org.semimage.model;

import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;

import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The networks and tables of the transform profile, loaded.
 *
 * @param prior      picks means and scale indices
 * @param lowSteps   relative quantizer step of the low band, per component
 * @param detailSteps relative quantizer step {@code [level - 1][channel]}
 * @param synthesis  the decoder's coefficient network
 * @param analysis   the encoder's, if the pack has one
 */
public record TransformModel(IntegerPrior prior, float[] lowSteps, float[][] detailSteps, CoefficientNet synthesis,
                             Optional<CoefficientNet> analysis) implements AutoCloseable {

    /**
     * @param network makes a coefficient network from weights and a prefix
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    static TransformModel of(NamedTensors weights, Kernels kernels, BiFunction<NamedTensors, String, CoefficientNet> network) {
        float[] steps = weights.floats("steps.detail", Pyramid.LEVELS, 9);
        float[][] detailSteps = new float[Pyramid.LEVELS][9];
        for (int i = 0; i < steps.length; i++) {
            detailSteps[i / 9][i % 9] = steps[i];
        }
        IntegerPrior prior = new IntegerPrior(weights, kernels);
        Optional<CoefficientNet> analysis = weights.has("analysis.head.weight")
                ? Optional.of(network.apply(weights, "analysis")) : Optional.empty();
        return new TransformModel(prior, weights.floats("steps.low", 3), detailSteps, network.apply(weights, "synthesis"), analysis);
    }

    @Override
    public void close() {
        prior.close();
        synthesis.close();
        analysis.ifPresent(CoefficientNet::close);
    }
}
