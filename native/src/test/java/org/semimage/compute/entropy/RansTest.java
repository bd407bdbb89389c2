// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RansTest {

    /** Random intervals and random bits, as both sides walk through them. */
    private record Operations(int[] lanes, int[] starts, int[] frequencies, int[] bits) {

        static Operations random(Random random, int count, int lanes) {
            Operations operations = new Operations(new int[count], new int[count], new int[count], new int[count]);
            for (int i = 0; i < count; i++) {
                operations.lanes[i] = random.nextInt(lanes);
                operations.bits[i] = random.nextInt(3) == 0 ? 1 + random.nextInt(15) : 0;
                if (operations.bits[i] > 0) {
                    operations.starts[i] = random.nextInt(1 << operations.bits[i]);
                } else {
                    // Half of them tiny, half of them nearly everything: the ends of the range are where states overflow.
                    operations.frequencies[i] = random.nextBoolean() ? 1 + random.nextInt(3) : 65535 - random.nextInt(3);
                    operations.starts[i] = random.nextInt(65536 - operations.frequencies[i] + 1);
                }
            }
            return operations;
        }

        byte[] encode(int lanes) {
            RansEncoder encoder = new RansEncoder(lanes);
            for (int i = 0; i < starts.length; i++) {
                if (bits[i] > 0) {
                    encoder.putBits(this.lanes[i], starts[i], bits[i]);
                } else {
                    encoder.put(this.lanes[i], starts[i], frequencies[i]);
                }
            }
            assertEquals(starts.length, encoder.size());
            return encoder.finish();
        }

        /** Operations that a decoder gets right before it runs out of words. */
        int decode(RansDecoder decoder) {
            for (int i = 0; i < starts.length; i++) {
                if (decoder.exhausted()) {
                    return i;
                }
                if (bits[i] > 0) {
                    assertEquals(starts[i], decoder.bits(lanes[i], bits[i]), "operation " + i);
                } else {
                    int slot = decoder.slot(lanes[i]);
                    assertTrue(slot >= starts[i] && slot < starts[i] + frequencies[i], "operation " + i + ": slot " + slot);
                    decoder.advance(lanes[i], starts[i], frequencies[i]);
                }
            }
            return starts.length;
        }
    }

    @Property
    void decodesWhatWasEncoded(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll @IntRange(max = 3000) int count, @ForAll long seed) {
        Operations operations = Operations.random(new Random(seed), count, lanes);
        byte[] bytes = operations.encode(lanes);
        RansDecoder decoder = new RansDecoder(bytes, 0, bytes.length, lanes);
        assertEquals(count, operations.decode(decoder));
        assertFalse(decoder.exhausted());
        assertEquals(bytes.length, decoder.position());
    }

    @Property
    void aPrefixOfTheBytesDecodesAPrefixOfTheOperations(@ForAll @IntRange(min = 1, max = 32) int lanes,
                                                        @ForAll @IntRange(max = 300) int count, @ForAll long seed) {
        Operations operations = Operations.random(new Random(seed), count, lanes);
        byte[] bytes = operations.encode(lanes);
        int before = 0;
        for (int length = 0; length <= bytes.length; length++) {
            int decoded = operations.decode(new RansDecoder(bytes, 0, length, lanes));
            assertTrue(decoded >= before, length + " bytes decode less than " + (length - 1));
            before = decoded;
        }
        assertEquals(count, before);
    }

    @Property
    void readsOnlyItsOwnBytes(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll @IntRange(max = 50) int before, @ForAll long seed) {
        Operations operations = Operations.random(new Random(seed), 500, lanes);
        byte[] bytes = operations.encode(lanes);
        byte[] embedded = new byte[before + bytes.length + 50];
        Arrays.fill(embedded, (byte) 0x5A);
        System.arraycopy(bytes, 0, embedded, before, bytes.length);
        RansDecoder decoder = new RansDecoder(embedded, before, before + bytes.length, lanes);
        assertEquals(500, operations.decode(decoder));
        assertEquals(before + bytes.length, decoder.position());
    }

    @Property
    void onceExhaustedNothingIsRead(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll byte[] bytes, @ForAll long seed) {
        RansDecoder decoder = new RansDecoder(bytes, 0, bytes.length, lanes);
        Random random = new Random(seed);
        for (int i = 0; i < 10000 && !decoder.exhausted(); i++) {
            decoder.bits(random.nextInt(lanes), 1 + random.nextInt(15));
        }
        assertTrue(decoder.exhausted());
        int position = decoder.position();
        for (int i = 0; i < 100; i++) {
            decoder.bits(random.nextInt(lanes), 1 + random.nextInt(15));
            assertTrue(decoder.exhausted());
        }
        assertEquals(position, decoder.position());
    }

    @Test
    void lanesAreCheckedOnBothSides() {
        assertThrows(IllegalArgumentException.class, () -> new RansEncoder(0));
        assertThrows(IllegalArgumentException.class, () -> new RansEncoder(33));
        assertThrows(IllegalArgumentException.class, () -> new RansDecoder(new byte[200], 0, 200, 33));
        assertThrows(IllegalArgumentException.class, () -> new RansDecoder(new byte[200], 0, 201, 1));
        assertThrows(IllegalArgumentException.class, () -> new RansDecoder(new byte[200], 5, 4, 1));
    }

    @Property
    void aReciprocalDividesAsADivisionDoes(@ForAll @IntRange(min = 3, max = 65536) int freq, @ForAll @IntRange(max = 65535) int start,
                                           @ForAll @IntRange(min = 1, max = 200) int count) {
        int interval = Math.min(freq, 65536 - start);
        if (interval < 3) {
            return;
        }
        RansStack divided = new RansStack(2);
        RansStack multiplied = new RansStack(2);
        for (int i = 0; i < count; i++) {
            divided.push(i & 1, start, interval);
            multiplied.push(i & 1, start, interval, RansStack.reciprocal(interval));
        }
        assertArrayEquals(divided.bytes(), multiplied.bytes());
    }
}
