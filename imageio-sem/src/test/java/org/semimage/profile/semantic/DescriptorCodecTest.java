// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.semimage.generate.Descriptors;
import org.semimage.picture.Layouts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DescriptorCodecTest {

    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;

    /** Descriptors with a spectrum like photographs'. */
    private static Descriptors random(long seed) {
        int columns = DescriptorAnalysis.cells(WIDTH, WIDTH);
        int rows = DescriptorAnalysis.cells(HEIGHT, WIDTH);
        Random random = new Random(seed);
        float[][] layout = new float[3][columns * rows];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < layout[c].length; i++) {
                layout[c][i] = (float) (random.nextGaussian() * 60 / (1 + c) / (1 + i % columns + i / columns));
            }
        }
        int levels = DescriptorAnalysis.levels(WIDTH);
        float[][][] texture = new float[levels][3][9];
        for (float[][] level : texture) {
            for (float[] orientation : level) {
                for (int i = 0; i < orientation.length; i++) {
                    orientation[i] = (float) random.nextGaussian() + 2;
                }
            }
        }
        return new Descriptors(columns, rows, layout, 3 * columns * rows, texture, levels * 27);
    }

    @Test
    void amplitudesComeBackWithinAStep() {
        Descriptors d = random(1);
        byte[] bytes = DescriptorCodec.encode(d, 8, 4000);
        Descriptors decoded = DescriptorCodec.decode(bytes, 0, WIDTH, HEIGHT);
        assertEquals(Math.min(2048, 3 * d.columns() * d.rows()), decoded.layoutCount());
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < d.layout()[c].length; i++) {
                assertTrue(Math.abs(d.layout()[c][i] - decoded.layout()[c][i]) <= 2, c + " " + i);
            }
        }
    }

    @Test
    void moreBytesNeverTellLess() {
        Descriptors d = random(2);
        byte[] bytes = DescriptorCodec.encode(d, 12, 200);
        int known = 0;
        for (int length = 0; length <= bytes.length; length++) {
            Descriptors prefix = DescriptorCodec.decode(Arrays.copyOf(bytes, length), 0, WIDTH, HEIGHT);
            assertTrue(prefix.layoutCount() >= known, length + " bytes");
            known = prefix.layoutCount();
        }
        assertTrue(known > 100);
    }

    @Test
    void prefixesTellTheTruth() {
        Descriptors d = random(3);
        byte[] bytes = DescriptorCodec.encode(d, 12, 200);
        Descriptors whole = DescriptorCodec.decode(bytes, 0, WIDTH, HEIGHT);
        Descriptors prefix = DescriptorCodec.decode(Arrays.copyOf(bytes, 60), 0, WIDTH, HEIGHT);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < d.layout()[c].length; i++) {
                assertTrue(prefix.layout()[c][i] == 0 || prefix.layout()[c][i] == whole.layout()[c][i]);
            }
        }
    }

    @Test
    void theChosenStepIsNoWorseThanOthers() {
        Descriptors d = random(4);
        double chosen = Layouts.distance(d, DescriptorCodec.decode(DescriptorCodec.encode(d, 90, WIDTH, HEIGHT), 0, WIDTH, HEIGHT));
        for (int step = 0; step < DescriptorCodec.STEPS; step += 4) {
            double other = Layouts.distance(d, DescriptorCodec.decode(DescriptorCodec.encode(d, step, 90), 0, WIDTH, HEIGHT));
            assertTrue(chosen <= other, "step " + step);
        }
    }

    @Test
    void theTapHearsEveryMagnitude() {
        List<Integer> written = new ArrayList<>();
        List<Integer> read = new ArrayList<>();
        byte[] bytes = DescriptorCodec.encode(random(5), 10, 4000, (index, magnitude) -> written.add(index << 16 | magnitude));
        Descriptors decoded = DescriptorCodec.decode(bytes, 0, WIDTH, HEIGHT, (index, magnitude) -> read.add(index << 16 | magnitude));
        assertEquals(decoded.layoutCount() + decoded.textureCount(), written.size());
        assertEquals(written, read);
    }

    @Property(tries = 200)
    void anyBytesDecode(@ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(min = 1, max = 300) int width,
            @ForAll @IntRange(min = 1, max = 300) int height) {
        Descriptors d = DescriptorCodec.decode(bytes, 0, width, height);
        assertTrue(d.layoutCount() <= 3 * d.columns() * d.rows());
        assertArrayEquals(d.layout()[0], DescriptorCodec.decode(bytes, 0, width, height).layout()[0]);
    }
}
