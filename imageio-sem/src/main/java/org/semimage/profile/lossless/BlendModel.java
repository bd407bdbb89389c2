// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.entropy.Decisions;
import org.semimage.picture.PixelPlanes;

import java.util.Arrays;

/**
 * Codes the samples of a photograph in few bytes and much time (FORMAT.md, "Mixed strips"): three predictions, blended by how right they
 * were nearby, and the residual as decisions under many mixed contexts.
 *
 * <p>Encoder and decoder walk over a strip with the same object.
 */
final class BlendModel implements StripModel {

    /** Columns that a row has on either side beyond the strip. */
    private static final int MARGIN = 3;

    /** Predictions have so many fraction bits. */
    private static final int FRACTION = 3;

    private static final int OWN_TAPS = 10;
    private static final int REFERENCE_TAPS = 6;
    private static final int SLOW = 256;
    private static final int FAST = 1280;
    private static final int PREDICTIONS = 3;

    private static final int INPUTS = 19;
    private static final int LIMIT = 127;
    private static final int RATE = 16;

    /** Classes of expected error, each of which has weights of its own for every kind of decision. */
    private static final int ERROR_CLASSES = 12;
    private static final int KINDS = 26;
    private static final int EXPONENT_KIND = 2;
    private static final int MANTISSA_KIND = 18;

    private final int width;
    private final int depth;
    private final int max;
    private final Plane[] planes;
    private final ContextMixer mixer;

    /** @param strip its samples are written where the decisions are a decoder's, and otherwise read and written as they are */
    BlendModel(PixelPlanes strip, Decisions decisions) {
        width = strip.width();
        depth = strip.format().bitDepth();
        max = strip.format().maxSample();
        CodedPlane[] coded = CodedPlane.of(strip);
        planes = new Plane[coded.length];
        for (int p = 0; p < coded.length; p++) {
            planes[p] = new Plane(p, coded[p]);
        }
        mixer = new ContextMixer(INPUTS, MixedStrip.placeBits(strip), planes.length * ERROR_CLASSES * KINDS, LIMIT, RATE, decisions);
    }

    @Override
    public void row(int y) {
        for (Plane plane : planes) {
            plane.nextRow();
        }
        for (int x = 0; x < width; x++) {
            for (Plane plane : planes) {
                plane.sample(x + MARGIN, y * width + x);
            }
        }
        for (Plane plane : planes) {
            Arrays.fill(plane.rows[0], width + MARGIN, width + 2 * MARGIN, plane.rows[0][width + MARGIN - 1]);
        }
    }

    /** The logarithm to base 2 in halves: 0, 1, 2, 3, 4, 4, 5, 5, 6 ... */
    private static int halves(int value) {
        int log = Rows.bitLength(value) - 1;
        return value < 2 ? value : 2 * log + (value >> log - 1 & 1);
    }

    /** The rows of a plane that can still be looked at, and what was learned of them. Row 0 is the current one, the others lie above. */
    private final class Plane {

        private final int number;
        private final short[] samples;
        private final Plane[] references;
        private final int[][] rows = new int[3][width + 2 * MARGIN];
        private final int[][] residuals = new int[3][width + 2 * MARGIN];
        private final int[][][] misses = new int[PREDICTIONS][2][width + 2 * MARGIN];
        private final int[] differences;
        private final int[] predictions = new int[PREDICTIONS];
        private final AdaptivePredictor slow;
        private final AdaptivePredictor fast;

        Plane(int number, CodedPlane coded) {
            this.number = number;
            samples = coded.samples();
            int count = coded.references().length;
            references = new Plane[count];
            for (int r = 0; r < count; r++) {
                references[r] = planes[coded.references()[count - 1 - r]];
            }
            differences = new int[OWN_TAPS + REFERENCE_TAPS * count];
            slow = new AdaptivePredictor(SLOW, differences.length);
            fast = new AdaptivePredictor(FAST, differences.length);
            for (AdaptivePredictor predictor : new AdaptivePredictor[] {slow, fast}) {
                if (count == 0) {
                    predictor.set(0, 1 << 15);
                    predictor.set(1, 1 << 14);
                } else {
                    predictor.set(OWN_TAPS, 1 << 16);
                }
            }
            for (int[] row : rows) {
                Arrays.fill(row, max + 1 >> 1);
            }
        }

