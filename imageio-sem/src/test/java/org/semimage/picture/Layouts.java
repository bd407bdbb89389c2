// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.generate.Descriptors;

/** Compares layouts of descriptors. */
public final class Layouts {

    private Layouts() {
    }

    /** The sum of squared differences of two layouts of one size. */
    public static double distance(Descriptors a, Descriptors b) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < a.layout()[c].length; i++) {
                sum += Math.pow(a.layout()[c][i] - b.layout()[c][i], 2);
            }
        }
        return sum;
    }
}
