// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;

import java.util.function.Function;
import java.util.function.Supplier;

/** What networks on libtorch share: weights in native memory until closed, and calls that leave none behind. */
abstract class TorchNetwork<L> implements AutoCloseable {

    final L layers;
    final Placement placement;
    private final PointerScope scope;

    /**
     * @param weights read once
     * @param build   makes the layers, asking for each weight
     * @throws IllegalStateException if libtorch is not there
     */
    TorchNetwork(Weights weights, Placement placement, Function<Weights, L> build) {
        Torch.require();
        this.placement = placement;
        try (PointerScope weightsScope = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            layers = build.apply(weights);
            scope = weightsScope.extend();
        }
    }

    /** Runs a call of the network; what it allocates is freed at its end. */
    static <T> T call(Supplier<T> f) {
        try (PointerScope call = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            return f.get();
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
