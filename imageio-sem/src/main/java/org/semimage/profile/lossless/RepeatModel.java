// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.entropy.Decisions;
import org.semimage.picture.PixelPlanes;

import java.util.Arrays;

/**
 * Codes the pixels of a drawing, a text, a screenshot (FORMAT.md, "Mixed strips"): whether a pixel has one of a few colours that its
 * neighbours or earlier neighbourhoods like this one suggest, else its samples. After Ausbeck, "The piecewise-constant image model",
 * Proc. IEEE 88(11), 2000, with mixed contexts.
 *
 * <p>Encoder and decoder walk over a strip with the same object. A colour is a number: the samples of a pixel in the order of coding,
 * 16 bits each, the first one lowest.
 */
final class RepeatModel implements StripModel {

    /** Columns that a row has on either side beyond the strip. */
    private static final int MARGIN = 5;

    /** Neighbours whose colours memories look at: the first 2, 4, 6, 12, all. Columns to the right, rows up. */
    private static final int[][] NEIGHBOURS = {
        {-1, 0}, {0, 1}, {-1, 1}, {1, 1}, {-2, 0}, {0, 2}, {2, 1}, {-2, 1}, {-1, 2}, {1, 2}, {-3, 0}, {3, 1},
        {-4, 0}, {-5, 0}, {2, 2}, {-2, 2}, {0, 3}, {-1, 3}, {1, 3}, {-3, 1}};
    private static final int[] MEMORIES = {20, 12, 6, 4, 2};

    private static final int MOST_CANDIDATES = 8;
    private static final int CLASSES = 5;
    private static final int LIMIT = 60;
    private static final int RATE = 24;
    private static final int FLAT_INPUTS = 3;
    private static final int COPY_INPUTS = 9;
    private static final int SAMPLE_INPUTS = 13;

    /** What became of a pixel: its first candidate was right, another one, none. */
    private static final byte FIRST = 0;
    private static final byte OTHER = 1;
    private static final byte NEW = 2;

    private final int width;
    private final int depth;
    private final int max;
    private final CodedPlane[] planes;
    private final long[][] rows;
    private final byte[][] fates;
    private final int[][][] residuals;
    private final ColourMemory[] memories = new ColourMemory[MEMORIES.length];
    private final long[] hashes = new long[MEMORIES.length];
    private final long[] candidates = new long[MEMORIES.length + 5];
    private final ContextMixer flats;
    private final ContextMixer copies;
    private final ContextMixer samples;
    private int count;
    private int streak;
    private int equalities;
    private boolean flat;

    /** @param strip its samples are written where the decisions are a decoder's, and otherwise read and written as they are */
    RepeatModel(PixelPlanes strip, Decisions decisions) {
        width = strip.width();
        depth = strip.format().bitDepth();
        max = strip.format().maxSample();
        planes = CodedPlane.of(strip);
        rows = new long[4][width + 2 * MARGIN];
        fates = new byte[2][width + 2 * MARGIN];
        residuals = new int[planes.length][2][width + 2 * MARGIN];
        int bits = MixedStrip.placeBits(strip);
        for (int m = 0; m < memories.length; m++) {
            memories[m] = new ColourMemory(bits);
        }
        flats = new ContextMixer(FLAT_INPUTS, bits, 1, LIMIT, RATE, decisions);
        copies = new ContextMixer(COPY_INPUTS, bits, MOST_CANDIDATES * CLASSES * CLASSES, LIMIT, RATE, decisions);
        samples = new ContextMixer(SAMPLE_INPUTS, bits, planes.length * depth, LIMIT, RATE, decisions);
    }

    @Override
    public void row(int y) {
        nextRow();
        long[] row = rows[0];
        for (int x = 0; x < width; x++) {
            int at = y * width + x;
            long actual = 0;
            for (int p = 0; p < planes.length; p++) {
                actual |= (planes[p].samples()[at] & 0xFFFFL) << Short.SIZE * p;
            }
            long colour = pixel(x + MARGIN, actual);
            row[x + MARGIN] = colour;
            for (int p = 0; p < planes.length; p++) {
                planes[p].samples()[at] = (short) (colour >>> Short.SIZE * p);
            }
        }
        Arrays.fill(row, width + MARGIN, row.length, row[width + MARGIN - 1]);
    }

    private void nextRow() {
        Rows.rotate(rows);
        Arrays.fill(rows[0], 0, MARGIN, rows[1][MARGIN]);
        Rows.rotate(fates);
        for (int[][] r : residuals) {
            Rows.rotate(r);
        }
    }

