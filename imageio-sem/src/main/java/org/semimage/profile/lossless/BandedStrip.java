// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.container.Chunk;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Codes a strip of a lossless picture in bands that share weights and tables, all of them at once (FORMAT.md, "Banded strips"). */
final class BandedStrip {

    private BandedStrip() {
    }

    /**
     * The bytes of a strip.
     *
     * @param bandRows rows of a band; the last one has what is left
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    static byte[] encode(PixelPlanes pixels, int bandRows, Cancellation cancellation) {
        LosslessCodec codec = new LosslessCodec(pixels, cancellation);
        int[][] weights = codec.train();
        LosslessCodec.Residuals[] bands = IntStream.range(0, bands(pixels.height(), bandRows)).parallel()
                .mapToObj(b -> codec.predict(weights, b * bandRows, Math.min(pixels.height(), (b + 1) * bandRows)))
                .toArray(LosslessCodec.Residuals[]::new);
        cancellation.check();
        LosslessParameters[] parameters = new LosslessParameters[codec.planes()];
        LosslessParameters.Writer writer = new LosslessParameters.Writer();
        for (int p = 0; p < parameters.length; p++) {
            parameters[p] = new LosslessParameters(weights[p], TableTraining.frequencies(bands, p));
            writer.write(parameters[p], codec.references(p));
        }
        byte[] head = writer.finish();
        byte[][] streams = IntStream.range(0, bands.length).parallel()
                .mapToObj(b -> codec.encode(bands[b], parameters))
                .toArray(byte[][]::new);
        cancellation.check();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeLength(bytes, head.length);
        for (byte[] stream : streams) {
            writeLength(bytes, stream.length);
        }
        bytes.writeBytes(head);
        for (byte[] stream : streams) {
            bytes.writeBytes(stream);
        }
        return bytes.toByteArray();
    }


    private static int bands(int rows, int bandRows) {
        return (rows - 1) / bandRows + 1;
    }

    /** Appends a length, u32le. */
    static void writeLength(ByteArrayOutputStream out, int length) {
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            out.write(length >>> shift);
        }
    }

    /** A length, u32le. */
    static long readLength(byte[] payload, int at) {
        return payload[at] & 0xFF | (payload[at + 1] & 0xFF) << 8 | (payload[at + 2] & 0xFF) << 16 | (payload[at + 3] & 0xFFL) << 24;
    }

    /**
     * Decodes the bands that hold some rows.
     *
     * @param payload   of the picture
     * @param from      where the strip begins in it
     * @param to        where it ends
     * @param pixels    the strip; takes the samples
     * @param firstRow  the first row that is wanted
     * @param lastRow   the last one
     * @throws IIOException if a stream ends too early or too late, or a table is impossible
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    static void decode(byte[] payload, int from, int to, PixelPlanes pixels, int bandRows, int firstRow, int lastRow,
                       Cancellation cancellation) throws IIOException {
        int[] starts = streams(payload, from, to, bands(pixels.height(), bandRows));
        LosslessCodec codec = new LosslessCodec(pixels, cancellation);
        LosslessParameters[] parameters = parameters(payload, starts[0], starts[1], codec);
        ResidualTable[] tables = LosslessCodec.tables(parameters);
        List<Integer> bands = IntStream.rangeClosed(firstRow / bandRows, lastRow / bandRows).boxed().toList();
        Concurrently.map(bands, b -> {
            codec.decode(payload, starts[b + 1], starts[b + 2], parameters, tables, b * bandRows,
                    Math.min(pixels.height(), (b + 1) * bandRows));
            return b;
        });
        cancellation.check();
    }

    private static LosslessParameters[] parameters(byte[] payload, int from, int to, LosslessCodec codec) throws IIOException {
        LosslessParameters.Reader reader = new LosslessParameters.Reader(payload, from, to);
        LosslessParameters[] parameters = new LosslessParameters[codec.planes()];
        for (int p = 0; p < parameters.length; p++) {
            parameters[p] = reader.read(codec.references(p), codec.tokens());
        }
        reader.end(to);
        return parameters;
    }

    /** The residuals of a strip of one band that decodes to these samples. */
    static LosslessCodec.Residuals residuals(byte[] body, PixelPlanes pixels) throws IIOException {
        int[] starts = streams(body, 0, body.length, 1);
        LosslessCodec codec = new LosslessCodec(pixels, Cancellation.NEVER);
        LosslessParameters[] parameters = parameters(body, starts[0], starts[1], codec);
        return codec.predict(Arrays.stream(parameters).map(LosslessParameters::weights).toArray(int[][]::new), 0, pixels.height());
    }

    /** Where the stream of the parameters begins, then each band's, and where the last one ends. */
    private static int[] streams(byte[] payload, int from, int to, int bands) throws IIOException {
        long first = from + 4L * (bands + 1);
        if (first > to) {
            throw Chunk.malformed(Chunk.LOSSLESS, from, "expected the lengths of " + (bands + 1) + " streams, found "
                    + (to - from) + " bytes");
        }
        int[] starts = new int[bands + 2];
        starts[0] = (int) first;
        for (int i = 0; i <= bands; i++) {
            int at = from + 4 * i;
            long length = readLength(payload, at);
            if (length > to - starts[i]) {
                throw Chunk.malformed(Chunk.LOSSLESS, at, "a stream of " + length + " bytes, at most " + (to - starts[i]) + " expected");
            }
            starts[i + 1] = starts[i] + (int) length;
        }
        if (starts[bands + 1] != to) {
            throw Chunk.malformed(Chunk.LOSSLESS, starts[bands + 1], "expected the strip's end, found "
                    + (to - starts[bands + 1]) + " more bytes");
        }
        return starts;
    }
}
