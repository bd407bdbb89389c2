// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.junit.jupiter.api.Test;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SingleStripTest {

    private static final int HEAD = 5;
    private static final PixelPlanes PICTURE = new PixelPlanes(4, 3, PixelFormat.GRAY,
            new short[][] {{128, 128, 128, 128, 128, 130, 130, 128, 128, 130, 130, 128}});

    private static byte[] body(int kind) {
        byte[] strip = SingleStrip.encode(kind, PICTURE, 16);
        assertEquals(kind, strip[0]);
        assertEquals(strip.length - HEAD, strip[1]);
        return Arrays.copyOfRange(strip, HEAD, strip.length);
    }

    @Test
    void aListenerHearsEveryDecisionAndChangesNothing() throws IIOException {
        for (int kind = 1; kind <= 2; kind++) {
            int[] heard = new int[1];
            PixelPlanes decoded = PixelPlanes.blank(4, 3, PixelFormat.GRAY);
            SingleStrip.decode(kind, body(kind), decoded, decisions -> (chance, outcome) -> {
                heard[0]++;
                return decisions.decide(chance, outcome);
            });
            assertArrayEquals(PICTURE.samples(), decoded.samples());
            assertTrue(heard[0] >= 12, kind + ": " + heard[0]);
        }
    }

    @Test
    void bandedSymbolsArePlaneContextAndFoldedResidual() throws IIOException {
        int[][] symbols = SingleStrip.symbols(body(0), PICTURE);
        assertEquals(12, symbols.length);
        assertTrue(Arrays.stream(symbols).allMatch(symbol -> symbol[0] == 0 && symbol[1] < PlanePredictor.CONTEXTS));
        assertEquals(4, symbols[5][2], "2 more than was expected of it");
        assertArrayEquals(new int[] {0, 0, 0}, symbols[0]);
    }

    @Test
    void kindsThatThereAreNotAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SingleStrip.encode(3, PICTURE, 16));
        assertThrows(IllegalArgumentException.class, () -> SingleStrip.encode(-1, PICTURE, 16));
        byte[] banded = body(0);
        assertThrows(IllegalArgumentException.class, () -> SingleStrip.decode(0, banded, PICTURE, UnaryOperator.identity()));
    }
}
