// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class CoefficientNetTest {

    @Test
    void withoutGainsTheLastConvolutionIsTheCorrection() {
        float[] last = filled(CoefficientNet.CHANNELS, 3);
        assertSame(last, CoefficientNet.withDivisiveGains(filled(CoefficientNet.CHANNELS, 5), last));
    }

    @Test
    void gainsOfOneDoubleCorrectedDetailsAndThoseOfMinusOneHalveThem() {
        assertEquals(2 * (5 + 3), 5 + withGain(1), 1e-6f);
        assertEquals((5 + 3) / 2f, 5 + withGain(-1), 1e-6f);
        assertEquals(3, withGain(0), 1e-6f);
    }

    /** The correction of details of 5 for which the last convolution gives a correction of 3 and a gain; the low band has no gain. */
    private static float withGain(float gain) {
        float[] last = filled(CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS, 3);
        Arrays.fill(last, CoefficientNet.CHANNELS, last.length, gain / CoefficientNet.GAIN_UNIT);
        float[] correction = CoefficientNet.withDivisiveGains(filled(CoefficientNet.CHANNELS, 5), last);
        assertEquals(CoefficientNet.CHANNELS, correction.length);
        assertArrayEquals(filled(CoefficientNet.LOW_CHANNELS, 3), Arrays.copyOf(correction, CoefficientNet.LOW_CHANNELS));
        float[] details = Arrays.copyOfRange(correction, CoefficientNet.LOW_CHANNELS, correction.length);
        assertArrayEquals(filled(details.length, details[0]), details);
        return details[0];
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }
}
