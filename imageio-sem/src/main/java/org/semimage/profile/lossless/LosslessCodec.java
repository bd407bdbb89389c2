// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansStack;
import org.semimage.container.Chunk;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.Arrays;

/**
 * Codes bands of rows of a strip of a lossless picture: prediction, residuals, rANS (FORMAT.md, "Lossless payload"). Bands are
 * independent of each other but for the {@link LosslessParameters} of their strip.
 */
final class LosslessCodec {

    private static final int LOG_CONTEXTS = 6;

    /** From the contexts of a plane to those of the next one, in the numbers of symbols. */
    static final int CONTEXT_PLACES = 1 << LOG_CONTEXTS;

    private static final int LOG_TOKENS = 7;

    /** States of a band's stream, which symbols take turns with: the arithmetic of one hides the latency of the other. */
    private static final int LANES = 2;

    /** So many symbols are coded before the next look at the cancellation. */
    private static final int RUN = 1 << 16;

    private final PixelPlanes image;
    private final Cancellation cancellation;
    private final int tokens;
    private final CodedPlane[] planes;

    /**
     * @param image        the strip
     * @param cancellation makes results meaningless when it is requested; the caller checks it when all bands are done
     */
    LosslessCodec(PixelPlanes image, Cancellation cancellation) {
        this.image = image;
        this.cancellation = cancellation;
        tokens = ResidualTable.tokens(image.format().bitDepth());
        planes = CodedPlane.of(image);
    }

    private PlanePredictor[] predictors() {
        PlanePredictor[] predictors = new PlanePredictor[planes.length];
        for (int p = 0; p < planes.length; p++) {
            PlanePredictor[] references = Arrays.stream(planes[p].references()).mapToObj(r -> predictors[r]).toArray(PlanePredictor[]::new);
            predictors[p] = new PlanePredictor(image.width(), image.format().bitDepth(), references);
        }
        return predictors;
    }

    /** Weights for the planes, in the order of coding. */
    int[][] train() {
        int width = image.width();
        int period = PredictorTraining.period((long) width * image.height());
        PlanePredictor[] predictors = predictors();
        PredictorTraining[] trainings = Arrays.stream(planes).map(p -> new PredictorTraining(p.references().length))
                .toArray(PredictorTraining[]::new);
        for (int y = 0; y < image.height(); y++) {
            cancellation.check();
            for (int p = 0; p < planes.length; p++) {
                predictors[p].nextRow(false);
                predictors[p].setRow(planes[p].samples(), y * width);
                for (int x = y * 7 % period; y > 0 && x < width; x += period) {
                    trainings[p].add(predictors[p], x, planes[p].samples()[y * width + x] & 0xFFFF);
                }
            }
        }
        return Arrays.stream(trainings).parallel().map(PredictorTraining::solve).toArray(int[][]::new);
    }

    /**
     * A band's residuals, ready to be coded.
     *
     * @param symbols in the order of coding: folded residual, plane and context, packed
     * @param counts  of each token by plane and context
     */
    record Residuals(int[] symbols, int[][][] counts) {
    }

    /** Predicts a band. */
    Residuals predict(int[][] weights, int top, int bottom) {
        int width = image.width();
        int[] symbols = new int[Math.multiplyExact(planes.length * width, bottom - top)];
        int[] counted = new int[planes.length << LOG_CONTEXTS + LOG_TOKENS];
        PlanePredictor[] predictors = predictors();
        RowScratch scratch = new RowScratch(width);
        int[] residuals = new int[width];
        int[] contexts = new int[width];
        int n = 0;
        for (int y = top; y < bottom && !cancellation.requested(); y++) {
            for (int p = 0; p < planes.length; p++) {
                predictors[p].nextRow(y == top);
                predictors[p].setRow(planes[p].samples(), y * width);
                predictors[p].predictRow(weights[p], residuals, contexts, scratch);
                collect(residuals, contexts, p << LOG_CONTEXTS, symbols, n, counted);
                n += width;
            }
        }
        int[][][] counts = new int[planes.length][PlanePredictor.CONTEXTS][];
        for (int p = 0; p < planes.length; p++) {
            for (int c = 0; c < PlanePredictor.CONTEXTS; c++) {
                int from = (p << LOG_CONTEXTS | c) << LOG_TOKENS;
                counts[p][c] = Arrays.copyOfRange(counted, from, from + tokens);
            }
        }
        return new Residuals(symbols, counts);
    }

