// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ConvolutionTest {

    private static float[] random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 7, 5", "3, 1, 7, 5", "3, 2, 8, 6", "4, 4, 8, 12", "3, 1, 1, 1"})
    void isTheSumOfProducts(int kernel, int stride, int width, int height) {
        int in = 3;
        int out = 4;
        Random random = new Random(7);
        float[] samples = random(random, width * height * in);
        float[] weights = random(random, kernel * kernel * in * out);
        float[] bias = random(random, out);
        Convolution.Map map = new Convolution(kernel, stride, in, weights, bias).apply(new Convolution.Map(width, height, samples));
        int reach = kernel == 3 ? 1 : 0;
        assertEquals((width + 2 * reach - kernel) / stride + 1, map.width());
        assertEquals((height + 2 * reach - kernel) / stride + 1, map.height());
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                for (int o = 0; o < out; o++) {
                    double sum = bias[o];
                    for (int k = 0; k < kernel * kernel * in; k++) {
                        int row = y * stride + k / in / kernel - reach;
                        int column = x * stride + k / in % kernel - reach;
                        if (row >= 0 && row < height && column >= 0 && column < width) {
                            sum += (double) samples[(row * width + column) * in + k % in] * weights[k * out + o];
                        }
                    }
                    assertEquals(sum, map.samples()[(y * map.width() + x) * out + o], 1e-4);
                }
            }
        }
    }

    @Test
    void aMapShrinksToMeans() {
        Convolution.Map map = new Convolution.Map(3, 2, new float[] {1, 2, 9, 3, 6, 9});
        assertArrayEquals(new float[] {3}, map.shrunk(2).samples());
        assertArrayEquals(new float[] {5}, map.mean());
    }
}
