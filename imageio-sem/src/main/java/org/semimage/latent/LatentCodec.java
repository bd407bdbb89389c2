// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.entropy.Decisions;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.container.Chunk;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.function.UnaryOperator;

/**
 * Codes latents by transform: a change of basis across channels, a wavelet across places, one quantizer step, and decisions that
 * {@link SymbolModel} estimates (FORMAT.md, "Latents"). Everything between bytes and quantized values is integer arithmetic.
 */
public final class LatentCodec {

    /** The finest quantizer step's index; the coarsest is 0. */
    static final int MAX_QUALITY_INDEX = 255;

    private static final int SIXTEENTHS = 16;

    /** The error that a bit must avoid, in squares of the step. At high rates a bit avoids 0.1155. */
    private static final double LAMBDA = 0.14;

    /** A band where nothing exceeds this many steps is empty. */
    private static final float SURELY_ZERO = 0.6f;

    private final LatentBasis basis;
    private final int height;
    private final int width;
    private final float[][] coefficients;

    /**
     * Prepares latents for coding.
     *
     * @param axes an embedded basis that fits these latents, or one that was made for them
     * @throws IllegalArgumentException if a latent is not finite
     */
    public LatentCodec(Planes latents, LatentBasis axes) {
        if (!Matrices.isFinite(latents.data())) {
            throw new IllegalArgumentException("the autoencoder gave latents that are not finite");
        }
        height = latents.height();
        width = latents.width();
        coefficients = axes.analyse(latents);
        int levels = SymbolModel.levels(height, width);
        for (float[] plane : coefficients) {
            SpatialWavelet.analyse(plane, height, width, levels);
        }
        basis = axes.isEmbedded() ? axes : new LatentBasis(axes.number(), axes.synthesis(), axes.mean(), measured());
    }

