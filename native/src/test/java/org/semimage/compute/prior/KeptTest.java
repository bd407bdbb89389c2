// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;

class KeptTest {

    private static final BatchItem ITEM = BatchItem.whole(128, 192, true, false, 0);

    @Test
    void partOfAPlaneIsItsRowsAndColumns() {
        float[] plane = new float[6];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = i;
        }
        Coded<float[][]> whole = new Coded<>(List.of(), new float[][] {plane}, new byte[] {1});
        Coded<float[][]> part = new Kept(64, 64, 64, 128).of(ITEM, 6, whole);
        assertArrayEquals(new float[] {4, 5}, part.coefficients()[0]);
        assertArrayEquals(new byte[] {1}, part.context());
        assertSame(whole, Kept.all(ITEM).of(ITEM, 6, whole));
    }

    @Test
    void whatLiesOutsideOrBetweenBlocksIsRefused() {
        for (Kept wrong : List.of(new Kept(0, 0, 64, 100), new Kept(-64, 0, 64, 64), new Kept(0, 0, 0, 64), new Kept(64, 0, 128, 192),
                new Kept(0, 128, 64, 128))) {
            assertThrows(IllegalArgumentException.class, () -> new Source(ITEM, List.of(), wrong));
        }
    }
}