    /**
     * Packs residuals and counts their tokens.
     *
     * @param counted by plane, context and token
     */
    private static void collect(int[] residuals, int[] contexts, int table, int[] symbols, int at, int[] counted) {
        for (int x = 0; x < residuals.length; x++) {
            int folded = ResidualTable.fold(residuals[x]);
            int inTable = table | contexts[x];
            symbols[at + x] = inTable << 16 | folded;
            counted[inTable << LOG_TOKENS | ResidualTable.token(folded)]++;
        }
    }

    /** Codes a band's residuals. */
    byte[] encode(Residuals residuals, LosslessParameters[] parameters) {
        ResidualTable[] tables = tables(parameters, false);
        RansStack rans = new RansStack(LANES);
        int[] symbols = residuals.symbols;
        for (int end = symbols.length; end > 0 && !cancellation.requested(); end -= Math.min(end, RUN)) {
            for (int i = end - 1; i >= Math.max(0, end - RUN); i--) {
                tables[symbols[i] >>> 16].push(rans, i & LANES - 1, symbols[i] & 0xFFFF);
            }
        }
        return rans.bytes();
    }

    /** Tables by plane and context, as symbols name them. */
    private static ResidualTable[] tables(LosslessParameters[] parameters, boolean decoding) {
        ResidualTable[] tables = new ResidualTable[parameters.length << LOG_CONTEXTS];
        for (int p = 0; p < parameters.length; p++) {
            int[][] frequencies = parameters[p].frequencies();
            for (int c = 0; c < frequencies.length; c++) {
                int at = p << LOG_CONTEXTS | c;
                boolean shared = c > 0 && frequencies[c] == frequencies[c - 1];
                tables[at] = shared ? tables[at - 1]
                        : decoding ? new ResidualTable(frequencies[c]).forDecoding() : new ResidualTable(frequencies[c]).forEncoding();
            }
        }
        return tables;
    }

    /** A decoder's tables for the bands of a strip. */
    static ResidualTable[] tables(LosslessParameters[] parameters) {
        return tables(parameters, true);
    }

    /**
     * Decodes a band into the picture.
     *
     * @param from where the band's bytes begin in the payload
     * @param to   where they end
     * @throws IIOException if they end too early or are too many
     */
    void decode(byte[] payload, int from, int to, LosslessParameters[] parameters, ResidualTable[] tables, int top, int bottom)
            throws IIOException {
        RansDecoder rans = new RansDecoder(payload, from, to, LANES);
        PlanePredictor[] predictors = predictors();
        int n = 0;
        for (int y = top; y < bottom && !cancellation.requested(); y++) {
            for (int p = 0; p < planes.length; p++) {
                predictors[p].nextRow(y == top);
                decodeRow(rans, n, predictors[p], parameters[p].weights(), tables, p << LOG_CONTEXTS, planes[p].samples(),
                        y * image.width());
                n += image.width();
            }
            if (rans.exhausted()) {
                throw Chunk.malformed(Chunk.LOSSLESS, to, "the band that begins at byte " + from + " ends in row " + y);
            }
        }
        if (!cancellation.requested() && rans.position() != to) {
            throw Chunk.malformed(Chunk.LOSSLESS, rans.position(), "expected the band's end, found "
                    + (to - rans.position()) + " more bytes");
        }
    }

    /** @param n the row's first symbol in the order of coding */
    private void decodeRow(RansDecoder rans, int n, PlanePredictor predictor, int[] weights, ResidualTable[] tables, int table,
                           short[] samples, int from) {
        for (int x = 0; x < image.width(); x++) {
            int prediction = predictor.predict(x, weights);
            int residual = ResidualTable.unfold(tables[table | predictor.context()].next(rans, n + x & LANES - 1));
            int sample = predictor.sample(prediction, residual);
            samples[from + x] = (short) sample;
            predictor.set(x, sample, residual);
        }
    }

    /** Tokens of a table. */
    int tokens() {
        return tokens;
    }

    /**
     * The number of planes that a plane is predicted from.
     *
     * @param plane in the order of coding
     */
    int references(int plane) {
        return planes[plane].references().length;
    }

    int planes() {
        return planes.length;
    }
}
