package org.semimage.profile;

import org.semimage.compute.CoefficientNet;
import org.semimage.compute.IntegerPrior;
import org.semimage.compute.PackedCoefficients;
import org.semimage.compute.Pyramid;
import org.semimage.compute.SymbolDecoder;
import org.semimage.compute.SymbolEncoder;
import org.semimage.compute.Wavelet97;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * The transform profile: wavelet, coefficient networks, integer prior, rANS (FORMAT.md, "Transform payload").
 *
 * <p>A picture's way: colour transform and padding ({@link ColourTransform}), {@link Wavelet97}, analysis network, quantization
 * and symbols ({@link IntegerPrior}), rANS ({@link SymbolEncoder}); and all of it back with the synthesis network.
 */
public final class TransformProfile implements Profile {

    /** Payload bytes before the rANS stream: quality index, log2 of the lanes. */
    private static final int PREFIX = 2;

    private static final int MAX_QUALITY = 255;
    private static final int MAX_LOG2_LANES = 5;

    /** Price of a bit in squared steps; the rate-distortion curve's slope at high rate is 0.1155. */
    private static final float LAMBDA = 0.1f;

    /** Levels whose coefficients the networks see; the rest reach them as the low band of this one. */
    private static final int NETWORK_LEVELS = 3;

    @Override
    public ProfileId id() {
        return ProfileId.TRANSFORM;
    }

    /** The quality index of a quality 0..1: {@code 255 * quality^1.35}, so that one half is about a bit per pixel. */
    static int qualityIndex(float quality) {
        return (int) Math.round(MAX_QUALITY * Math.pow(quality, 1.35));
    }

    /** The quantizer step of a quality index 0..255, in sample values: {@code 2^(8 - index/32)}. */
    static float step(int quality) {
        return (float) Math.pow(2, 8 - quality / 32.0);
    }