    /** Mean magnitudes of each component's finest two levels, extended to the others. */
    private byte[][] measured() {
        byte[][] spectrum = new byte[coefficients.length][];
        for (int c = 0; c < coefficients.length; c++) {
            int fine = magnitude(coefficients[c], 1);
            int slope = SymbolModel.levels(height, width) < 2 ? 0 : magnitude(coefficients[c], 2) - fine;
            spectrum[c] = LatentBasis.extended(fine, Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, slope)));
        }
        return spectrum;
    }

    private int magnitude(float[] plane, int level) {
        return magnitudeClass(detailSum(plane, height, width, level) / Math.max(1, detailCount(height, width, level)));
    }

    /** A mean magnitude in sixteenths of an octave, as {@link SymbolModel} wants it. */
    static int magnitudeClass(double mean) {
        return (int) Math.max(Byte.MIN_VALUE,
                Math.min(Byte.MAX_VALUE, Math.round(SIXTEENTHS * Math.log(1.2 * mean + 1e-9) / Math.log(2)) - 48));
    }

    /** How many coefficients a level's three detail bands have. */
    static long detailCount(int height, int width, int level) {
        return (long) SpatialWavelet.half(width, level - 1) * SpatialWavelet.half(height, level - 1)
                - (long) SpatialWavelet.half(width, level) * SpatialWavelet.half(height, level);
    }

    /** The sum of their magnitudes. */
    static double detailSum(float[] plane, int height, int width, int level) {
        int right = SpatialWavelet.half(width, level - 1);
        int bottom = SpatialWavelet.half(height, level - 1);
        int innerRight = SpatialWavelet.half(width, level);
        int innerBottom = SpatialWavelet.half(height, level);
        double sum = 0;
        for (int y = 0; y < bottom; y++) {
            for (int x = y < innerBottom ? innerRight : 0; x < right; x++) {
                sum += Math.abs(plane[y * width + x]);
            }
        }
        return sum;
    }

    /** The quantizer step of an index. */
    static float step(int qualityIndex) {
        return (float) Math.pow(2, 3 - qualityIndex / (double) SIXTEENTHS);
    }

    /**
     * The coded latents.
     *
     * @param qualityIndex 0..{@link #MAX_QUALITY_INDEX}, sixteen to the octave of the quantizer step
     */
    public byte[] encode(int qualityIndex) {
        SymbolModel chosen = new SymbolModel(height, width, basis.spectrum(), qualityIndex);
        chosen.code(new Choice(chosen, step(qualityIndex)), (chance, outcome) -> outcome);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(qualityIndex);
        out.write(basis.number());
        basis.write(out);
        RansEncoder rans = new RansEncoder(1);
        new SymbolModel(height, width, basis.spectrum(), qualityIndex).code(new Chosen(chosen.symbols()), Decisions.to(rans));
        out.writeBytes(rans.finish());
        return out.toByteArray();
    }

    /**
     * Decodes latents.
     *
     * @param payload  any bytes
     * @param from     where the latents begin in them; they go to the end
     * @param embedded gives an embedded basis of a number
     * @throws IIOException if the bytes are malformed
     */
    public static Planes decode(byte[] payload, int from, int channels, int height, int width, Bases embedded) throws IIOException {
        Quantized quantized = quantized(payload, from, channels, height, width, embedded, UnaryOperator.identity());
        float step = step(payload[from] & 0xFF);
        int levels = SymbolModel.levels(height, width);
        float[][] components = new float[channels][height * width];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < components[c].length; i++) {
                components[c][i] = quantized.values[c][i] * step;
            }
            SpatialWavelet.synthesise(components[c], height, width, levels);
        }
        return quantized.basis.synthesise(components, height, width);
    }

    /**
     * Quantized coefficients.
     *
     * @param basis  whose components they are of
     * @param values {@code [component][row * width + column]}, each level's low band the upper left part of the level before
     */
    private record Quantized(LatentBasis basis, int[][] values) {
    }

    /**
     * The quantized coefficients of latents, by component, each level's low band the upper left part of the level before.
     *
     * @param payload  any bytes
     * @param from     where the latents begin in them; they go to the end
     * @param embedded gives an embedded basis of a number
     * @param tap      may put itself between the latents and their decisions
     * @throws IIOException if the bytes are malformed
     */
    public static int[][] values(byte[] payload, int from, int channels, int height, int width, Bases embedded,
                                 UnaryOperator<Decisions> tap) throws IIOException {
        return quantized(payload, from, channels, height, width, embedded, tap).values;
    }

    private static Quantized quantized(byte[] payload, int from, int channels, int height, int width, Bases embedded,
                                       UnaryOperator<Decisions> tap) throws IIOException {
        if (payload.length - from < 2) {
            throw Chunk.malformed(Chunk.GENERATIVE, payload.length, "expected the latents' quality and basis, found the end");
        }
        int qualityIndex = payload[from] & 0xFF;
        int number = payload[from + 1] & 0xFF;
        LatentBasis basis;
        int at = from + 2;
        if (number > LatentBasis.MEASURED) {
            basis = embedded.get(number);
            if (basis.channels() != channels) {
                throw Chunk.malformed(Chunk.GENERATIVE, from + 1, "basis " + number + " has " + basis.channels()
                        + " channels, the model pack has " + channels);
            }
        } else {
            basis = LatentBasis.read(payload, at, number, channels);
            at += LatentBasis.bytes(number, channels);
        }
        SymbolModel model = new SymbolModel(height, width, basis.spectrum(), qualityIndex);
        RansDecoder rans = new RansDecoder(payload, at, payload.length, 1);
        model.code(SymbolModel.Symbols.NONE, tap.apply(Decisions.from(rans)));
        requireEnd(rans, payload);
        return new Quantized(basis, model.values());
    }

    /**
     * Checks that a stream ends where its payload does.
     *
     * @throws IIOException if a stream ends before its payload does, or after it
     */
    static void requireEnd(RansDecoder rans, byte[] payload) throws IIOException {
        if (rans.exhausted()) {
            throw Chunk.malformed(Chunk.GENERATIVE, payload.length, "the latents end early");
        }
        if (rans.position() != payload.length) {
            throw Chunk.malformed(Chunk.GENERATIVE, rans.position(),
                    "the latents end before the payload of " + payload.length + " bytes does");
        }
    }

    /** Embedded bases by number. */
    @FunctionalInterface
    public interface Bases {
        /**
         * An embedded basis.
         *
         * @throws IIOException if there is none of this number, or it cannot be loaded
         */
        LatentBasis get(int number) throws IIOException;
    }

    /** Chooses symbols by cost and error, in the first of two passes. */
    private final class Choice implements SymbolModel.Symbols {

        private final SymbolModel model;
        private final float step;

        Choice(SymbolModel model, float step) {
            this.model = model;
            this.step = step;
        }

        @Override
        public boolean isEmpty(int component, SymbolModel.Band band) {
            return allWithin(band, width, at -> Math.abs(coefficients[component][at]) <= SURELY_ZERO * step);
        }

        @Override
        public int symbol(int component, int at, int prediction) {
            double exact = coefficients[component][at] / step;
            int nearest = (int) Math.max(-1 << 20, Math.min(1 << 20, Math.round(exact)));
            if (prediction != 0 || nearest == 0) {
                return nearest - prediction;
            }
            int most = Math.abs(nearest);
            int best = 0;
            double least = Double.MAX_VALUE;
            for (int magnitude = most; magnitude >= Math.max(0, most - 2); magnitude--) {
                double error = Math.abs(exact) - magnitude;
                double price = error * error + LAMBDA * model.cost(magnitude);
                if (price < least) {
                    least = price;
                    best = magnitude;
                }
            }
            return nearest < 0 ? -best : best;
        }
    }

    /** Says what was chosen. */
    private final class Chosen implements SymbolModel.Symbols {

        private final int[][] symbols;

        Chosen(int[][] symbols) {
            this.symbols = symbols;
        }

        @Override
        public boolean isEmpty(int component, SymbolModel.Band band) {
            return allWithin(band, width, at -> symbols[component][at] == 0);
        }

        @Override
        public int symbol(int component, int at, int prediction) {
            return symbols[component][at];
        }
    }

    private interface Place {
        boolean test(int at);
    }

    private static boolean allWithin(SymbolModel.Band band, int stride, Place place) {
        for (int y = band.top(); y < band.top() + band.height(); y++) {
            for (int x = band.left(); x < band.left() + band.width(); x++) {
                if (!place.test(y * stride + x)) {
                    return false;
                }
            }
        }
        return true;
    }
}