        void nextRow() {
            Rows.rotate(rows);
            Rows.rotate(residuals);
            for (int[][] miss : misses) {
                Rows.rotate(miss);
            }
            Arrays.fill(rows[0], 0, MARGIN, rows[1][MARGIN]);
        }

        /** Codes a sample, in place {@code i} of the rows and {@code at} of the plane. */
        void sample(int i, int at) {
            int blend = predict(i);
            int prediction = blend + (1 << FRACTION - 1) >> FRACTION;
            int errorClass = setContexts(i, blend, prediction);
            int residual = residual((samples[at] & 0xFFFF) - prediction, (number * ERROR_CLASSES + errorClass) * KINDS);
            int sample = prediction + residual & max;
            samples[at] = (short) sample;
            rows[0][i] = sample;
            residuals[0][i] = residual;
            learn(i, sample << FRACTION);
        }

        private void learn(int i, int sample) {
            for (int p = 0; p < PREDICTIONS; p++) {
                misses[p][0][i] = Math.abs(sample - predictions[p]);
            }
            long power = AdaptivePredictor.power(differences);
            slow.learn(differences, power, sample - predictions[0]);
            fast.learn(differences, power, sample - predictions[1]);
        }

        /** The blend of the predictions. */
        private int predict(int i) {
            setDifferences(i);
            int w = rows[0][i - 1] << FRACTION;
            int offset = references.length == 0 ? 0 : references[0].rows[0][i] - references[0].median(i);
            predictions[0] = clamp(w + slow.sum(differences));
            predictions[1] = clamp(w + fast.sum(differences));
            predictions[2] = clamp(median(i) + offset << FRACTION);
            long weights = 0;
            long sum = 0;
            for (int p = 0; p < PREDICTIONS; p++) {
                int[][] miss = misses[p];
                long missed = 1L + miss[0][i - 1] + miss[1][i] + miss[1][i + 1] + miss[1][i - 1];
                long weight = (1 << 24) / (missed * missed + 1) + 1;
                weights += weight;
                sum += weight * predictions[p];
            }
            return (int) (sum / weights);
        }

        private int clamp(long prediction) {
            return (int) Math.max(0, Math.min(max << FRACTION, prediction));
        }

        int median(int i) {
            return PlanePredictor.median(rows[0][i - 1], rows[1][i], rows[1][i - 1]);
        }

        private void setDifferences(int i) {
            int[] row = rows[0];
            int[] above = rows[1];
            int w = row[i - 1];
            int[] d = differences;
            d[0] = above[i] - w;
            d[1] = above[i + 1] - w;
            d[2] = above[i - 1] - w;
            d[3] = row[i - 2] - w;
            d[4] = rows[2][i] - w;
            d[5] = above[i + 2] - w;
            d[6] = above[i - 2] - w;
            d[7] = rows[2][i + 1] - w;
            d[8] = median(i) - w;
            d[9] = row[i - 3] - w;
            int t = OWN_TAPS;
            for (Plane reference : references) {
                int[] r = reference.rows[0];
                int[] a = reference.rows[1];
                int left = r[i - 1];
                d[t++] = r[i] - left;
                d[t++] = a[i] - left;
                d[t++] = a[i - 1] - left;
                d[t++] = a[i + 1] - left;
                d[t++] = r[i - 2] - left;
                d[t++] = reference.rows[2][i] - left;
            }
            for (t = 0; t < d.length; t++) {
                d[t] <<= FRACTION;
            }
        }

