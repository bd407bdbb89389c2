// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import java.util.Arrays;

/**
 * Predicts the samples of one plane, row by row, and says in which context their residuals belong (FORMAT.md, "Lossless
 * payload"). Encoder, decoder and training of the weights walk over a plane with the same object.
 *
 * <p>A prediction is the left neighbour plus a weighted sum of differences: of other neighbours, of their median, and of samples
 * of planes coded before, the one at the same place included. The weights belong to one of a few classes of local texture, as in
 * Wu and Memon's CALIC, and are the encoder's to choose. For each sample in turn: {@link #predict}, then {@link #set}; the rows
 * of the references must be complete up to the sample's own.
 */
final class PlanePredictor {

    /** Classes of texture: four of activity times three of direction. */
    static final int CLASSES = 12;

    /** Contexts of residuals. */
    static final int CONTEXTS = 40;

    /** Fraction bits of a weight. */
    static final int WEIGHT_SHIFT = 10;

    /** A weight is in {@code -MAX_WEIGHT - 1..MAX_WEIGHT}: 14 of them times differences of 16-bit samples stay within 32 bits. */
    static final int MAX_WEIGHT = (1 << WEIGHT_SHIFT + 1) - 1;

    /** Differences within the plane. */
    static final int OWN_TAPS = 6;

    /** Differences of each reference. */
    static final int REFERENCE_TAPS = 4;

    /** Columns that a row has on its left beyond the plane; one more is on its right. */
    static final int MARGIN = 2;

    private final int width;
    private final int bitDepth;
    private final int max;
    private final PlanePredictor[] references;
    private final PlanePredictor reference1;
    private final PlanePredictor reference2;
    private final int taps;
    private int[] row;
    private int[] above;
    private int[] above2;
    private int[] error;
    private int[] errorAbove;
    private int[] errorAbove2;
    private boolean firstRow;
    private int texture;
    private int context;

    /** @param references the planes that this one is predicted from too, at most two */
    PlanePredictor(int width, int bitDepth, PlanePredictor... references) {
        this.width = width;
        this.bitDepth = bitDepth;
        this.max = (1 << bitDepth) - 1;
        this.references = references;
        reference1 = references.length > 0 ? references[0] : null;
        reference2 = references.length > 1 ? references[1] : null;
        taps = taps(references.length);
        row = new int[width + MARGIN + 1];
        above = new int[width + MARGIN + 1];
        above2 = new int[width + MARGIN + 1];
        error = new int[width + MARGIN + 1];
        errorAbove = new int[width + MARGIN + 1];
        errorAbove2 = new int[width + MARGIN + 1];
        Arrays.fill(row, max + 1 >> 1);
        Arrays.fill(above, max + 1 >> 1);
        firstRow = true;
    }

    /** Weights of a class, one for each difference. */
    static int taps(int references) {
        return OWN_TAPS + REFERENCE_TAPS * references;
    }

    /** The weights of all classes, as they are before any were chosen. */
    static int[] defaultWeights(int references) {
        int one = 1 << WEIGHT_SHIFT;
        int[] weights = new int[CLASSES * taps(references)];
        for (int c = 0; c < CLASSES; c++) {
            int at = c * taps(references);
            if (references == 0) {
                weights[at + OWN_TAPS - 1] = one;
            } else {
                weights[at] = one / 2;
                weights[at + OWN_TAPS] = one;
                weights[at + OWN_TAPS + 1] = -one / 2;
            }
        }
        return weights;
    }

    /**
     * Moves to the next row.
     *
     * @param first whether it is its band's first
     */
    void nextRow(boolean first) {
        firstRow = first;
        int[] spare = above2;
        above2 = above;
        above = row;
        row = spare;
        row[0] = above[MARGIN];
        row[1] = above[MARGIN];
        int[] spareError = errorAbove2;
        errorAbove2 = errorAbove;
        errorAbove = error;
        error = spareError;
    }

    /**
     * Predicts a sample, 0..2^bitDepth - 1, and finds its context. Its parts are small enough for the compiler to inline them into
     * the loop over a row.
     *
     * @param weights of all classes
     */
    int predict(int x, int[] weights) {
        int i = x + MARGIN;
        int w = row[i - 1];
        int change = change(i);
        int at = texture * taps;
        int sum = ownSum(i, weights, at);
        int busy = ownErrors(i) + (change >> 2);
        if (reference1 != null) {
            sum += reference1.referenceSum(i, weights, at + OWN_TAPS);
            busy += 2 * reference1.error[i];
        }
        if (reference2 != null) {
            sum += reference2.referenceSum(i, weights, at + OWN_TAPS + REFERENCE_TAPS);
            busy += 2 * reference2.error[i];
        }
        context = context(busy);
        int step = firstRow ? firstRowStep(i) : sum + (1 << WEIGHT_SHIFT - 1) >> WEIGHT_SHIFT;
        return Math.max(0, Math.min(max, w + step));
    }

