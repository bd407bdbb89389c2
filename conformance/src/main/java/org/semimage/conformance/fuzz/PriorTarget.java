// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.Source;
import org.semimage.compute.tensor.Safetensors;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.model.Models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** The integer prior with the weights of an embedded pack: C++ decodes and refines as Java does, whatever the bytes. */
final class PriorTarget {

    private static final String WEIGHTS = "/org/semimage/packs/transform-1/transform.safetensors";
    private static final int QUALITY_INDICES = 256 - IntegerPrior.QUALITY_INDEX_PER_LAYER;

    private static final IntegerPrior JAVA = prior("java");
    private static final IntegerPrior CPP = Backends.isAvailable("native") ? prior("native") : JAVA;

    private PriorTarget() {
    }

    private static IntegerPrior prior(String backend) {
        try (InputStream in = Models.class.getResourceAsStream(WEIGHTS)) {
            return new IntegerPrior(Safetensors.read("weights", in, name -> name.startsWith("prior.") || name.startsWith("refine.")),
                    backend.equals("java") ? new JavaKernels() : Backends.of(backend));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void feed(FuzzInput in) {
        int kind = in.u8();
        int qualityIndex = in.below(QUALITY_INDICES);
        int lanes = 1 << in.below(6);
        BatchItem item = BatchItem.whole(Pyramid.MULTIPLE, Pyramid.MULTIPLE * (1 + (kind & 1)), (kind & 2) != 0, (kind & 4) != 0,
                qualityIndex);
        byte[] base = in.take(kind * 4);
        byte[] layer = in.rest();
        Pyramid decoded = decode(JAVA, item, base, lanes);
        Pyramid other = decode(CPP, item, base, lanes);
        Found.unless(Arrays.deepEquals(decoded.low(), other.low()) && Arrays.deepEquals(decoded.detail(), other.detail()),
                "C++ decodes other coefficients");
        Cells refined = refine(JAVA, item, decoded, layer, lanes);
        Cells otherwise = refine(CPP, item, decoded, layer, lanes);
        Found.unless(Arrays.deepEquals(refined.low(), otherwise.low()) && Arrays.deepEquals(refined.detail(), otherwise.detail()),
                "C++ refines to other cells");
    }

    private static Pyramid decode(IntegerPrior prior, BatchItem item, byte[] stream, int lanes) {
        try (SymbolDecoder symbols = prior.coder(0).decoder(stream, 0, stream.length, lanes)) {
            return prior.decode(List.of(Source.of(item, symbols)), Cancellation.NEVER).get(0).coefficients();
        }
    }

    private static Cells refine(IntegerPrior prior, BatchItem item, Pyramid base, byte[] stream, int lanes) {
        BatchItem next = BatchItem.whole(item.height(), item.width(), item.gray(), item.fineColour(),
                item.qualityIndex() + IntegerPrior.QUALITY_INDEX_PER_LAYER);
        try (SymbolDecoder symbols = prior.coder(1).decoder(stream, 0, stream.length, lanes)) {
            Refinement<Source> refinement = new Refinement<>(Source.of(next, symbols), Cells.of(base));
            return prior.decodeRefinement(List.of(refinement), Cancellation.NEVER).get(0).coefficients();
        }
    }
}
