// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.PartwiseProfile;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The lossless profile: weighted prediction and static rANS (FORMAT.md, "Lossless payload").
 *
 * <p>Rows are coded in bands, which need nothing of each other, so that all processors can work on them. Bands form strips that
 * share weights and tables; strips follow one another, and only one of them is in memory and in work at a time.
 */
public final class LosslessProfile extends PartwiseProfile {

    /** Payload bytes before the strips: log2 of the rows of a band, log2 of the bands of a strip. */
    private static final int PREFIX = 2;

    private static final int MAX_LOG = 24;

    /** What a band and a strip of the encoder aim at, in pixels. */
    private static final int BAND_PIXELS = 1 << 16;
    private static final int STRIP_PIXELS = 1 << 21;

    /** A band's first row is predicted badly, so there should be many others, up to so many pixels. */
    private static final int MIN_BAND_ROWS = 64;
    private static final int MAX_BAND_PIXELS = 1 << 22;

    @Override
    public ProfileId id() {
        return ProfileId.LOSSLESS;
    }

    /** The places of a picture's bands and strips. */
    private record Layout(int height, int logBandRows, int logStripBands) {

        static Layout of(int width, int height) {
            int band = log(Math.min(Math.max(MIN_BAND_ROWS, BAND_PIXELS / width), MAX_BAND_PIXELS / width));
            return new Layout(height, band, log((STRIP_PIXELS / width) >> band));
        }