    private int firstRowStep(int i) {
        return reference1 == null ? 0 : reference1.row[i] - reference1.row[i - 1];
    }

    /**
     * Sets the class of texture, without branches, which would be mispredicted.
     *
     * @return how much samples change from one to the next
     */
    private int change(int i) {
        int w = row[i - 1];
        int n = above[i];
        int nw = above[i - 1];
        int horizontal = Math.abs(w - row[i - 2]) + Math.abs(n - nw) + Math.abs(n - above[i + 1]);
        int vertical = Math.abs(w - nw) + Math.abs(n - above2[i]);
        int direction = 1 + (4 * horizontal - 3 * vertical >> 31) - (3 * vertical - horizontal >> 31);
        int level = horizontal + vertical >> bitDepth - 8;
        texture = 3 * ((4 - level >>> 31) + (13 - level >>> 31) + (34 - level >>> 31)) + direction;
        return horizontal + vertical;
    }

    private int ownSum(int i, int[] weights, int at) {
        int w = row[i - 1];
        int n = above[i];
        int nw = above[i - 1];
        return weights[at] * (n - w) + weights[at + 1] * (nw - w) + weights[at + 2] * (above[i + 1] - w)
                + weights[at + 3] * (row[i - 2] - w) + weights[at + 4] * (above2[i] - w) + weights[at + 5] * (median(w, n, nw) - w);
    }

    /** The median of two neighbours and of the plane through three: the left one, the one above, the one between. */
    static int median(int w, int n, int nw) {
        return Math.max(Math.min(w, n), Math.min(Math.max(w, n), w + n - nw));
    }

    private int ownErrors(int i) {
        return 2 * (error[i - 1] + errorAbove[i]) + errorAbove[i - 1] + errorAbove[i + 1] + error[i - 2] + errorAbove2[i];
    }

    private int referenceSum(int i, int[] weights, int at) {
        int w = row[i - 1];
        return weights[at] * (row[i] - w) + weights[at + 1] * (above[i] - w) + weights[at + 2] * (above[i - 1] - w)
                + weights[at + 3] * (above[i + 1] - w);
    }

    /** The logarithm of twice the activity and one, in halves. */
    private static int context(int activity) {
        int a = 2 * activity + 2;
        int log = Integer.SIZE - 2 - Integer.numberOfLeadingZeros(a);
        return 2 * log + (a >> log & 1);
    }

    /** The context of the residual of the sample that was predicted last. */
    int context() {
        return context;
    }

    /**
     * The differences that weights apply to, without a prediction.
     *
     * @param differences one for each weight of a class
     * @return the class of the local texture
     */
    int differences(int x, int[] differences) {
        int i = x + MARGIN;
        int w = row[i - 1];
        int n = above[i];
        int nw = above[i - 1];
        int[] own = {n, nw, above[i + 1], row[i - 2], above2[i], median(w, n, nw)};
        for (int t = 0; t < OWN_TAPS; t++) {
            differences[t] = own[t] - w;
        }
        int at = OWN_TAPS;
        for (PlanePredictor reference : references) {
            int[] r = reference.row;
            int[] a = reference.above;
            differences[at++] = r[i] - r[i - 1];
            differences[at++] = a[i] - r[i - 1];
            differences[at++] = a[i - 1] - r[i - 1];
            differences[at++] = a[i + 1] - r[i - 1];
        }
        change(i);
        return texture;
    }

    /** The left neighbour, which differences are taken from. */
    int left(int x) {
        return row[x + MARGIN - 1];
    }

    /** The difference between a sample and its prediction, wrapped into the samples' number of bits with sign. */
    int residual(int sample, int prediction) {
        int shift = Integer.SIZE - bitDepth;
        return sample - prediction << shift >> shift;
    }

    /** The sample of a residual. */
    int sample(int prediction, int residual) {
        return prediction + residual & max;
    }

    /** Takes a row's next sample. */
    void set(int x, int sample, int residual) {
        row[x + MARGIN] = sample;
        error[x + MARGIN] = Math.abs(residual);
        if (x == width - 1) {
            row[x + MARGIN + 1] = sample;
        }
    }

