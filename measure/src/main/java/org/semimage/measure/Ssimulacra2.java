// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import org.semimage.picture.RgbSamples;

import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * SSIMULACRA 2.1, a measure fitted to what people say of pictures: J. Sneyers, "SSIMULACRA 2", Cloudinary, 2022 and 2023. It draws
 * three maps of errors (lost structure, ringing, blur) of the three {@link Xyb} components at up to six scales, each half the one before
 * in linear light. Two norms of each map, weighed as published, add up to the score.
 *
 * <p>Pictures with a side of 112 or less have fewer scales. Their norms then take the table's first weights, as in the published program.
 */
public final class Ssimulacra2 {

    /** The shortest side that has a score. */
    public static final int MIN_SIDE = 8;

    private static final int SCALES = 6;
    /** Of one component at one scale: the 1-norms of the three maps, then their 4-norms. */
    private static final int NORMS = 6;
    private static final float C2 = 0.0009f;

    /** Rows by component (X, Y, B-Y) and scale; a row holds lost structure, ringing and blur by the 1-norm, then by the 4-norm. */
    private static final double[] WEIGHTS = {
            0, 0.0007376606707406586, 0, 0, 0.0007793481682867309, 0,
            0, 0.0004371155730107379, 0, 1.1041726426657346, 0.00066284834129271, 0.00015231632783718752,
            0, 0.0016406437456599754, 0, 1.8422455520539298, 11.441172603757666, 0,
            0.0007989109436015163, 0.000176816438078653, 0, 1.8787594979546387, 10.94906990605142, 0,
            0.0007289346991508072, 0.9677937080626833, 0, 0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053,
            0.0004550992113792063, 0, 0, 0.0013648766163243398, 0, 0,
            0, 0, 0, 7.466890328078848, 0, 17.445833984131262,
            0.0006235601634041466, 0, 0, 6.683678146179332, 0.00037724407979611296, 1.027889937768264,
            225.20515300849274, 0, 0, 19.213238186143016, 0.0011401524586618361, 0.001237755635509985,
            176.39317598450694, 0, 0, 24.43300999870476, 0.28520802612117757, 0.0004485436923833408,
            0, 0, 0, 34.77906344483772, 44.835625328877896, 0,
            0, 0, 0, 0, 0, 0,
            0, 0.0008680556573291698, 0, 0, 0, 0,
            0, 0.0005313191874358747, 0, 0.00016533814161379112, 0, 0,
            0, 0, 0, 0.0004179171803251336, 0.0017290828234722833, 0,
            0.0020827005846636437, 0, 0, 8.826982764996862, 23.19243343998926, 0,
            95.1080498811086, 0.9863978034400682, 0.9834382792465353, 0.0012286405048278493, 171.2667255897307, 0.9807858872435379,
            0, 0, 0, 0.0005130064588990679, 0, 0.00010854057858411537};

    private Ssimulacra2() {
    }

    /**
     * The score of a distorted picture; the two pictures do not play the same part.
     *
     * @return 100 for equal pictures, 90 where no difference is seen, 70 for high quality, 50 for medium, 30 for low, without a lower
     *         bound; empty if a side is shorter than {@link #MIN_SIDE}
     * @throws IllegalArgumentException if the sizes differ
     */
    public static OptionalDouble of(RgbSamples original, RgbSamples distorted) {
        original.requireSameSize(distorted);
        if (Math.min(original.width(), original.height()) < MIN_SIDE) {
            return OptionalDouble.empty();
        }
        LinearRgb p = LinearRgb.of(original);
        LinearRgb q = LinearRgb.of(distorted);
        double[][][] norms = new double[Xyb.COMPONENTS][SCALES][];
        int scales = 0;
        while (scales < SCALES && (scales == 0 || Math.min(p.width(), p.height()) >= MIN_SIDE)) {
            if (scales > 0) {
                p = p.halved();
                q = q.halved();
            }
            compare(p, q, norms, scales);
            scales++;
        }
        return OptionalDouble.of(score(norms, scales));
    }

    private static double score(double[][][] norms, int scales) {
        double sum = 0;
        int i = 0;
        for (double[][] component : norms) {
            for (int scale = 0; scale < scales; scale++) {
                for (double norm : component[scale]) {
                    sum += WEIGHTS[i++] * norm;
                }
            }
        }
        double error = 0.9562382616834844 * sum;
        double bent = error * (2.326765642916932 + error * (-0.020884521182843837 + error * 6.248496625763138e-05));
        return bent > 0 ? 100 - 10 * Math.pow(bent, 0.6276336467831387) : 100;
    }

    /** Fills in one scale of every component. */
    private static void compare(LinearRgb p, LinearRgb q, double[][][] norms, int scale) {
        float[][] a = Xyb.of(p);
        float[][] b = Xyb.of(q);
        IntStream.range(0, Xyb.COMPONENTS).parallel()
                .forEach(c -> norms[c][scale] = norms(a[c], b[c], new RecursiveGaussian(p.width(), p.height())));
    }

    /** The norms of the three maps of one component, in the order of the weights. */
    private static double[] norms(float[] a, float[] b, RecursiveGaussian blur) {
        float[] meanA = blur.of(a);
        float[] meanB = blur.of(b);
        float[] squareA = blur.ofProduct(a, a);
        float[] squareB = blur.ofProduct(b, b);
        float[] cross = blur.ofProduct(a, b);
        double[] norms = new double[NORMS];
        for (int i = 0; i < a.length; i++) {
            float difference = meanA[i] - meanB[i];
            float covariance = cross[i] - meanA[i] * meanB[i];
            float variances = squareA[i] - meanA[i] * meanA[i] + (squareB[i] - meanB[i] * meanB[i]);
            float similarity = (1 - difference * difference) * (2 * covariance + C2) / (variances + C2);
            double lost = Math.max(0, 1.0 - similarity);
            double edges = (1.0 + Math.abs(b[i] - meanB[i])) / (1.0 + Math.abs(a[i] - meanA[i])) - 1;
            double ringing = Math.max(0, edges);
            double blurred = Math.max(0, -edges);
            norms[0] += lost;
            norms[1] += ringing;
            norms[2] += blurred;
            norms[3] += fourthPower(lost);
            norms[4] += fourthPower(ringing);
            norms[5] += fourthPower(blurred);
        }
        for (int i = 0; i < NORMS; i++) {
            double mean = norms[i] / a.length;
            norms[i] = i < NORMS / 2 ? mean : Math.sqrt(Math.sqrt(mean));
        }
        return norms;
    }

    private static double fourthPower(double x) {
        double square = x * x;
        return square * square;
    }
}
