// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.generative;

import org.semimage.compute.diffusion.Sampler;
import org.semimage.container.Chunk;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.Varints;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * The payload of the generative profile (FORMAT.md, "Generative payload"), parsed down to the latents.
 *
 * @param palette   whether latents are coded by palette
 * @param reduction the latents are those of the picture at one over 2^reduction of its size, 0..{@value #MAX_REDUCTION}
 * @param diffusion what turns latents as they are decoded into clean ones; empty if they are decoded as they are
 * @param caption   a coded text, see {@link org.semimage.text.TextCodec}; empty if there is none
 * @param bytes     holds the coded latents, from {@code latents} to the end
 */
record GenerativePayload(boolean palette, int reduction, Optional<Diffusion> diffusion, Optional<byte[]> caption,
        byte[] bytes, int latents) {

    static final int MAX_REDUCTION = 2;

    private static final int PALETTE = 1;
    private static final int DIFFUSION = 8;
    private static final int CAPTION = 16;
    private static final int RESERVED = 0xE0;
    private static final int REDUCTION_SHIFT = 1;

    /**
     * Diffusion steps.
     *
     * @param steps    1..{@link GenerativeOptions#MAX_STEPS}
     * @param guidance in eighths, 0..255
     * @param start    the timestep to begin at, in sixteenths, 0..65535
     * @param fresh    how much of the variance of the noise there is drawn, not the latents' own error, in 255ths
     * @param seed     of what is drawn
     */
    record Diffusion(int steps, Sampler.Method method, int guidance, int start, int fresh, int seed) {
    }

    static GenerativePayload of(boolean palette, int reduction, Optional<Diffusion> diffusion, Optional<byte[]> caption, byte[] latents) {
        return new GenerativePayload(palette, reduction, diffusion, caption, latents, 0);
    }

    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((palette ? PALETTE : 0) | reduction << REDUCTION_SHIFT | (diffusion.isPresent() ? DIFFUSION : 0)
                | (caption.isPresent() ? CAPTION : 0));
        diffusion.ifPresent(d -> {
            out.write(d.steps);
            out.write(d.method.ordinal());
            out.write(d.guidance);
            out.write(d.start);
            out.write(d.start >> 8);
            out.write(d.fresh);
            for (int shift = 0; shift < Integer.SIZE; shift += 8) {
                out.write(d.seed >>> shift);
            }
        });
        caption.ifPresent(text -> {
            Varints.write(out, text.length);
            out.writeBytes(text);
        });
        out.write(bytes, latents, bytes.length - latents);
        return out.toByteArray();
    }

    /**
     * Reads a payload up to its latents.
     *
     * @throws IIOException if the bytes before the latents are malformed
     */
    static GenerativePayload parse(byte[] bytes) throws IIOException {
        Varints.Reader in = new Varints.Reader(Chunk.GENERATIVE, bytes);
        int flags = in.u8("flags");
        int reduction = flags >> REDUCTION_SHIFT & 3;
        if ((flags & RESERVED) != 0 || reduction > MAX_REDUCTION) {
            throw in.failure("flags " + flags + " have reserved bits, or a reduction of 3");
        }
        Optional<Diffusion> diffusion = (flags & DIFFUSION) != 0 ? Optional.of(diffusion(in)) : Optional.empty();
        Optional<byte[]> caption = Optional.empty();
        if ((flags & CAPTION) != 0) {
            int length = in.varint("length of the caption");
            if (length > in.remaining()) {
                throw in.failure("a caption of " + length + " bytes, of which " + in.remaining() + " are there");
            }
            caption = Optional.of(Arrays.copyOfRange(bytes, in.position(), in.position() + length));
            in.skip(length);
        }
        return new GenerativePayload((flags & PALETTE) != 0, reduction, diffusion, caption, bytes, in.position());
    }

    private static Diffusion diffusion(Varints.Reader in) throws IIOException {
        int steps = in.u8("diffusion steps");
        int method = in.u8("diffusion method");
        if (steps < 1 || steps > GenerativeOptions.MAX_STEPS || method >= Sampler.Method.values().length) {
            throw in.failure(steps + " diffusion steps of method " + method + "; 1.." + GenerativeOptions.MAX_STEPS + " of 0.."
                    + (Sampler.Method.values().length - 1) + " are possible");
        }
        int guidance = in.u8("guidance");
        int start = in.u8("timestep") | in.u8("timestep") << 8;
        int fresh = in.u8("share of drawn noise");
        int seed = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            seed |= in.u8("seed") << shift;
        }
        return new Diffusion(steps, Sampler.Method.values()[method], guidance, start, fresh, seed);
    }
}
