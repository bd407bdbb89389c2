// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.tensor.NamedTensors;

import javax.imageio.IIOException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

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

    private static final String ANALYSIS = "analysis";
    private static final String SYNTHESIS = "synthesis";

    /** One of the analysis network's tensors, a small one: where it is, the others are. */
    private static final String ANALYSIS_MARK = ANALYSIS + ".head.bias";

    /** Reads tensors of the pack whose names it is told. */
    interface Pack {
        NamedTensors read(Predicate<String> wanted) throws IIOException;
    }

    /**
     * Loads what is needed at once. Networks are made when they are first used, the encoder's from weights that are read then.
     *
     * @param network makes a coefficient network from weights and a prefix
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    static TransformModel of(Pack pack, Kernels kernels, BiFunction<NamedTensors, String, CoefficientNet> network) throws IIOException {
        NamedTensors weights = pack.read(name -> !isOf(ANALYSIS, name) || name.equals(ANALYSIS_MARK));
        NamedTensors synthesis = weights.startingWith(SYNTHESIS);
        return new TransformModel(new IntegerPrior(weights, kernels), new RelativeSteps.Table(weights),
                new LazyNetwork(() -> network.apply(synthesis, SYNTHESIS)), weights.has(ANALYSIS_MARK)
                ? Optional.of(new LazyNetwork(() -> network.apply(analysis(pack), ANALYSIS))) : Optional.empty());
    }

    private static NamedTensors analysis(Pack pack) {
        try {
            return pack.read(name -> isOf(ANALYSIS, name));
        } catch (IIOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static boolean isOf(String network, String name) {
        return name.startsWith(network) && name.startsWith(".", network.length());
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