    /** Codes the pixel in a place of the rows; a decoder gives any colour. */
    private long pixel(int i, long actual) {
        flat = isFlat(i);
        long w = rows[0][i - 1];
        if (flat && goesOn(w, actual)) {
            copied(i, FIRST);
            return w;
        }
        long colour = change(i, actual);
        for (ColourMemory memory : memories) {
            memory.learn(colour);
        }
        return colour;
    }

    /** Notes a pixel that has a colour which was there before. */
    private void copied(int i, byte fate) {
        fates[0][i] = fate;
        streak = fate == FIRST ? streak + 1 : 0;
        for (int[][] r : residuals) {
            r[0][i] = 0;
        }
    }

    /** Whether all neighbours have one colour: most pixels of a screen do, and one decision each tells them. */
    private boolean isFlat(int i) {
        long w = rows[0][i - 1];
        for (int[] neighbour : NEIGHBOURS) {
            if (rows[neighbour[1]][i + neighbour[0]] != w) {
                return false;
            }
        }
        return true;
    }

    /** Codes whether a pixel among neighbours of one colour has that colour. */
    private boolean goesOn(long colour, long actual) {
        int length = Rows.bitLength(streak);
        flats.set(0, colour);
        flats.set(1, length);
        flats.set(2, Hash.of(colour, length));
        return flats.decide(0, 0, actual == colour ? 1 : 0) == 1;
    }

    /** Codes a pixel that needs more than one decision. */
    private long change(int i, long actual) {
        look(i);
        suggest(i);
        int chosen = choose(i, actual);
        if (chosen < count) {
            copied(i, chosen == 0 ? FIRST : OTHER);
            return candidates[chosen];
        }
        fates[0][i] = NEW;
        streak = 0;
        return newColour(i, actual);
    }

    /** Finds what memories know of this neighbourhood, and which neighbours are equal. */
    private void look(int i) {
        long hash = 0;
        for (int k = 0, m = memories.length - 1; m >= 0; m--) {
            for (; k < MEMORIES[m]; k++) {
                hash = Hash.add(hash, rows[NEIGHBOURS[k][1]][i + NEIGHBOURS[k][0]]);
            }
            hashes[m] = hash;
            memories[m].find(hash);
        }
        long w = rows[0][i - 1];
        long n = rows[1][i];
        equalities = (w == n ? 1 : 0) | (n == rows[1][i - 1] ? 2 : 0) | (n == rows[1][i + 1] ? 4 : 0) | (w == rows[1][i - 1] ? 8 : 0)
                | (w == rows[0][i - 2] ? 16 : 0) | (n == rows[2][i] ? 32 : 0);
    }

    /** Lists the candidates, none of them twice. */
    private void suggest(int i) {
        count = 0;
        for (ColourMemory memory : memories) {
            if (memory.knows()) {
                suggest(i, memory.colour());
            }
        }
        suggest(i, rows[0][i - 1]);
        suggest(i, rows[1][i]);
        suggest(i, predicted(i));
        suggest(i, rows[1][i + 1]);
        suggest(i, rows[1][i - 1]);
        count = Math.min(count, MOST_CANDIDATES);
        if (fates[0][i - 1] == NEW && fates[1][i - 1] == NEW && fates[1][i] == NEW && fates[1][i + 1] == NEW) {
            count = Math.min(count, 2);
        }
    }

    private void suggest(int i, long colour) {
        if (flat && colour == rows[0][i - 1]) {
            return;
        }
        for (int k = 0; k < count; k++) {
            if (candidates[k] == colour) {
                return;
            }
        }
        candidates[count++] = colour;
    }

    /** The colour of the median prediction of each plane. */
    private long predicted(int i) {
        long colour = 0;
        for (int p = 0; p < planes.length; p++) {
            colour |= (long) median(p, i) << Short.SIZE * p;
        }
        return colour;
    }

    private int median(int plane, int i) {
        return PlanePredictor.median(sample(rows[0][i - 1], plane), sample(rows[1][i], plane), sample(rows[1][i - 1], plane));
    }

    private static int sample(long colour, int plane) {
        return (int) (colour >>> Short.SIZE * plane) & 0xFFFF;
    }

