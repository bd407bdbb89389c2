// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import org.junit.jupiter.api.Test;
import org.semimage.metadata.ExifBuilder.Directory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExifTest {

    private static final byte[] EXIF = new ExifBuilder().orientation(6).pixelSize(25.4 / 300, 25.4 / 72).dateTime("2026:11:22 10:11:12")
            .text(Directory.FIRST, 0x010F, "ACME").shorts(Directory.GPS, 0, 2).build().orElseThrow();

    @Test
    void whatWasBuiltIsRead() {
        Exif exif = Exif.of(EXIF);
        assertEquals(6, exif.orientation());
        assertEquals(25.4 / 300, exif.pixelWidth(), 1e-6);
        assertEquals(25.4 / 72, exif.pixelHeight(), 1e-6);
        assertEquals(Map.of("Make", "ACME", "DateTimeOriginal", "2026:11:22 10:11:12"), exif.texts());
        assertEquals(Optional.of("2026:11:22 10:11:12"), exif.dateTime());
        assertEquals(Optional.empty(), new ExifBuilder().build());
    }

    @Test
    void littleEndianIsReadAndRebuilt() {
        ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4 + 8).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) 2);
        tiff.putShort((short) Exif.ORIENTATION).putShort((short) TiffField.SHORT).putInt(1).putShort((short) 3).putShort((short) 0);
        tiff.putShort((short) Exif.X_RESOLUTION).putShort((short) TiffField.RATIONAL).putInt(1).putInt(38).putInt(0).putInt(254).putInt(10);
        assertEquals(3, Exif.of(tiff.array()).orientation());
        assertEquals(1, Exif.of(tiff.array()).pixelWidth(), 1e-9);
        byte[] rebuilt = new ExifBuilder().addAll(tiff.array()).build().orElseThrow();
        assertEquals(Exif.of(tiff.array()), Exif.of(rebuilt));
    }

    @Test
    void rebuildingKeepsEveryField() {
        assertArrayEquals(EXIF, new ExifBuilder().addAll(EXIF).build().orElseThrow());
        assertEquals(1, Exif.of(new ExifBuilder().addAll(EXIF).orientation(1).build().orElseThrow()).orientation());
    }

    @Test
    void whatIsBrokenIsAsIfItWereNotThere() {
        assertEquals(1, Exif.of(new byte[0]).orientation());
        assertEquals(1, Exif.of("not exif at all".getBytes()).orientation());
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = EXIF.clone();
            for (int k = 0; k <= random.nextInt(6); k++) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
            }
            Exif exif = Exif.of(damaged);
            assertTrue(exif.orientation() >= 1 && exif.orientation() <= 8);
            assertFalse(Double.isNaN(exif.pixelWidth()) || exif.pixelWidth() < 0);
            assertNotNull(new ExifBuilder().addAll(damaged).build());
        }
    }

    @Test
    void valuesMustBeWholeNumbersOfTheirType() {
        assertThrows(IllegalArgumentException.class, () -> new ExifBuilder().add(Directory.FIRST, 1, TiffField.RATIONAL, new byte[7]));
        assertThrows(IllegalArgumentException.class, () -> new ExifBuilder().add(Directory.FIRST, 1, 13, new byte[4]));
    }
}
