// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.entropy.Decisions;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.SemFile;
import org.semimage.latent.LatentBasis;
import org.semimage.latent.LatentCodec;
import org.semimage.latent.PaletteCodec;
import org.semimage.model.Models;

import javax.imageio.IIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.UnaryOperator;

/**
 * The latents of a picture of the generative profile whose pack need not be there. Its digest is no pack's: the first byte is the number
 * of channels, the second one the stride, and the others are 0.
 *
 * @param channels of the latents
 * @param stride   samples to a latent, in each direction
 */
record Latents(int channels, int stride) {

    private static final int PALETTE = 1;
    private static final int DIFFUSION = 8;
    private static final int CAPTION = 16;
    private static final int DIFFUSION_BYTES = 10;
    private static final int BY_DIGEST = 255;
    private static final int LEVELS = 5;

    /** The latents that a header tells of; null if it names a pack in earnest. */
    static Latents of(ModelRef model) {
        long digest = model.digest();
        int channels = (int) (digest >>> 56);
        int stride = (int) (digest >>> 48) & 0xFF;
        return model.number() != BY_DIGEST || digest << 16 != 0 || channels == 0 || stride == 0 ? null : new Latents(channels, stride);
    }

    /**
     * What is due of a decoder.
     *
     * @throws IIOException if the payload is malformed
     */
    Due.Latents due(SemFile file) throws IIOException {
        return new Due.Latents(channels, stride, Digests.of(bytes(values(file, UnaryOperator.identity()))));
    }

    /**
     * The integers that latents are multiples of, in coding order.
     *
     * @param tap may put itself between the latents and their decisions
     */
    int[] values(SemFile file, UnaryOperator<Decisions> tap) throws IIOException {
        byte[] payload = file.chunk(Chunk.GENERATIVE).orElseThrow().payload();
        int flags = payload[0];
        int reduction = flags >> 1 & 3;
        int from = 1 + ((flags & DIFFUSION) != 0 ? DIFFUSION_BYTES : 0);
        if ((flags & CAPTION) != 0) {
            from += 1 + payload[from]; // texts of the vectors are shorter than 128 bytes
        }
        int height = (file.header().height() - 1 >> reduction) / stride + 1;
        int width = (file.header().width() - 1 >> reduction) / stride + 1;
        return (flags & PALETTE) != 0 ? entries(payload, from, height, width, tap)
                : inBands(LatentCodec.values(payload, from, channels, height, width,
                        number -> LatentBasis.of(number, Models.latentBasis(number)), tap), height, width);
    }

    /** The numbers of palettes' entries, by channel. */
    private int[] entries(byte[] payload, int from, int height, int width, UnaryOperator<Decisions> tap) throws IIOException {
        Planes latents = PaletteCodec.decode(payload, from, channels, height, width, tap);
        double unit = Math.pow(2, payload[from + 2] / 8.0) / 127;
        int[] entries = new int[latents.data().length];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = (int) Math.round(latents.data()[i] / unit);
        }
        return entries;
    }

    /** Quantized values from the usual layout of wavelets to the order of coding. */
    private static int[] inBands(int[][] values, int height, int width) {
        int levels = 0;
        while (levels < LEVELS && Math.min(height, width) >> levels + 1 >= 4) {
            levels++;
        }
        int[] ordered = new int[values.length * height * width];
        int at = band(values, width, 0, 0, half(height, levels), half(width, levels), ordered, 0);
        for (int level = levels; level > 0; level--) {
            int bottom = half(height, level);
            int right = half(width, level);
            int lowest = half(height, level - 1);
            int rightmost = half(width, level - 1);
            at = band(values, width, 0, right, bottom, rightmost, ordered, at);
            at = band(values, width, bottom, 0, lowest, right, ordered, at);
            at = band(values, width, bottom, right, lowest, rightmost, ordered, at);
        }
        return ordered;
    }

    private static int half(int side, int levels) {
        return (side - 1 >> levels) + 1;
    }

    private static int band(int[][] values, int stride, int top, int left, int bottom, int right, int[] to, int from) {
        int at = from;
        for (int[] plane : values) {
            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    to[at++] = plane[y * stride + x];
                }
            }
        }
        return at;
    }

    private static byte[] bytes(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }
}
