// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StripLayoutTest {

    @Property(tries = 200)
    void stripsCoverAPictureOnce(@ForAll @IntRange(min = 1, max = 100_000) int width, @ForAll @IntRange(min = 1, max = 100_000) int height)
            throws IIOException {
        StripLayout layout = StripLayout.of(width, height, 1 << 19);
        int top = 0;
        for (int s = 0; s < layout.strips(); s++) {
            assertEquals(top, layout.top(s));
            assertEquals(s, layout.strip(top));
            assertTrue(layout.rows(s) > 0);
            top += layout.rows(s);
        }
        assertEquals(height, top);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        layout.write(bytes);
        assertEquals(layout, StripLayout.parse(bytes.toByteArray(), height));
    }

    @Test
    void anImpossibleLayoutIsRefusedWithItsPlace() {
        assertTrue(assertThrows(IIOException.class, () -> StripLayout.parse(new byte[] {3}, 5)).getMessage().contains("offset 1"));
        assertTrue(assertThrows(IIOException.class, () -> StripLayout.parse(new byte[] {25, 0}, 5)).getMessage().contains("offset 0"));
    }
}
