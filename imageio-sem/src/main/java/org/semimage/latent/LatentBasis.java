// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.container.Chunk;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * The axes along which the channels of latents are quantized, and the magnitudes to expect there (FORMAT.md, "Basis"). Latents are
 * {@code mean + synthesis * components}, at each place.
 *
 * @param number     what a payload calls it: {@link #OWN}, {@link #MEASURED}, or an embedded basis
 * @param synthesis  {@code [channel][component]}, invertible
 * @param mean       {@code [channel]}
 * @param spectrum   {@code [component][level]}, magnitudes in sixteenths of an octave, level 0 the low band
 */
public record LatentBasis(int number, float[][] synthesis, float[] mean, byte[][] spectrum) {

    /** The channels themselves; the payload has their magnitudes. */
    static final int OWN = 0;

    /** Axes that were measured for the picture; the payload has them and their magnitudes. */
    static final int MEASURED = 1;

    /** Bytes that axes must not exceed to be worth sending. */
    private static final int MOST_AXES = 2048;

    private static final int UNIT = 127;
    private static final int EIGHTHS = 8;

    /**
     * Checks that axes, means and spectra are equally many; arrays are not copied.
     *
     * @throws IllegalArgumentException if axes, means and spectra are not equally many
     */
    public LatentBasis {
        Objects.requireNonNull(spectrum, "spectrum");
        if (synthesis.length != mean.length || synthesis.length != spectrum.length) {
            throw new IllegalArgumentException(synthesis.length + " channels, " + mean.length + " means, " + spectrum.length + " spectra");
        }
    }

    /** Channels of the latents, and axes. */
    int channels() {
        return mean.length;
    }

    /**
     * A basis of a model pack.
     *
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public static LatentBasis of(int number, NamedTensors tensors) {
        float[] mean = tensors.floats("mean", -1);
        int channels = mean.length;
        float[] all = tensors.floats("synthesis", channels, channels);
        byte[] magnitudes = tensors.bytes("spectrum", channels, SymbolModel.LEVELS);
        float[][] synthesis = new float[channels][channels];
        byte[][] spectrum = new byte[channels][SymbolModel.LEVELS];
        for (int c = 0; c < channels; c++) {
            System.arraycopy(all, c * channels, synthesis[c], 0, channels);
            System.arraycopy(magnitudes, c * SymbolModel.LEVELS, spectrum[c], 0, SymbolModel.LEVELS);
        }
        return new LatentBasis(number, synthesis, mean, spectrum);
    }

    boolean isEmbedded() {
        return number > MEASURED;
    }

    /** The channels themselves. */
    public static LatentBasis own(int channels) {
        return new LatentBasis(OWN, Matrices.diagonal(channels, 1), new float[channels], new byte[channels][SymbolModel.LEVELS]);
    }

    /**
     * Axes along which equal errors of latents make equal errors of the picture, sorted by how much the latents vary along them; the
     * channels themselves, if axes would take too many bytes. With M what a decoder makes of errors (see {@link Sensitivity}) and C the
     * latents' covariance, they are the columns of M^-1/2 U, U the eigenvectors of M^1/2 C M^1/2, in the precision in which they are
     * sent.
     *
     * @param sensitivity {@code [channel][channel]}, symmetric, positive
     */
    public static LatentBasis measured(Planes latents, double[][] sensitivity) {
        return measured(Matrices.covariance(latents.data(), latents.channels(), latents.height() * latents.width()), sensitivity);
    }

    private static LatentBasis measured(double[][] covariance, double[][] sensitivity) {
        int channels = covariance.length;
        if (bytes(MEASURED, channels) > MOST_AXES) {
            return own(channels);
        }
        float[][] exact = axes(covariance, sensitivity);
        float[][] sent = new float[channels][channels];
        for (int k = 0; k < channels; k++) {
            int scale = scaleOf(exact, k);
            for (int c = 0; c < channels; c++) {
                sent[c][k] = entry(Math.round(exact[c][k] * UNIT / scale(scale)), scale);
            }
        }
        return Matrices.inverse(sent).isEmpty() ? own(channels)
                : new LatentBasis(MEASURED, sent, new float[channels], new byte[channels][SymbolModel.LEVELS]);
    }

    /**
     * The axes of {@link #measured}, exactly.
     *
     * @param covariance of the latents, {@code [channel][channel]}
     */
    static float[][] axes(double[][] covariance, double[][] sensitivity) {
        int channels = covariance.length;
        double[][] root = Matrices.power(sensitivity, 0.5);
        double[][] inverseRoot = Matrices.power(sensitivity, -0.5);
        double[][] vectors = Matrices.eigenvectors(Matrices.product(Matrices.product(root, covariance), root));
        double[][] axes = Matrices.product(inverseRoot, vectors);
        float[][] rounded = new float[channels][channels];
        for (int c = 0; c < channels; c++) {
            for (int k = 0; k < channels; k++) {
                rounded[c][k] = (float) axes[c][k];
            }
        }
        return rounded;
    }

    private static int scaleOf(float[][] matrix, int column) {
        float largest = 0;
        for (float[] row : matrix) {
            largest = Math.max(largest, Math.abs(row[column]));
        }
        return (int) Math.max(Byte.MIN_VALUE,
                Math.min(Byte.MAX_VALUE, Math.ceil(EIGHTHS * Math.log(Math.max(largest, 1e-6)) / Math.log(2))));
    }

    private static float scale(int eighths) {
        return (float) Math.pow(2, eighths / (double) EIGHTHS);
    }

    private static float entry(int number, int scale) {
        return number * scale(scale) / UNIT;
    }

    /** Magnitudes of all levels from that of level 1, and what each level adds. */
    static byte[] extended(int fine, int slope) {
        byte[] levels = new byte[SymbolModel.LEVELS];
        for (int level = 0; level < levels.length; level++) {
            int octaves = level == 0 ? SymbolModel.LEVELS - 1 : level - 1;
            levels[level] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, fine + slope * octaves));
        }
        return levels;
    }

    /** Bytes that a basis that is not embedded takes, its number aside. */
    static int bytes(int number, int channels) {
        return channels * (2 + (number == MEASURED ? 1 + channels : 0));
    }

    /** The scale with which an axis was rounded: near that of its largest entry, and such that its entries come out as they are. */
    private int scaleSent(int k) {
        int near = scaleOf(synthesis, k);
        for (int scale = Math.max(Byte.MIN_VALUE, near - 1); scale <= near + 1; scale++) {
            int tried = scale;
            if (Arrays.stream(synthesis).allMatch(row -> entry(Math.round(row[k] * UNIT / scale(tried)), tried) == row[k])) {
                return scale;
            }
        }
        return near;
    }

    /** Writes what a decoder does not have: nothing of an embedded basis. */
    void write(ByteArrayOutputStream out) {
        for (int k = 0; k < channels() && number == MEASURED; k++) {
            int scale = scaleSent(k);
            out.write(scale);
            for (float[] row : synthesis) {
                out.write(Math.round(row[k] * UNIT / scale(scale)));
            }
        }
        for (int k = 0; k < channels() && !isEmbedded(); k++) {
            out.write(spectrum[k][1]);
            out.write(spectrum[k][2] - spectrum[k][1]);
        }
    }

    /**
     * Reads what a payload says of its axes.
     *
     * @throws IIOException if the payload ends early
     */
    static LatentBasis read(byte[] payload, int from, int number, int channels) throws IIOException {
        if (payload.length - from < bytes(number, channels)) {
            throw Chunk.malformed(Chunk.GENERATIVE, from, "expected a basis of " + bytes(number, channels) + " bytes, found "
                    + (payload.length - from));
        }
        float[][] synthesis = Matrices.diagonal(channels, 1);
        int at = from;
        for (int k = 0; k < channels && number == MEASURED; k++) {
            int scale = payload[at++];
            for (int c = 0; c < channels; c++) {
                synthesis[c][k] = entry(payload[at++], scale);
            }
        }
        byte[][] spectrum = new byte[channels][];
        for (int k = 0; k < channels; k++) {
            spectrum[k] = extended(payload[at], payload[at + 1]);
            at += 2;
        }
        return new LatentBasis(number, synthesis, new float[channels], spectrum);
    }

    /** Components of latents: {@code [component][place]}. */
    float[][] analyse(Planes latents) {
        int area = latents.height() * latents.width();
        float[][] inverse = Matrices.inverse(synthesis)
                .orElseThrow(() -> new IllegalArgumentException("the basis of the latents is singular"));
        float[][] components = new float[channels()][area];
        for (int c = 0; c < channels(); c++) {
            for (int k = 0; k < channels(); k++) {
                float factor = inverse[c][k];
                float offset = mean[k];
                for (int i = 0; factor != 0 && i < area; i++) {
                    components[c][i] += factor * (latents.data()[k * area + i] - offset);
                }
            }
        }
        return components;
    }

    /** Latents of components. */
    Planes synthesise(float[][] components, int height, int width) {
        Planes latents = Planes.of(channels(), height, width);
        int area = height * width;
        for (int k = 0; k < channels(); k++) {
            for (int i = 0; i < area; i++) {
                latents.data()[k * area + i] = mean[k];
            }
            for (int c = 0; c < channels(); c++) {
                float factor = synthesis[k][c];
                for (int i = 0; factor != 0 && i < area; i++) {
                    latents.data()[k * area + i] += factor * components[c][i];
                }
            }
        }
        return latents;
    }
}