    @Override
    public SemFile encode(PixelPlanes image, EncodeOptions options, Watcher watcher) throws IIOException {
        checkBitDepth(image.format());
        List<Chunk> chunks = new ArrayList<>();
        if (image.format().hasAlpha()) {
            chunks.add(new Chunk(Chunk.ALPHA, AlphaCodec.encode(image.alpha(), image.width(), image.height())));
        }
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, image.width(), image.height(), image.format(), Models.TRANSFORM);
        try (Models.Lease lease = Models.transform(Models.TRANSFORM)) {
            checkpoint(watcher, 0.1f);
            int height = Pyramid.padded(image.height());
            int width = Pyramid.padded(image.width());
            Pyramid coefficients = Wavelet97.analyse(ColourTransform.forward(TransparentFill.apply(image), height, width), height, width);
            checkpoint(watcher, 0.2f);
            Encoder encoder = new Encoder(lease.model(), coefficients, image.format().isGray());
            SemFile file = options.targetBytes().isPresent()
                    ? encoder.within(options.targetBytes().getAsInt(), payload -> file(header, chunks, payload), watcher)
                    : file(header, chunks, encoder.encode(qualityIndex(options.quality())));
            watcher.progress(1);
            return file;
        }
    }

    private static SemFile file(SemHeader header, List<Chunk> others, byte[] payload) {
        List<Chunk> chunks = new ArrayList<>(others);
        chunks.add(new Chunk(Chunk.TRANSFORM, payload));
        return SemFile.of(header, chunks);
    }

    /** Encodes one picture at any quality; the wavelet runs once. */
    private record Encoder(TransformModel model, Pyramid coefficients, boolean gray) {

        /** The payload at a quality index. */
        byte[] encode(int quality) {
            List<IntegerPrior.Step> steps = quantize(quality);
            double bits = steps.stream().mapToDouble(s -> model.prior().tables().cost(s.scales(), s.symbols())).sum();
            int lanes = SymbolEncoder.lanesFor((long) (bits / 8));
            byte[] stream = model.prior().encode(steps, lanes);
            byte[] payload = new byte[PREFIX + stream.length];
            payload[0] = (byte) quality;
            payload[1] = (byte) Integer.numberOfTrailingZeros(lanes);
            System.arraycopy(stream, 0, payload, PREFIX, stream.length);
            return payload;
        }

        /** The best file of at most so many bytes. */
        SemFile within(int bytes, Function<byte[], SemFile> file, Watcher watcher) throws IIOException {
            SemFile best = null;
            int low = 0;
            int high = MAX_QUALITY;
            while (low <= high) {
                int middle = low + high >>> 1;
                SemFile candidate = file.apply(encode(middle));
                if (SemSerializer.size(candidate) <= bytes) {
                    best = candidate;
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
                checkpoint(watcher, 0.2f + 0.8f * (1 - (high - low + 1) / (MAX_QUALITY + 1f)));
            }
            if (best == null) {
                throw new IIOException("the picture does not fit into " + bytes + " bytes; at the lowest quality it takes "
                        + SemSerializer.size(file.apply(encode(0))));
            }
            return best;
        }

        private List<IntegerPrior.Step> quantize(int quality) {
            Pyramid target = Pyramid.zero(coefficients.height(), coefficients.width());
            scaleFine(coefficients, target, model, 1 / step(quality), true);
            scaleCoarse(coefficients, target, model, 1 / step(quality), true);
            model.analysis().ifPresent(network -> {
                Wavelet97.analyse(correct(model, network, target, quality), NETWORK_LEVELS, target);
                scaleCoarse(target, target, model, 1, true);
            });
            return model.prior().quantize(target, gray, quality, LAMBDA).steps();
        }
    }

    /** Multiplies (or, with {@code divide}, divides) the networks' levels by their relative steps, and all by a factor. */
    private static void scaleFine(Pyramid from, Pyramid to, TransformModel model, float factor, boolean divide) {
        for (int level = 1; level <= NETWORK_LEVELS; level++) {
            scale(from, to, model, level, factor, divide);
        }
    }

    /** The same for the levels below them and the low band. */
    private static void scaleCoarse(Pyramid from, Pyramid to, TransformModel model, float factor, boolean divide) {
        for (int c = 0; c < 3; c++) {
            float step = model.lowSteps()[c];
            scale(from.low()[c], to.low()[c], divide ? factor / step : factor * step);
        }
        for (int level = NETWORK_LEVELS + 1; level <= Pyramid.LEVELS; level++) {
            scale(from, to, model, level, factor, divide);
        }
    }

    private static void scale(Pyramid from, Pyramid to, TransformModel model, int level, float factor, boolean divide) {
        float[][] bands = from.detail()[level - 1];
        for (int c = 0; c < bands.length; c++) {
            float step = model.detailSteps()[level - 1][c];
            scale(bands[c], to.detail()[level - 1][c], divide ? factor / step : factor * step);
        }
    }

    private static void scale(float[] from, float[] to, float factor) {
        for (int i = 0; i < from.length; i++) {
            to[i] = from[i] * factor;
        }
    }

    /**
     * Runs a coefficient network on a pyramid in quantizer steps.
     *
     * @param pyramid details of the network's levels are corrected in place, coarser ones are used up
     * @return the corrected low band of level 3, in quantizer steps of a band of relative step 1
     */
    private static float[][] correct(TransformModel model, CoefficientNet network, Pyramid pyramid, int quality) {
        scaleCoarse(pyramid, pyramid, model, 1, false);
        float[][] low3 = Wavelet97.synthesise(pyramid, Pyramid.LEVELS, NETWORK_LEVELS, pyramid.low());
        float[] correction = network.correction(PackedCoefficients.pack(low3, pyramid), pyramid.height() >> NETWORK_LEVELS,
                pyramid.width() >> NETWORK_LEVELS, quality);
        PackedCoefficients.add(correction, low3, pyramid);
        return low3;
    }

    @Override
    public PixelPlanes decode(SemFile file, Watcher watcher) throws IIOException {
        SemHeader header = file.header();
        checkBitDepth(header.format());
        PixelPlanes image = PixelPlanes.blank(header.width(), header.height(), header.format());
        if (header.format().hasAlpha()) {
            Chunk alpha = file.chunk(Chunk.ALPHA).orElseThrow(() -> new IIOException("the picture has alpha but no chunk 'A'"));
            AlphaCodec.decode(alpha.payload(), image.alpha(), header.width(), header.height());
        }
        byte[] payload = file.chunk(Chunk.TRANSFORM)
                .orElseThrow(() -> new IIOException("a picture of the transform profile has no chunk 'T'")).payload();
        if (payload.length < PREFIX || payload[1] < 0 || payload[1] > MAX_LOG2_LANES) {
            throw new IIOException(payload.length < PREFIX ? "chunk 'T' has " + payload.length + " bytes, at least " + PREFIX + " expected"
                    : "chunk 'T', byte 1: 2^" + (payload[1] & 0xFF) + " lanes, at most 2^" + MAX_LOG2_LANES + " expected");
        }
        try (Models.Lease lease = Models.transform(header.model())) {
            checkpoint(watcher, 0.05f);
            int quality = payload[0] & 0xFF;
            int height = Pyramid.padded(header.height());
            int width = Pyramid.padded(header.width());
            Pyramid decoded;
            try (SymbolDecoder symbols = lease.model().prior().decoder(payload, PREFIX, payload.length, 1 << payload[1])) {
                decoded = lease.model().prior().decode(height, width, header.format().isGray(), quality, symbols);
                if (symbols.exhausted()) {
                    watcher.warning("The payload ends early: the picture is decoded as far as it goes");
                }
            }
            checkpoint(watcher, 0.5f);
            float[][] components = synthesise(lease.model(), decoded, quality);
            checkpoint(watcher, 0.95f);
            ColourTransform.inverse(components, width, step(quality), image);
            watcher.progress(1);
        }
        return image;
    }

    /** Component planes in quantizer steps; the pyramid is used up. */
    private static float[][] synthesise(TransformModel model, Pyramid decoded, int quality) {
        float[][] low3 = correct(model, model.synthesis(), decoded, quality);
        scaleFine(decoded, decoded, model, 1, false);
        return Wavelet97.synthesise(decoded, NETWORK_LEVELS, 0, low3);
    }

    private static void checkBitDepth(PixelPlanes.Format format) throws IIOException {
        if (format.bitDepth() > ProfileId.TRANSFORM.maxBitDepth()) {
            throw new IIOException("the transform profile has samples of 8 bits, not " + format.bitDepth());
        }
    }

    private static void checkpoint(Watcher watcher, float fraction) {
        if (watcher.cancelled()) {
            throw new CancellationException();
        }
        watcher.progress(fraction);
    }
}
