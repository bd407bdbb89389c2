// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class TaggerTest {

    private final Tagger tagger = new Tagger(new SeededTensors().layer("stem", 8, 3, 4, 4)
            .layer("blocks.0.narrow", 4, 8, 1, 1).layer("blocks.0.middle", 4, 4, 3, 3).layer("blocks.0.widen", 8, 4, 1, 1)
            .layer("blocks.1.narrow", 4, 8, 1, 1).layer("blocks.1.middle", 4, 4, 3, 3).layer("blocks.1.widen", 16, 4, 1, 1)
            .layer("blocks.1.past", 16, 8, 1, 1).ints("strides", new long[] {2}, 1, 2).signs("words.weight", 2, 16)
            .floats("words.bias", -3, -3).floats("usual", 0.1f, 0.2f).text("tags", "dog dogs\nred").build());

    private static PixelPlanes picture(PixelFormat format, int... samples) {
        PixelPlanes picture = PixelPlanes.blank(40, 30, format);
        for (int c = 0; c < samples.length; c++) {
            Arrays.fill(picture.samples()[c], (short) samples[c]);
        }
        return picture;
    }

    @Test
    void tellsPicturesApart() {
        List<Tagger.Tag> red = tagger.tags(picture(PixelFormat.RGB, 200, 20, 30), Cancellation.NEVER);
        List<Tagger.Tag> blue = tagger.tags(picture(PixelFormat.RGB, 20, 30, 200), Cancellation.NEVER);
        assertEquals(List.of(List.of("dog", "dogs"), List.of("red")), red.stream().map(Tagger.Tag::words).toList());
        assertEquals(0.2, red.get(1).usual(), 1e-6);
        assertNotEquals(red.get(0).probability(), blue.get(0).probability());
    }

    @Test
    void grayAndItsColourAreAlike() {
        double gray = tagger.tags(picture(PixelFormat.GRAY, 90), Cancellation.NEVER).get(0).probability();
        assertEquals(gray, tagger.tags(picture(PixelFormat.RGB, 90, 90, 90), Cancellation.NEVER).get(0).probability(), 1e-6);
    }

    @Test
    void stopsWhenAsked() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        assertThrows(CancellationException.class, () -> tagger.tags(picture(PixelFormat.GRAY, 90), cancellation));
    }

    @Test
    void namesWhatAPackLacks() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Tagger(new SeededTensors().build()));
        assertEquals("seeded has no tensor 'stem.weight'", e.getMessage());
    }
}
