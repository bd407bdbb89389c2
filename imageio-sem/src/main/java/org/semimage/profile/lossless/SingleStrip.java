// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.Decisions;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.function.UnaryOperator;

/**
 * A strip by itself, for what makes test files: {@link LosslessProfile} chooses kinds by what is shortest, and shows nobody what it finds
 * on the way.
 */
public final class SingleStrip {

    private SingleStrip() {
    }

    /**
     * A strip in a kind that is asked for.
     *
     * @param kind     its number in the file (FORMAT.md, "Lossless payload")
     * @param pixels   the strip's samples; not changed
     * @param bandRows rows of a band, if the kind has bands
     * @return kind, length and body
     * @throws IllegalArgumentException if there is no such kind
     */
    public static byte[] encode(int kind, PixelPlanes pixels, int bandRows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LosslessStrip.encode(kind(kind), pixels, bandRows, Cancellation.NEVER).write(out);
        return out.toByteArray();
    }

    /**
     * Decodes a strip of a kind that has no bands, and lets somebody listen.
     *
     * @param kind   its number in the file
     * @param body   all of its bytes
     * @param pixels takes the samples
     * @param tap    may put itself between the strip and its decisions
     * @throws IllegalArgumentException if there is no such kind, or it has bands
     * @throws IIOException             if the body is malformed
     */
    public static void decode(int kind, byte[] body, PixelPlanes pixels, UnaryOperator<Decisions> tap) throws IIOException {
        MixedStrip.ModelFactory model = kind(kind).model();
        MixedStrip.decode(body, 0, body.length, pixels, (strip, decisions) -> model.of(strip, tap.apply(decisions)), Cancellation.NEVER);
    }

    /**
     * The symbols of a banded strip of one band, in coding order.
     *
     * @param body   all of its bytes
     * @param pixels the samples that it decodes to
     * @return of each symbol its plane in the order of coding, its context, and the folded residual
     * @throws IIOException if the parameters are malformed
     */
    public static int[][] symbols(byte[] body, PixelPlanes pixels) throws IIOException {
        int[] packed = BandedStrip.residuals(body, pixels).symbols();
        int[][] symbols = new int[packed.length][];
        for (int i = 0; i < packed.length; i++) {
            int table = packed[i] >>> 16;
            symbols[i] = new int[] {table / LosslessCodec.CONTEXT_PLACES, table % LosslessCodec.CONTEXT_PLACES, packed[i] & 0xFFFF};
        }
        return symbols;
    }

    private static LosslessStrip.Kind kind(int number) {
        if (number < 0 || number >= LosslessStrip.Kind.values().length) {
            throw new IllegalArgumentException("a strip of kind " + number);
        }
        return LosslessStrip.Kind.values()[number];
    }
}