    /**
     * Predicts all samples of a row that has been set: what {@link #predict}, {@link #residual} and {@link #context} give one after the
     * other, in short loops over the row.
     *
     * @param weights   of all classes
     * @param residuals takes a residual for every sample
     * @param contexts  takes the context of every residual
     */
    void predictRow(int[] weights, int[] residuals, int[] contexts, RowScratch scratch) {
        scratch.look(row, above, above2);
        Rows.distance(scratch.w, scratch.ww, scratch.changes);
        Rows.addDistance(scratch.n, scratch.nw, scratch.changes);
        Rows.addDistance(scratch.n, scratch.ne, scratch.changes);
        Rows.distance(scratch.w, scratch.nw, scratch.steps);
        Rows.addDistance(scratch.n, scratch.nn, scratch.steps);
        classify(scratch.changes, scratch.steps, bitDepth - 8, scratch.classes);
        if (firstRow) {
            for (int x = 0; x < width; x++) {
                scratch.steps[x] = firstRowStep(x + MARGIN);
            }
        } else {
            ownSteps(scratch.w, scratch.ww, scratch.n, scratch.nw, scratch.ne, scratch.nn, weights, taps, scratch.classes, scratch.steps);
            for (int r = 0; r < references.length; r++) {
                referenceSteps(references[r].row, references[r].above, weights, taps, OWN_TAPS + r * REFERENCE_TAPS,
                        scratch.classes, scratch.steps);
            }
            Rows.round(scratch.steps);
        }
        Rows.add(scratch.w, scratch.steps);
        Rows.clamp(scratch.steps, max);
        Rows.residuals(scratch.here, scratch.steps, Integer.SIZE - bitDepth, residuals);
        Rows.absolute(residuals, scratch.errors);
        System.arraycopy(scratch.errors, 0, error, MARGIN, width);
        scratch.look(error, errorAbove, errorAbove2);
        Rows.quarter(scratch.changes);
        Rows.addDoubled(scratch.w, scratch.changes);
        Rows.addDoubled(scratch.n, scratch.changes);
        Rows.add(scratch.nw, scratch.changes);
        Rows.add(scratch.ne, scratch.changes);
        Rows.add(scratch.ww, scratch.changes);
        Rows.add(scratch.nn, scratch.changes);
        for (PlanePredictor reference : references) {
            System.arraycopy(reference.error, MARGIN, scratch.here, 0, width);
            Rows.addDoubled(scratch.here, scratch.changes);
        }
        for (int x = 0; x < width; x++) {
            contexts[x] = context(scratch.changes[x]);
        }
    }

    private static void classify(int[] horizontal, int[] vertical, int shift, int[] classes) {
        for (int x = 0; x < classes.length; x++) {
            classes[x] = 1 + (4 * horizontal[x] - 3 * vertical[x] >> 31) - (3 * vertical[x] - horizontal[x] >> 31);
        }
        Rows.add(vertical, horizontal);
        for (int x = 0; x < classes.length; x++) {
            int level = horizontal[x] >> shift;
            classes[x] += 3 * ((4 - level >>> 31) + (13 - level >>> 31) + (34 - level >>> 31));
        }
    }

    private static void ownSteps(int[] w, int[] ww, int[] n, int[] nw, int[] ne, int[] nn, int[] weights, int taps,
            int[] classes, int[] steps) {
        for (int x = 0; x < steps.length; x++) {
            int left = w[x];
            int at = classes[x] * taps;
            steps[x] = weights[at] * (n[x] - left) + weights[at + 1] * (nw[x] - left) + weights[at + 2] * (ne[x] - left)
                    + weights[at + 3] * (ww[x] - left) + weights[at + 4] * (nn[x] - left)
                    + weights[at + 5] * (median(left, n[x], nw[x]) - left);
        }
    }

    private static void referenceSteps(int[] row, int[] above, int[] weights, int taps, int first, int[] classes, int[] steps) {
        for (int x = 0; x < steps.length; x++) {
            int w = row[x + MARGIN - 1];
            int at = classes[x] * taps + first;
            steps[x] += weights[at] * (row[x + MARGIN] - w) + weights[at + 1] * (above[x + MARGIN] - w)
                    + weights[at + 2] * (above[x + MARGIN - 1] - w) + weights[at + 3] * (above[x + MARGIN + 1] - w);
        }
    }

    /**
     * Takes a whole row, with no residuals.
     *
     * @param from index of the first sample
     */
    void setRow(short[] samples, int from) {
        for (int x = 0; x < width; x++) {
            row[x + MARGIN] = samples[from + x] & 0xFFFF;
        }
        row[width + MARGIN] = row[width + MARGIN - 1];
    }
}
