// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/**
 * Room for what is computed of a row on the way. Every array has the row's samples in the same places, since the compiler makes
 * vector instructions neither of loops that look at one array in several places nor of long ones.
 */
final class RowScratch {

    final int[] here;
    final int[] w;
    final int[] ww;
    final int[] n;
    final int[] nw;
    final int[] ne;
    final int[] nn;
    final int[] changes;
    final int[] classes;
    final int[] steps;
    final int[] errors;

    RowScratch(int width) {
        here = new int[width];
        w = new int[width];
        ww = new int[width];
        n = new int[width];
        nw = new int[width];
        ne = new int[width];
        nn = new int[width];
        changes = new int[width];
        classes = new int[width];
        steps = new int[width];
        errors = new int[width];
    }

    /** Takes the neighbours of a row's places. */
    void look(int[] row, int[] above, int[] above2) {
        int width = here.length;
        System.arraycopy(row, PlanePredictor.MARGIN, here, 0, width);
        System.arraycopy(row, PlanePredictor.MARGIN - 1, w, 0, width);
        System.arraycopy(row, PlanePredictor.MARGIN - 2, ww, 0, width);
        System.arraycopy(above, PlanePredictor.MARGIN, n, 0, width);
        System.arraycopy(above, PlanePredictor.MARGIN - 1, nw, 0, width);
        System.arraycopy(above, PlanePredictor.MARGIN + 1, ne, 0, width);
        System.arraycopy(above2, PlanePredictor.MARGIN, nn, 0, width);
    }
}
