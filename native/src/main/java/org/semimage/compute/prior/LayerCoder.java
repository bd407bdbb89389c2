// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;

import java.util.List;

/**
 * The entropy coder of one layer of a picture: of the base layer, whose symbols have rows of scale tables, or of a refinement, whose
 * symbols have classes in their place. Safe for use by many threads.
 */
public final class LayerCoder {

    /** Ideal code length in bits of symbols. */
    interface Cost {
        double of(byte[] rows, int[] symbols);
    }

    private final Kernels kernels;
    private final ScaleTables tables;
    private final Cost cost;

    LayerCoder(Kernels kernels, ScaleTables tables, Cost cost) {
        this.kernels = kernels;
        this.tables = tables;
        this.cost = cost;
    }

    /** The ideal length of a stream in bits. */
    public double bits(List<SymbolStep> steps) {
        return steps.parallelStream().mapToDouble(step -> cost.of(step.rows(), step.symbols())).sum();
    }

    /** The tables that symbols are coded with. */
    public ScaleTables tables() {
        return tables;
    }

    /** Codes symbol steps into one stream; see {@link Kernels#encode}. */
    public byte[] encode(List<SymbolStep> steps, int lanes) {
        return kernels.encode(tables, steps, lanes);
    }

    /** Codes many streams; see {@link Kernels#encodeAll}. */
    public List<byte[]> encodeAll(List<Kernels.Stream> streams) {
        return kernels.encodeAll(tables, streams);
    }

    /** A decoder of bytes {@code from..to-1}, which the caller closes; see {@link Kernels#decoder}. */
    public SymbolDecoder decoder(byte[] bytes, int from, int to, int lanes) {
        return kernels.decoder(tables, bytes, from, to, lanes);
    }
}
