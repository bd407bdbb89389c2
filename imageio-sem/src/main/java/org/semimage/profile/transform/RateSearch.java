// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.model.TransformModel;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.picture.Psnr;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the quality index of a target. The logarithm of a picture's size is nearly linear in the index, and so is its PSNR, so that a
 * secant gets there in a few steps; candidates are quantized and their ideal length is summed, but only files are entropy coded.
 *
 * @param picture     what the caller has, as it is
 * @param coded       what of it is coded
 * @param source      that, as pixels
 * @param others      chunks that come before the transform's
 * @param progressive whether files have layers
 * @param effort      rounds of encoding a picture in one layer, the later ones in a closed loop; one is made with an analysis network,
 *                    which has learned what the decoder adds
 */
record RateSearch(TransformEncoder encoder, TransformModel model, PixelSource picture, CodedPicture coded, PixelSource source,
                  List<Chunk> others, boolean progressive, int effort, Watcher watcher) {

    private static final int MAX = QualityIndex.MAX;

    /** Size of a picture grows about so fast with the index, in e-folds. */
    private static final double LOG_BYTES_PER_INDEX = 0.02;

    private static final double PSNR_PER_INDEX = 0.15;
    private static final int MAX_STEPS = 6;

    /** From this index on, networks trained on photographs may harm other pictures. */
    private static final int CHECKED_FROM = 160;

    private static final int CHECKED_STEP = 16;

    /** The file at a quality index. */
    SemFile at(int qualityIndex, float from, float to) throws IIOException {
        return file(payload(qualityIndex, from, to));
    }

    private TransformPayload payload(int qualityIndex, float from, float to) throws IIOException {
        TransformPayload once = encoder.encode(qualityIndex, progressive, from, to);
        boolean again = effort > EncodeOptions.MIN_EFFORT && !progressive && model.analysis().isEmpty();
        return again ? inAClosedLoop(once) : once;
    }

    /** The best of an encoding and those that follow it, each knowing what the decoder adds to the one before. */
    private TransformPayload inAClosedLoop(TransformPayload once) throws IIOException {
        TransformPayload best = once;
        double leastCost = cost(once);
        Optional<TransformPayload> again = encoder.encodeAgain(once, coded.codedHeader());
        for (int round = EncodeOptions.MIN_EFFORT + 1; again.isPresent(); round++) {
            double cost = cost(again.get());
            if (cost < leastCost) {
                best = again.get();
                leastCost = cost;
            }
            again = round < effort ? encoder.encodeAgain(again.get(), coded.codedHeader()) : Optional.empty();
        }
        return best;
    }

    private double cost(TransformPayload payload) throws IIOException {
        return TransformEncoder.cost(payload, squaredError(payload));
    }

    private SemFile file(TransformPayload payload) {
        List<Chunk> chunks = new ArrayList<>(others);
        chunks.add(new Chunk(Chunk.TRANSFORM, shrunk(payload).toBytes()));
        return SemFile.of(coded.header(), chunks);
    }

    private TransformPayload shrunk(TransformPayload payload) {
        return payload.withShrink(coded.shrink().log2());
    }

    /** What the streams' ideal length leaves out: the container, other chunks, and a few bytes for every stream. */
    private long overhead() {
        return SemSerializer.size(SemFile.of(coded.header(), withEmpty(others)));
    }

    /** Whether a file of so many bytes is within reach, or nearly so, by one encoding. */
    boolean mayFit(int bytes) throws IIOException {
        return overhead() + encoder.idealBytes(0, progressive, 0.2f, 0.2f) <= bytes;
    }

    /** Bytes of the file at the lowest quality. */
    long leastBytes() throws IIOException {
        return attempt(0).bytes;
    }

    /** The best file of at most so many bytes, if there is one. */
    Optional<SemFile> within(int bytes) throws IIOException {
        double target = Math.log(Math.max(1, bytes - overhead()));
        int qualityIndex = secant(QualityIndex.ofQuality(EncodeOptions.DEFAULT_QUALITY), target, LOG_BYTES_PER_INDEX,
                index -> Math.log(encoder.idealBytes(index, progressive, 0.2f, 0.2f)));
        Attempt best = attempt(qualityIndex);
        boolean fits = best.bytes <= bytes;
        // The neighbouring index decides: up while files fit, down until one does.
        for (int next = fits ? qualityIndex + 1 : qualityIndex - 1; next >= 0 && next <= MAX; next += fits ? 1 : -1) {
            Attempt candidate = attempt(next);
            boolean candidateFits = candidate.bytes <= bytes;
            if (fits && !candidateFits) {
                break;
            }
            best = candidate;
            if (!fits && candidateFits) {
                fits = true;
                break;
            }
        }
        if (!fits) {
            return Optional.empty();
        }
        return Optional.of(file(noWorseThanBelow(best).payload));
    }

    /**
     * A picture at a quality index.
     *
     * @param bytes of the whole file
     */
    private record Attempt(int qualityIndex, TransformPayload payload, long bytes) {
    }

    private Attempt attempt(int qualityIndex) throws IIOException {
        TransformPayload payload = payload(qualityIndex, 0.7f, 0.7f);
        return new Attempt(qualityIndex, payload, SemSerializer.size(file(payload)));
    }

    /** The attempt, or one of a lower index that has less error: whoever asks for bytes must not get more of them and a worse picture. */
    private Attempt noWorseThanBelow(Attempt attempt) throws IIOException {
        if (attempt.qualityIndex < CHECKED_FROM) {
            return attempt;
        }
        Attempt below = attempt(attempt.qualityIndex - CHECKED_STEP);
        return squaredError(below.payload) < squaredError(attempt.payload) ? noWorseThanBelow(below) : attempt;
    }

    private static List<Chunk> withEmpty(List<Chunk> others) {
        List<Chunk> chunks = new ArrayList<>(others);
        chunks.add(new Chunk(Chunk.TRANSFORM, new byte[0]));
        return chunks;
    }

    /** The smallest file with a PSNR; that of the highest quality if none reaches it, with a warning. */
    SemFile reaching(double psnr) throws IIOException {
        Candidates tried = new Candidates(psnr);
        int qualityIndex = secant(QualityIndex.ofQuality(EncodeOptions.DEFAULT_QUALITY), psnr, PSNR_PER_INDEX, tried::psnr);
        while (qualityIndex > 0 && tried.psnr(qualityIndex - 1) >= psnr) {
            qualityIndex--;
        }
        while (qualityIndex < MAX && tried.psnr(qualityIndex) < psnr) {
            qualityIndex++;
        }
        if (tried.psnr(qualityIndex) < psnr) {
            watcher.warning(String.format(Locale.ROOT, "The highest quality has %.2f dB, %.2f dB were asked for",
                    tried.psnr(qualityIndex), psnr));
        }
        return file(tried.best);
    }

    /** What has been encoded on the way to a PSNR; the best payload is kept, so that nothing is encoded twice. */
    private final class Candidates {

        private final double target;
        private final Map<Integer, Double> measured = new HashMap<>();
        private TransformPayload best;
        private int bestQualityIndex;

        Candidates(double target) {
            this.target = target;
        }

        double psnr(int qualityIndex) throws IIOException {
            if (!measured.containsKey(qualityIndex)) {
                TransformPayload payload = encoder.encode(qualityIndex, progressive, 0.2f, 0.2f);
                double psnr = RateSearch.this.psnr(payload);
                measured.put(qualityIndex, psnr);
                if (best == null || isBetter(qualityIndex, bestQualityIndex)) {
                    best = payload;
                    bestQualityIndex = qualityIndex;
                }
            }
            return measured.get(qualityIndex);
        }

        /** The smaller one wins if both reach the target, the better one if neither does, else the one that does. */
        private boolean isBetter(int qualityIndex, int than) {
            boolean reaches = measured.get(qualityIndex) >= target;
            boolean otherReaches = measured.get(than) >= target;
            if (reaches != otherReaches) {
                return reaches;
            }
            return reaches ? qualityIndex < than : measured.get(qualityIndex) > measured.get(than);
        }
    }

    /** Of the whole picture, at its own size. */
    private double psnr(TransformPayload payload) throws IIOException {
        double[] squares = new double[1];
        new PlainDecoding(coded, decoder(payload), Watcher.silent(watcher.cancellation()))
                .write(DecodeRequest.whole(picture.width(), picture.height()), comparing(picture, squares));
        double samples = (double) picture.format().colourPlanes() * picture.width() * picture.height();
        return squares[0] == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(255 * 255 * samples / squares[0]);
    }

    /** The sum over all colour samples of what is coded. */
    private double squaredError(TransformPayload payload) throws IIOException {
        double[] squares = new double[1];
        decoder(payload).decode(DecodeRequest.whole(source.width(), source.height()), comparing(source, squares));
        return squares[0];
    }

    private TransformDecoder decoder(TransformPayload payload) {
        return new TransformDecoder(model, coded.codedHeader(), payload, DecodeRequest.ALL_PASSES, Watcher.silent(watcher.cancellation()));
    }

    private static PixelSink comparing(PixelSource original, double[] squares) {
        return (part, x, y) -> squares[0] += Psnr.squaredError(part, original.read(new Rectangle(x, y, part.width(), part.height())));
    }

    private interface Measure {
        double of(int qualityIndex) throws IIOException;
    }

    /** An index whose measure, which rises with it, is about the target. */
    private int secant(int start, double target, double slope, Measure measure) throws IIOException {
        int index = start;
        double value = measure.of(index);
        double perIndex = slope;
        for (int step = 0; step < MAX_STEPS; step++) {
            int next = (int) Math.max(0, Math.min(MAX, Math.round(index + (target - value) / perIndex)));
            if (next == index) {
                break;
            }
            double nextValue = measure.of(next);
            double measured = (nextValue - value) / (next - index);
            perIndex = measured > slope / 8 ? measured : slope;
            index = next;
            value = nextValue;
        }
        return index;
    }
}
