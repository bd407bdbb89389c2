// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Philox;
import org.semimage.compute.diffusion.Planes;

/**
 * What a decoder makes of errors in its latents: the matrix M for which an error e at a place adds e' M e to the squared error of the
 * picture, on average. Measured on part of a picture's latents, as networks are no linear maps.
 */
public final class Sensitivity {

    /** Latents to a side of the part that is measured. */
    private static final int SIDE = 16;

    /** Errors are of about a quarter of the latents' deviation, which is what coarse quantization leaves. */
    private static final float ERROR = 0.25f;

    private Sensitivity() {
    }

    /**
     * The matrix, {@code [channel][channel]}, in units in which its determinant is 1. It takes as many decodings of 16 x 16 latents as
     * there are channels, and two.
     */
    public static double[][] of(AutoEncoder network, Planes latents) {
        Planes part = middle(latents);
        int area = part.height() * part.width();
        float[] noise = Philox.normal(0, 0, part.channels(), part.height(), part.width()).data();
        float[] base = part.data().clone();
        for (int i = 0; i < base.length; i++) {
            base[i] += ERROR * noise[i];
        }
        float[] signs = Philox.normal(0, 1, 1, part.height(), part.width()).data();
        float[] picture = network.decode(with(part, base)).data();
        float[][] differences = new float[part.channels()][];
        for (int c = 0; c < part.channels(); c++) {
            float[] moved = base.clone();
            for (int i = 0; i < area; i++) {
                moved[c * area + i] += Math.copySign(ERROR, signs[i]);
            }
            differences[c] = network.decode(with(part, moved)).data();
            for (int i = 0; i < picture.length; i++) {
                differences[c][i] -= picture[i];
            }
        }
        double[][] matrix = new double[part.channels()][part.channels()];
        for (int a = 0; a < matrix.length; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = 0;
                for (int i = 0; i < picture.length; i++) {
                    sum += (double) differences[a][i] * differences[b][i];
                }
                matrix[a][b] = sum;
                matrix[b][a] = sum;
            }
        }
        return Matrices.normalized(matrix);
    }

    private static Planes with(Planes shape, float[] data) {
        return new Planes(shape.channels(), shape.height(), shape.width(), data);
    }

    private static Planes middle(Planes latents) {
        int height = Math.min(SIDE, latents.height());
        int width = Math.min(SIDE, latents.width());
        int top = (latents.height() - height) / 2;
        int left = (latents.width() - width) / 2;
        Planes part = Planes.of(latents.channels(), height, width);
        for (int c = 0; c < latents.channels(); c++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(latents.data(), (c * latents.height() + top + y) * latents.width() + left, part.data(),
                        (c * height + y) * width, width);
            }
        }
        return part;
    }
}
