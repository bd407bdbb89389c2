// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Codes an 8-bit plane exactly (FORMAT.md, "Alpha chunk"): prediction from three neighbours, and the residual as binary
 * decisions whose probabilities adapt within contexts of the neighbours' residuals.
 */
public final class AlphaCodec {

    private static final int CONSTANT = 0;
    private static final int PREDICTED = 1;
    private static final int MAX = 0xFF;

    /** Each rANS stream holds as many whole rows as fit into so many samples, at least one. */
    private static final int STREAM_SAMPLES = 1 << 20;

    private AlphaCodec() {
    }

    /**
     * @param plane row-major samples 0..255
     * @return the chunk's payload
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public static byte[] encode(short[] plane, int width, int height, Cancellation cancellation) {
        if (isConstant(plane)) {
            return new byte[] {CONSTANT, (byte) plane[0]};
        }
        Contexts contexts = new Contexts(width);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(PREDICTED);
        int rowsPerStream = rowsPerStream(width);
        for (int top = 0; top < height; top += rowsPerStream) {
            RansEncoder rans = new RansEncoder(1);
            for (int y = top; y < Math.min(height, top + rowsPerStream); y++) {
                cancellation.check();
                for (int x = 0; x < width; x++) {
                    int i = y * width + x;
                    int residual = plane[i] - contexts.predict(plane, i, x, y) & MAX;
                    encodeResidual(rans, contexts, residual);
                    contexts.advance(x, residual);
                }
            }
            payload.writeBytes(rans.finish());
        }
        return payload.toByteArray();
    }

    /**
     * The alpha plane of a file.
     *
     * @param plane takes the samples, row by row; of the size that the header declares
     * @throws IIOException if there is none, or its chunk is malformed
     */
    public static void decode(SemFile file, short[] plane, Cancellation cancellation) throws IIOException {
        Chunk chunk = file.chunk(Chunk.ALPHA).orElseThrow(() -> new IIOException("the picture has alpha but no chunk 'A'"));
        decode(chunk.payload(), plane, file.header().width(), file.header().height(), cancellation);
    }

    /**
     * @param payload any bytes
     * @param plane   where the samples go
     * @throws IIOException if the payload is of an unknown kind, too short or too long; the plane's content is then undefined
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    static void decode(byte[] payload, short[] plane, int width, int height, Cancellation cancellation) throws IIOException {
        int kind = payload.length == 0 ? -1 : payload[0];
        if (kind == CONSTANT && payload.length == 2) {
            Arrays.fill(plane, (short) (payload[1] & MAX));
            return;
        }
        if (kind != PREDICTED) {
            throw Chunk.malformed(Chunk.ALPHA, 0, "expected 00 and one byte, or 01, found "
                    + (kind < 0 ? "no byte" : payload.length + " bytes that begin with " + (kind & MAX)));
        }
        Contexts contexts = new Contexts(width);
        int rowsPerStream = rowsPerStream(width);
        int position = 1;
        for (int top = 0; top < height; top += rowsPerStream) {
            RansDecoder rans = new RansDecoder(payload, position, payload.length, 1);
            for (int y = top; y < Math.min(height, top + rowsPerStream); y++) {
                cancellation.check();
                for (int x = 0; x < width; x++) {
                    int i = y * width + x;
                    int prediction = contexts.predict(plane, i, x, y);
                    int residual = decodeResidual(rans, contexts);
                    plane[i] = (short) (prediction + residual & MAX);
                    contexts.advance(x, residual);
                }
                if (rans.exhausted()) {
                    throw new IIOException("chunk 'A' of " + payload.length + " bytes ends in row " + y + " of " + height);
                }
            }
            position = rans.position();
        }
        if (position != payload.length) {
            throw Chunk.malformed(Chunk.ALPHA, position, "expected the end, found " + (payload.length - position) + " more bytes");
        }
    }

    private static boolean isConstant(short[] plane) {
        for (short sample : plane) {
            if (sample != plane[0]) {
                return false;
            }
        }
        return true;
    }

    private static int rowsPerStream(int width) {
        return Math.max(1, STREAM_SAMPLES / width);
    }

    private static void encodeResidual(RansEncoder rans, Contexts contexts, int residual) {
        contexts.decisions.encode(rans, contexts.zeroDecision(), residual == 0 ? 0 : 1);
        if (residual != 0) {
            for (int node = 1, shift = 7; shift >= 0; shift--) {
                int bit = residual >> shift & 1;
                contexts.decisions.encode(rans, contexts.treeDecision(node), bit);
                node = node << 1 | bit;
            }
        }
    }

    private static int decodeResidual(RansDecoder rans, Contexts contexts) {
        if (contexts.decisions.decode(rans, contexts.zeroDecision()) == 0) {
            return 0;
        }
        int node = 1;
        while (node <= MAX) {
            node = node << 1 | contexts.decisions.decode(rans, contexts.treeDecision(node));
        }
        return node & MAX;
    }

    /** Prediction, contexts and probabilities: the state that encoder and decoder share. */
    private static final class Contexts {

        private static final int ACTIVITIES = 8;
        private static final int ZERO_DECISIONS = 2 * ACTIVITIES;

        private final int width;
        private final BinaryContexts decisions = new BinaryContexts(ZERO_DECISIONS + ACTIVITIES / 2 * (MAX + 1));
        private short[] magnitudesAbove;
        private short[] magnitudes;
        private int activity;
        private int sloped;

        Contexts(int width) {
            this.width = width;
            magnitudesAbove = new short[width + 2];
            magnitudes = new short[width + 2];
        }

        /** Moves to sample {@code i = y * width + x}, the next in order, and predicts it from those before. */
        int predict(short[] plane, int i, int x, int y) {
            if (x == 0) {
                short[] finished = magnitudes;
                magnitudes = magnitudesAbove;
                magnitudesAbove = finished;
            }
            int sum = magnitudes[x] + magnitudesAbove[x] + magnitudesAbove[x + 1] + magnitudesAbove[x + 2];
            activity = Math.min(ACTIVITIES - 1, Integer.SIZE - Integer.numberOfLeadingZeros(sum));
            int above = y > 0 ? plane[i - width] : 0;
            int left = x > 0 ? plane[i - 1] : above;
            int aboveLeft = x > 0 && y > 0 ? plane[i - width - 1] : above;
            sloped = left == above ? 0 : 1;
            if (aboveLeft >= Math.max(left, above)) {
                return Math.min(left, above);
            }
            if (aboveLeft <= Math.min(left, above)) {
                return Math.max(left, above);
            }
            return left + above - aboveLeft;
        }

        /** Notes the residual of the sample predicted last. */
        void advance(int x, int residual) {
            magnitudes[x + 1] = (short) Math.min(residual, MAX + 1 - residual);
        }

        int zeroDecision() {
            return 2 * activity + sloped;
        }

        int treeDecision(int node) {
            return ZERO_DECISIONS + activity / 2 * (MAX + 1) + node;
        }
    }
}