        /** The logarithm to base 2, rounded down, at least 0. */
        private static int log(int value) {
            return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, value));
        }

        int strips() {
            return (int) ((height - 1L >> logBandRows + logStripBands) + 1);
        }

        int stripTop(int strip) {
            return (int) Math.min(height, (long) strip << logBandRows + logStripBands);
        }

        int bands(int strip) {
            return (stripRows(strip) - 1 >> logBandRows) + 1;
        }

        int stripRows(int strip) {
            return stripTop(strip + 1) - stripTop(strip);
        }

        /** A band's first row in its strip. */
        int bandTop(int strip, int band) {
            return (int) Math.min(stripRows(strip), (long) band << logBandRows);
        }
    }

    @Override
    public SemFile encode(PixelPlanes image, EncodeOptions options, Watcher watcher) throws IIOException {
        return encode(PixelSource.of(image), options, watcher);
    }

    /** @throws IIOException also if a target size is given and the picture takes more */
    @Override
    public SemFile encode(PixelSource image, EncodeOptions options, Watcher watcher) throws IIOException {
        Layout layout = Layout.of(image.width(), image.height());
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(layout.logBandRows);
        payload.write(layout.logStripBands);
        for (int strip = 0; strip < layout.strips(); strip++) {
            watcher.checkpoint((float) strip / layout.strips());
            Rectangle place = new Rectangle(0, layout.stripTop(strip), image.width(), layout.stripRows(strip));
            encodeStrip(image.read(place), layout, strip, payload, watcher.cancellation());
        }
        SemHeader header = new SemHeader(ProfileId.LOSSLESS, image.width(), image.height(), image.format(), ModelRef.NONE);
        SemFile file = SemFile.of(header, List.of(new Chunk(Chunk.LOSSLESS, payload.toByteArray())));
        if (options.targetBytes().isPresent() && SemSerializer.size(file) > options.targetBytes().getAsInt()) {
            throw new IIOException("the picture does not fit into " + options.targetBytes().getAsInt() + " bytes; without loss it takes "
                    + SemSerializer.size(file));
        }
        watcher.progress(1);
        return file;
    }

    private static void encodeStrip(PixelPlanes pixels, Layout layout, int strip, ByteArrayOutputStream payload,
            Cancellation cancellation) {
        LosslessCodec codec = new LosslessCodec(pixels, cancellation);
        int[][] weights = codec.train();
        LosslessCodec.Residuals[] bands = IntStream.range(0, layout.bands(strip)).parallel()
                .mapToObj(b -> codec.predict(weights, layout.bandTop(strip, b), layout.bandTop(strip, b + 1)))
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
        writeLength(payload, head.length);
        for (byte[] stream : streams) {
            writeLength(payload, stream.length);
        }
        payload.writeBytes(head);
        for (byte[] stream : streams) {
            payload.writeBytes(stream);
        }
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            out.write(length >>> shift);
        }
    }

    /** Decodes the bands that the region touches, strip by strip; damage elsewhere is not seen. */
    @Override
    public void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        if (request.scale() > 1) {
            super.decode(file, request, sink, watcher);
            return;
        }
        SemHeader header = file.header();
        byte[] payload = file.chunk(Chunk.LOSSLESS)
                .orElseThrow(() -> new IIOException("a picture of the lossless profile has no chunk 'L'")).payload();
        for (int i = 0; i < PREFIX; i++) {
            if (payload.length <= i || payload[i] < 0 || payload[i] > MAX_LOG) {
                throw new IIOException("chunk 'L', byte " + i + ": expected a logarithm of 0.." + MAX_LOG + ", found "
                        + (payload.length <= i ? "the end" : payload[i] & 0xFF));
            }
        }
        Layout layout = new Layout(header.height(), payload[0], payload[1]);
        Rectangle region = request.region();
        int at = PREFIX;
        for (int strip = 0; strip < layout.strips(); strip++) {
            watcher.checkpoint((float) strip / layout.strips());
            Streams streams = Streams.parse(payload, at, layout.bands(strip));
            at = streams.end();
            Rectangle wanted = new Rectangle(0, layout.stripTop(strip), header.width(), layout.stripRows(strip)).intersection(region);
            if (!wanted.isEmpty()) {
                wanted.y -= layout.stripTop(strip);
                PixelPlanes pixels = PixelPlanes.blank(header.width(), layout.stripRows(strip), header.format());
                decodeStrip(new LosslessCodec(pixels, watcher.cancellation()), layout, strip, streams, wanted);
                PixelPlanes part = wanted.width == pixels.width() && wanted.height == pixels.height() ? pixels : pixels.crop(wanted);
                sink.write(part, wanted.x, layout.stripTop(strip) + wanted.y);
            }
        }
        if (at != payload.length) {
            throw new IIOException("chunk 'L', byte " + at + ": expected the end, found " + (payload.length - at) + " more bytes");
        }
        watcher.progress(1);
    }

    /**
     * The streams of a strip: that of its parameters, then those of its bands.
     *
     * @param starts where each begins, and where the last one ends
     */
    private record Streams(byte[] payload, int[] starts) {

        static Streams parse(byte[] payload, int from, int bands) throws IIOException {
            long first = from + 4L * (bands + 1);
            if (first > payload.length) {
                throw new IIOException("chunk 'L', byte " + from + ": expected the lengths of " + (bands + 1) + " streams, found "
                        + (payload.length - from) + " bytes");
            }
            int[] starts = new int[bands + 2];
            starts[0] = (int) first;
            for (int i = 0; i <= bands; i++) {
                int at = from + 4 * i;
                long length = readLength(payload, at);
                if (length > payload.length - starts[i]) {
                    throw new IIOException("chunk 'L', byte " + at + ": a stream of " + length + " bytes, at most "
                            + (payload.length - starts[i]) + " expected");
                }
                starts[i + 1] = starts[i] + (int) length;
            }
            return new Streams(payload, starts);
        }

        int end() {
            return starts[starts.length - 1];
        }
    }

    /** Decodes the bands of a strip that hold some of its pixels. */
    private static void decodeStrip(LosslessCodec codec, Layout layout, int strip, Streams streams, Rectangle wanted) throws IIOException {
        byte[] payload = streams.payload;
        int[] starts = streams.starts;
        LosslessParameters.Reader reader = new LosslessParameters.Reader(payload, starts[0], starts[1]);
        LosslessParameters[] parameters = new LosslessParameters[codec.planes()];
        for (int p = 0; p < parameters.length; p++) {
            parameters[p] = reader.read(codec.references(p), codec.tokens());
        }
        reader.end(starts[1]);
        ResidualTable[] tables = LosslessCodec.tables(parameters);
        IntStream bands = IntStream.rangeClosed(wanted.y >> layout.logBandRows, wanted.y + wanted.height - 1 >> layout.logBandRows);
        Optional<IIOException> failure = bands.parallel().mapToObj(b -> {
            try {
                codec.decode(payload, starts[b + 1], starts[b + 2], parameters, tables, layout.bandTop(strip, b),
                        layout.bandTop(strip, b + 1));
                return Optional.<IIOException>empty();
            } catch (IIOException e) {
                return Optional.of(e);
            }
        }).flatMap(Optional::stream).findFirst();
        codec.cancellation().check();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static long readLength(byte[] payload, int at) {
        return payload[at] & 0xFF | (payload[at + 1] & 0xFF) << 8 | (payload[at + 2] & 0xFF) << 16 | (payload[at + 3] & 0xFFL) << 24;
    }
}
