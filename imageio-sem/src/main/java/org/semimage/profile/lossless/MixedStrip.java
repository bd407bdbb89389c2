// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.Decisions;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.container.Chunk;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;

/** Codes a strip of a lossless picture in one stream of mixed decisions (FORMAT.md, "Mixed strips"). */
final class MixedStrip {

    private static final int LEAST_BITS = 12;
    private static final int MOST_BITS = 18;

    /** What says what a strip's decisions are about. */
    @FunctionalInterface
    interface ModelFactory {
        StripModel of(PixelPlanes strip, Decisions decisions);
    }

    private MixedStrip() {
    }

    /** log2 of the places of each table of hashed contexts: half of the pixels, rounded up, within bounds. */
    static int placeBits(PixelPlanes strip) {
        int log = Long.SIZE - Long.numberOfLeadingZeros((long) strip.width() * strip.height() - 1);
        return Math.max(LEAST_BITS, Math.min(MOST_BITS, log - 1));
    }

    /**
     * The strip's stream.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    static byte[] encode(PixelPlanes strip, ModelFactory factory, Cancellation cancellation) {
        RansEncoder rans = new RansEncoder(1);
        StripModel model = factory.of(strip, Decisions.to(rans));
        for (int y = 0; y < strip.height(); y++) {
            cancellation.check();
            model.row(y);
        }
        return rans.finish();
    }

    /**
     * Decodes a strip.
     *
     * @param strip takes the samples
     * @param from  where the stream begins in the payload
     * @param to    where it ends
     * @throws IIOException if it ends too early or too late
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    static void decode(byte[] payload, int from, int to, PixelPlanes strip, ModelFactory factory, Cancellation cancellation)
            throws IIOException {
        RansDecoder rans = new RansDecoder(payload, from, to, 1);
        StripModel model = factory.of(strip, Decisions.from(rans));
        for (int y = 0; y < strip.height(); y++) {
            cancellation.check();
            model.row(y);
            if (rans.exhausted()) {
                throw Chunk.malformed(Chunk.LOSSLESS, to, "the strip that begins at byte " + from + " ends in row " + y);
            }
        }
        if (rans.position() != to) {
            throw Chunk.malformed(Chunk.LOSSLESS, rans.position(), "expected the strip's end, found "
                    + (to - rans.position()) + " more bytes");
        }
    }
}