        /**
         * Sets the contexts of the sample's decisions.
         *
         * @param p the prediction
         * @return the class of expected error
         */
        private int setContexts(int i, int blend, int p) {
            int[] row = rows[0];
            int[] above = rows[1];
            int[] above2 = rows[2];
            int[] e = residuals[0];
            int[] eAbove = residuals[1];
            int w = row[i - 1];
            int n = above[i];
            int nw = above[i - 1];
            int ne = above[i + 1];
            int fraction = blend + (1 << FRACTION - 1) >> 1 & 3;
            int here = references.length == 0 ? 0 : references[0].rows[0][i];
            int miss1 = references.length == 0 ? 0 : references[0].residuals[0][i];
            int miss2 = references.length < 2 ? 0 : references[1].residuals[0][i];
            int shift = depth - 8;
            int near = 2 * (Math.abs(e[i - 1]) + Math.abs(eAbove[i])) + Math.abs(eAbove[i + 1]) + Math.abs(eAbove[i - 1])
                    + Math.abs(e[i - 2]) + Math.abs(residuals[2][i]) >> shift;
            int change = Math.abs(w - nw) + Math.abs(n - nw) + Math.abs(n - ne) >> shift;
            int across = 2 * (Math.abs(miss1) + Math.abs(miss2)) >> shift;
            int energy = halves(near + (change >> 2) + 2 * across);
            int nearClass = halves(near);
            int acrossClass = halves(across);
            int signs = Integer.signum(e[i - 1]) + 1 + 3 * (Integer.signum(eAbove[i]) + 1);
            int bias = e[i - 1] + eAbove[i];
            int wideBias = bias + e[i - 2] + eAbove[i + 1] + eAbove[i - 1];
            mixer.set(0, (long) acrossClass << 16 | energy * 4L + fraction);
            mixer.set(1, nearClass * 64 + acrossClass);
            mixer.set(2, Hash.of(p, energy >> 1));
            mixer.set(3, Hash.of(w, n));
            mixer.set(4, Hash.of(p * 4 + fraction, here));
            mixer.set(5, Hash.of(predictions[0] - blend >> 1, energy >> 1));
            mixer.set(6, Hash.of(predictions[1] - blend >> 1, predictions[2] - blend >> 2));
            mixer.set(7, Hash.of(w + n - nw - p, energy >> 2));
            mixer.set(8, Hash.of(ne - p, w - p));
            mixer.set(9, Hash.of(n - p, nw - p));
            mixer.set(10, Hash.of(2 * w - row[i - 2] - p, 2 * n - above2[i] - p));
            mixer.set(11, Hash.of(miss1, energy >> 1));
            mixer.set(12, Hash.of(miss1, miss2));
            mixer.set(13, Hash.of(e[i - 1], eAbove[i]));
            mixer.set(14, Hash.of(halves(change) * 64 + nearClass, signs));
            mixer.set(15, Hash.of(above2[i] - p, row[i - 2] - p));
            if (references.length > 0) {
                mixer.set(16, Hash.of(here - references[0].rows[0][i - 1] + w - p, here - references[0].rows[1][i] + n - p));
            } else {
                mixer.set(16, Hash.of(w + ne - n - p, n + ne - above2[i + 1] - p));
            }
            mixer.set(17, Hash.of(signed(bias), signed(wideBias)));
            return Math.min(ERROR_CLASSES - 1, energy >> 1);
        }

        private static int signed(int value) {
            return 2 * halves(Math.abs(value)) + (value < 0 ? 1 : 0);
        }

        /** Codes a residual: whether it is 0, its sign, the logarithm of its magnitude, the bits below that, the highest first. */
        private int residual(int actual, int weightSets) {
            if (decide(0, weightSets, actual == 0 ? 1 : 0) == 1) {
                return 0;
            }
            int sign = decide(1, weightSets + 1, actual < 0 ? 1 : 0);
            int magnitude = Math.abs(actual);
            int wanted = Rows.bitLength(magnitude) - 1;
            int log = 0;
            while (log < depth - 1 && decide(2 + 2 * log + sign, weightSets + EXPONENT_KIND + log, wanted > log ? 1 : 0) == 1) {
                log++;
            }
            int bits = 1;
            for (int bit = log - 1; bit >= 0; bit--) {
                int kind = MANTISSA_KIND + Math.min(KINDS - MANTISSA_KIND - 1, log - 1 - bit);
                bits = bits << 1 | decide(64 + ((log << Short.SIZE | bits) << 1 | sign), weightSets + kind, magnitude >> bit & 1);
            }
            return sign == 1 ? -bits : bits;
        }

        private int decide(int key, int weightSet, int outcome) {
            return mixer.decide(key * 4 + number, weightSet, outcome);
        }
    }
}