    /** Codes which candidate is right: its number, or that of candidates if none is. */
    private int choose(int i, long actual) {
        long w = rows[0][i - 1];
        long n = rows[1][i];
        int c0 = memories[0].confidence();
        int c1 = memories[1].confidence();
        int c2 = memories[2].confidence();
        int c3 = memories[3].confidence();
        int confidences = (c0 * CLASSES + c1) * CLASSES + c2;
        int fateContext = ((fates[0][i - 1] * 3 + fates[1][i]) * 3 + fates[1][i + 1]) * 3 + fates[1][i - 1];
        long colours = Hash.of(w, n);
        for (int k = 0; k < count; k++) {
            long candidate = candidates[k];
            int agreeing = 0;
            for (int m = 0; m < memories.length; m++) {
                agreeing |= memories[m].knows() && memories[m].colour() == candidate ? 1 << m : 0;
            }
            int near = candidate == w ? 1 : candidate == n ? 2 : candidate == rows[1][i + 1] ? 3 : candidate == rows[1][i - 1] ? 4 : 0;
            copies.set(0, agreeing * 2 + (streak > 8 ? 1 : 0));
            copies.set(1, confidences * CLASSES + near);
            copies.set(2, Hash.add(colours, candidate));
            copies.set(3, equalities);
            copies.set(4, Hash.of(candidate, hashes[3]));
            copies.set(5, Hash.of(candidate, hashes[1]));
            copies.set(6, fateContext * 3 + Math.min(2, streak / 4));
            copies.set(7, Hash.of(candidate, hashes[2]));
            copies.set(8, Hash.of(near * 64 + equalities, agreeing, confidences));
            if (copies.decide(k, (k * CLASSES + Math.max(c0, c1)) * CLASSES + c3, candidate == actual ? 1 : 0) == 1) {
                return k;
            }
        }
        return count;
    }

    /** Codes the samples of a colour that no candidate has. */
    private long newColour(int i, long actual) {
        long w = rows[0][i - 1];
        long n = rows[1][i];
        long colours = Hash.of(w, n);
        long three = Hash.add(colours, rows[1][i + 1]);
        long known = 0;
        int before = 0;
        for (int p = 0; p < planes.length; p++) {
            int median = median(p, i);
            int prediction = median;
            if (planes[p].references().length > 0) {
                prediction = Math.max(0, Math.min(max, median + sample(known, 0) - median(0, i)));
            }
            int activity = activity(p, i);
            setSampleContexts(p, i, prediction, activity, known, before);
            samples.set(5, colours);
            samples.set(8, Hash.of(w, known));
            samples.set(9, Hash.of(n, known));
            samples.set(12, three);
            int shift = Integer.SIZE - depth;
            int residual = ResidualTable.unfold(folded(p, ResidualTable.fold(sample(actual, p) - prediction << shift >> shift)));
            residuals[p][0][i] = residual;
            before = residual;
            known |= (long) (prediction + residual & max) << Short.SIZE * p;
        }
        return known;
    }

    /** A class of how much samples around change, and one of how wrong predictions were. */
    private int activity(int p, int i) {
        int w = sample(rows[0][i - 1], p);
        int n = sample(rows[1][i], p);
        int nw = sample(rows[1][i - 1], p);
        int change = Math.abs(w - nw) + Math.abs(n - nw) + Math.abs(n - sample(rows[1][i + 1], p));
        int errors = Math.abs(residuals[p][0][i - 1]) + Math.abs(residuals[p][1][i]);
        return Rows.bitLength(change >> depth - 8) * 16 + Math.min(7, Rows.bitLength(errors));
    }

    private void setSampleContexts(int p, int i, int prediction, int activity, long known, int before) {
        int w = sample(rows[0][i - 1], p);
        int n = sample(rows[1][i], p);
        int nw = sample(rows[1][i - 1], p);
        samples.set(0, activity);
        samples.set(1, prediction);
        samples.set(2, Hash.of(w, n));
        samples.set(3, Hash.of(known, prediction));
        samples.set(4, known);
        samples.set(6, Hash.of(before, activity >> 4));
        samples.set(7, Hash.of(residuals[p][0][i - 1], residuals[p][1][i]));
        samples.set(10, w + n - nw - prediction);
        samples.set(11, Hash.of(2 * w - sample(rows[0][i - 2], p) - prediction, 2 * n - sample(rows[2][i], p) - prediction));
    }

    /** Codes a folded residual: its bits, the highest first. */
    private int folded(int p, int actual) {
        int node = 1;
        for (int bit = depth - 1; bit >= 0; bit--) {
            node = node << 1 | samples.decide(p << Short.SIZE + 1 | node, p * depth + bit, actual >> bit & 1);
        }
        return node - (1 << depth);
    }
}
