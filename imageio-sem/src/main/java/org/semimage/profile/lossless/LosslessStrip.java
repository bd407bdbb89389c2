// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.container.Chunk;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A coded strip.
 *
 * @param kind    how it is coded
 * @param payload the bytes that hold it; not copied
 * @param from    where it begins in them, behind its kind and length
 * @param to      where it ends
 */
record LosslessStrip(Kind kind, byte[] payload, int from, int to) {

    /** Kind and length. */
    private static final int HEAD = 5;

    /** How a strip is coded; numbers as in the file. */
    enum Kind {
        BANDED, REPEATED, BLENDED;

        /**
         * What says what the decisions of a strip of this kind are about.
         *
         * @throws IllegalArgumentException if it is banded, and has none
         */
        MixedStrip.ModelFactory model() {
            return switch (this) {
                case BANDED -> throw new IllegalArgumentException("a banded strip has no decisions");
                case REPEATED -> RepeatModel::new;
                case BLENDED -> BlendModel::new;
            };
        }
    }

    /**
     * Codes a strip in the kind that takes the fewest bytes.
     *
     * @param bandRows rows of a band, if there are any
     * @param slow     whether the slow kind for photographs is tried too
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    static LosslessStrip encode(PixelPlanes pixels, int bandRows, boolean slow, Cancellation cancellation) {
        LosslessStrip best = encode(Kind.BANDED, pixels, bandRows, cancellation);
        if (EqualNeighbours.abound(pixels)) {
            best = best.orShorter(encode(Kind.REPEATED, pixels, bandRows, cancellation));
        }
        return slow ? best.orShorter(encode(Kind.BLENDED, pixels, bandRows, cancellation)) : best;
    }

    /** Codes a strip in one kind; see {@link #encode(PixelPlanes, int, boolean, Cancellation)}. */
    static LosslessStrip encode(Kind kind, PixelPlanes pixels, int bandRows, Cancellation cancellation) {
        byte[] bytes = kind == Kind.BANDED ? BandedStrip.encode(pixels, bandRows, cancellation)
                : MixedStrip.encode(pixels, kind.model(), cancellation);
        return new LosslessStrip(kind, bytes, 0, bytes.length);
    }

    private LosslessStrip orShorter(LosslessStrip other) {
        return other.size() < size() ? other : this;
    }

    /** Bytes of the body. */
    int size() {
        return to - from;
    }

    void write(ByteArrayOutputStream out) {
        out.write(kind.ordinal());
        BandedStrip.writeLength(out, size());
        out.write(payload, from, size());
    }

    /**
     * Finds a picture's strips.
     *
     * @param payload of the picture
     * @param count   strips that it must have
     * @throws IIOException if there are fewer or more, or one is of an unknown kind or of an impossible length
     */
    static List<LosslessStrip> parse(byte[] payload, int count) throws IIOException {
        List<LosslessStrip> strips = new ArrayList<>();
        int at = StripLayout.BYTES;
        for (int s = 0; s < count; s++) {
            if (payload.length - at < HEAD) {
                throw Chunk.malformed(Chunk.LOSSLESS, at, "expected kind and length of strip " + s + " of " + count + ", found "
                        + (payload.length - at) + " bytes");
            }
            int kind = payload[at] & 0xFF;
            if (kind >= Kind.values().length) {
                throw Chunk.malformed(Chunk.LOSSLESS, at, "expected a strip's kind of 0.." + (Kind.values().length - 1) + ", found "
                        + kind);
            }
            long length = BandedStrip.readLength(payload, at + 1);
            int from = at + HEAD;
            if (length > payload.length - from) {
                throw Chunk.malformed(Chunk.LOSSLESS, at + 1, "a strip of " + length + " bytes, at most " + (payload.length - from)
                        + " expected");
            }
            at = from + (int) length;
            strips.add(new LosslessStrip(Kind.values()[kind], payload, from, at));
        }
        if (at != payload.length) {
            throw Chunk.malformed(Chunk.LOSSLESS, at, "expected the end, found " + (payload.length - at) + " more bytes");
        }
        return strips;
    }

    /**
     * Decodes the strip, or of a banded one the bands that hold some rows.
     *
     * @param pixels   takes the samples
     * @param firstRow the first row that is wanted
     * @param lastRow  the last one
     * @throws IIOException if a stream ends too early or too late, or a table is impossible
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    void decode(PixelPlanes pixels, int bandRows, int firstRow, int lastRow, Cancellation cancellation) throws IIOException {
        if (kind == Kind.BANDED) {
            BandedStrip.decode(payload, from, to, pixels, bandRows, firstRow, lastRow, cancellation);
        } else {
            MixedStrip.decode(payload, from, to, pixels, kind.model(), cancellation);
        }
    }
}
