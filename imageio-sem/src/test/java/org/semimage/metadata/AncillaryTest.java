// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import org.junit.jupiter.api.Test;
import org.semimage.container.Chunk;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AncillaryTest {

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static List<String> tags(Ancillary ancillary) {
        return ancillary.chunks().stream().map(chunk -> String.valueOf(chunk.tag())).toList();
    }

    @Test
    void contentsComeBackAsTheyWere() {
        byte[] repetitive = "<x:xmpmeta/>".repeat(100).getBytes();
        List<TextEntry> texts = List.of(new TextEntry(TextEntry.CAPTION, "de", "Ein Hund\nim Schnee \u2603"),
                new TextEntry("Author", "", ""));
        Ancillary ancillary = Ancillary.NONE.withXmp(Optional.of(repetitive)).withExif(Optional.of(noise(50))).withTexts(texts);
        assertArrayEquals(repetitive, ancillary.xmp().orElseThrow());
        assertArrayEquals(noise(50), ancillary.exif().orElseThrow());
        assertEquals(texts, ancillary.texts());
        assertEquals(Optional.of("Ein Hund\nim Schnee \u2603"), ancillary.text(TextEntry.CAPTION));
        assertEquals(List.of(), ancillary.faults());
    }

    @Test
    void whatDeflatesIsDeflatedAndNothingGrowsByMoreThanAByte() {
        Ancillary ancillary = Ancillary.NONE.withXmp(Optional.of(new byte[10_000])).withExif(Optional.of(noise(1000)));
        assertTrue(ancillary.chunks().get(0).payload().length < 100);
        assertEquals(1001, ancillary.chunks().get(1).payload().length);
    }

    @Test
    void replacingKeepsEverythingElseInItsOrder() {
        Chunk unknown = new Chunk('q', noise(3));
        Ancillary ancillary = new Ancillary(List.of(new Chunk(Chunk.EXIF, noise(5)), unknown, new Chunk(Chunk.EXIF, noise(6)),
                new Chunk('r', noise(1))));
        assertEquals(List.of("e", "q", "r"), tags(ancillary.withExif(Optional.of(noise(7)))));
        assertEquals(List.of("q", "r"), tags(ancillary.withExif(Optional.empty())));
        assertEquals(List.of("e", "q", "e", "r", "x"), tags(ancillary.withXmp(Optional.of(noise(7)))));
    }

    @Test
    void brokenContentsArePassedOverAndNamed() {
        byte[] cut = Arrays.copyOf(Ancillary.NONE.withXmp(Optional.of(new byte[1000])).chunks().get(0).payload(), 4);
        for (byte[] payload : new byte[][] {{}, {2, 0}, {1}, {1, -1, -1}, cut}) {
            Ancillary ancillary = new Ancillary(List.of(new Chunk(Chunk.XMP, payload)));
            assertEquals(Optional.empty(), ancillary.xmp());
            assertEquals(1, ancillary.faults().size());
            assertTrue(ancillary.faults().get(0).contains("'x'"), ancillary.faults().get(0));
        }
        Ancillary texts = new Ancillary(List.of(new Chunk(Chunk.TEXT, new byte[] {0, 'a'}),
                new Chunk(Chunk.TEXT, new byte[] {0, -1, 0, 0})));
        assertEquals(List.of(), texts.texts());
        assertEquals(2, texts.faults().size());
    }

    @Test
    void aBombIsNotInflatedBeyondTheLimit() {
        Ancillary bomb = Ancillary.NONE.withXmp(Optional.of(new byte[1 << 20]));
        System.setProperty("org.semimage.maxMetadataBytes", "100000");
        try {
            assertEquals(Optional.empty(), bomb.xmp());
            assertTrue(bomb.faults().get(0).contains("org.semimage.maxMetadataBytes"));
        } finally {
            System.clearProperty("org.semimage.maxMetadataBytes");
        }
    }

    @Test
    void unknownChunksAreNamedOnce() {
        Ancillary ancillary = new Ancillary(List.of(new Chunk('q', noise(3)), new Chunk('q', noise(4))));
        assertEquals(List.of("Chunk 'q' is unknown and ignored"), ancillary.faults());
        assertThrows(IllegalArgumentException.class, () -> new Ancillary(List.of(new Chunk('T', noise(3)))));
    }

    @Test
    void anIccProfileBehindACriticalChunkIsPassedOver() {
        Chunk profile = Ancillary.NONE.withIcc(Optional.of(noise(9))).chunks().get(0);
        Chunk payload = new Chunk(Chunk.LOSSLESS, noise(3));
        Ancillary behind = Ancillary.of(List.of(payload, profile, new Chunk('q', noise(1))));
        assertEquals(Optional.empty(), behind.icc());
        assertEquals(List.of("q"), tags(behind));
        assertEquals(2, behind.faults().size());
        assertTrue(behind.faults().get(0).contains("'i' stands behind"), behind.faults().get(0));
        assertArrayEquals(noise(9), Ancillary.of(List.of(profile, payload, profile)).icc().orElseThrow());
    }

    @Test
    void allContentsTogetherAreBounded() {
        Ancillary three = Ancillary.NONE.withExif(Optional.of(noise(500))).withXmp(Optional.of(noise(400)))
                .withTexts(List.of(new TextEntry("a", "", "b".repeat(200))));
        System.setProperty("org.semimage.maxMetadataBytes", "1000");
        try {
            assertTrue(three.exif().isPresent() && three.xmp().isPresent());
            assertEquals(List.of(), three.texts());
            assertTrue(three.faults().get(0).contains("org.semimage.maxMetadataBytes"));
        } finally {
            System.clearProperty("org.semimage.maxMetadataBytes");
        }
    }

    @Test
    void keywordsAreBoundedAndNothingHoldsANul() {
        assertThrows(IllegalArgumentException.class, () -> new TextEntry("", "", "x"));
        assertThrows(IllegalArgumentException.class, () -> new TextEntry("k".repeat(80), "", "x"));
        assertThrows(IllegalArgumentException.class, () -> new TextEntry("a\nb", "", "x"));
        assertThrows(IllegalArgumentException.class, () -> new TextEntry("a", "", "x\0"));
    }
}
