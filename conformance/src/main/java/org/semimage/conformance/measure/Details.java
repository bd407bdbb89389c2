// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.picture.RgbSamples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the squares of a picture that are worth a look from near. */
final class Details {

    private static final int SIDE = 80;

    private Details() {
    }

    /** The busiest square by luma, and where there is room for another, the one with the most change of colour beside it. */
    static List<Comparison.Detail> of(RgbSamples picture) {
        List<Comparison.Detail> details = new ArrayList<>();
        busiest(picture, picture.luma(), details).ifPresent(details::add);
        busiest(picture, redness(picture), details).ifPresent(details::add);
        return List.copyOf(details);
    }

    /** Red less the mean of green and blue: small red things are what codecs fade first. */
    private static double[] redness(RgbSamples picture) {
        double[] redness = new double[picture.rgb().length];
        for (int i = 0; i < redness.length; i++) {
            int pixel = picture.rgb()[i];
            redness[i] = (pixel >> 16 & 0xFF) - ((pixel >> 8 & 0xFF) + (pixel & 0xFF)) / 2.0;
        }
        return redness;
    }

    /** The square with the largest differences between neighbours, on a grid of a quarter of its side, that touches none of some others. */
    private static Optional<Comparison.Detail> busiest(RgbSamples picture, double[] plane, List<Comparison.Detail> taken) {
        int side = Math.min(SIDE, Math.min(picture.width(), picture.height()));
        int step = Math.max(1, side / 4);
        double[][] sums = differenceSums(picture, plane);
        Optional<Comparison.Detail> best = Optional.empty();
        double most = -1;
        for (int y = 0; y + side <= picture.height(); y += step) {
            for (int x = 0; x + side <= picture.width(); x += step) {
                Comparison.Detail square = new Comparison.Detail(x, y, side);
                double inside = sums[y + side][x + side] - sums[y][x + side] - sums[y + side][x] + sums[y][x];
                if (inside > most && taken.stream().noneMatch(t -> overlap(t, square))) {
                    most = inside;
                    best = Optional.of(square);
                }
            }
        }
        return best;
    }

    private static boolean overlap(Comparison.Detail a, Comparison.Detail b) {
        return Math.abs(a.x() - b.x()) < a.side() && Math.abs(a.y() - b.y()) < a.side();
    }

    /** Differences to the right and lower neighbour, summed over all pixels above and left of each place. */
    private static double[][] differenceSums(RgbSamples picture, double[] plane) {
        int width = picture.width();
        int height = picture.height();
        double[][] sums = new double[height + 1][width + 1];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double here = plane[y * width + x];
                double right = x + 1 < width ? plane[y * width + x + 1] : here;
                double below = y + 1 < height ? plane[(y + 1) * width + x] : here;
                sums[y + 1][x + 1] = sums[y][x + 1] + sums[y + 1][x] - sums[y][x] + Math.abs(right - here) + Math.abs(below - here);
            }
        }
        return sums;
    }
}
