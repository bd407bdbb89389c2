// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;


import org.semimage.measure.MsSsim;

import java.util.List;

/** A measure of how near a decoded picture is to its original. */
enum Measure {

    /** Of the three RGB channels together; infinite for equal pictures. */
    PSNR("PSNR dB", "psnr", "%.3f", "RGB PSNR in dB"),

    /** Of luma, 0..1, with curves and differences over its decibels; pictures too small for it have none. */
    MS_SSIM("MS-SSIM", "msssim", "%.5f", "MS-SSIM in dB") {
        @Override
        double quality(double score) {
            return MsSsim.decibels(score);
        }
    },

    /** Up to 100. */
    SSIMULACRA2("SSIMULACRA 2", "ssimulacra2", "%.2f", "SSIMULACRA 2", 10d, 30d, 50d, 60d, 70d, 80d, 85d, 90d),

    /** The 3-norm by libjxl's program, 0 for equal pictures: the lower, the better. */
    BUTTERAUGLI("Butteraugli", "butteraugli", "%.3f", "Butteraugli 3-norm, negative", 4d, 3d, 2.4, 1.8, 1.4, 1.1) {
        @Override
        double quality(double score) {
            return -score;
        }
    };

    private final String title;
    private final String key;
    private final String format;
    private final String axis;
    private final List<Double> levels;

    Measure(String title, String key, String format, String axis, Double... levels) {
        this.title = title;
        this.key = key;
        this.format = format;
        this.axis = axis;
        this.levels = List.of(levels);
    }

    /** What a curve runs over: a function of the score that rises as pictures get better, finite unless the pictures are equal. */
    double quality(double score) {
        return score;
    }

    /** The heading of a column of scores. */
    String title() {
        return title;
    }

    /** The name in JSON. */
    String key() {
        return key;
    }

    /** How a score is printed. */
    String format() {
        return format;
    }

    /** What {@link #quality} is, with its unit. */
    String axis() {
        return axis;
    }

    /** The scores at which bytes are compared, from bad to good; may be empty. */
    List<Double> levels() {
        return levels;
    }
}
