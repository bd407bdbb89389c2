// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.damage;

import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What happens to a file. */
enum Damage {

    /** One bit of the file is another. */
    FLIP("one bit flipped") {
        @Override
        byte[] of(Specimen specimen, Random random) {
            return flipped(specimen.bytes(), random);
        }
    },

    /** The file ends anywhere before its last byte. */
    CUT("cut off") {
        @Override
        byte[] of(Specimen specimen, Random random) {
            return Arrays.copyOf(specimen.bytes(), random.nextInt(specimen.bytes().length));
        }
    },

    /** One to three bits of a payload are others, and its checksum is right, so that decoders meet them. */
    FORGED_FLIP("bits flipped, checksums right") {
        @Override
        byte[] of(Specimen specimen, Random random) {
            return forged(specimen, random, payload -> {
                byte[] other = flipped(payload, random);
                for (int more = random.nextInt(MOST_FLIPS); more > 0; more--) {
                    other = flipped(other, random);
                }
                return other;
            });
        }
    },

    /** A payload ends early, and its length and checksum say so. */
    FORGED_CUT("cut off, checksums right") {
        @Override
        byte[] of(Specimen specimen, Random random) {
            return forged(specimen, random, payload -> Arrays.copyOf(payload, random.nextInt(payload.length)));
        }
    };

    private static final int MOST_FLIPS = 3;

    private final String title;

    Damage(String title) {
        this.title = title;
    }

    /** What happens, in words. */
    String title() {
        return title;
    }

    /** Whether a sound reader can tell: there is a checksum over what changes. */
    boolean isTold() {
        return this == FLIP || this == CUT;
    }

    /** Whether it can happen to a specimen: latents alone have no checksum. */
    boolean fits(Specimen specimen) {
        return specimen.file().isPresent() || !isTold();
    }

    /** A damaged copy of a specimen's bytes. */
    abstract byte[] of(Specimen specimen, Random random);

    /** What is done to a payload of at least a byte. */
    private interface Change {
        byte[] of(byte[] payload);
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] other = bytes.clone();
        other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return other;
    }

    private static byte[] forged(Specimen specimen, Random random, Change change) {
        Optional<SemFile> file = specimen.file();
        if (file.isEmpty()) {
            return change.of(specimen.bytes());
        }
        List<Chunk> chunks = new ArrayList<>(file.get().chunks());
        int total = chunks.stream().mapToInt(chunk -> chunk.payload().length).sum();
        int at = random.nextInt(total);
        int chunk = 0;
        while (at >= chunks.get(chunk).payload().length) {
            at -= chunks.get(chunk).payload().length;
            chunk++;
        }
        chunks.set(chunk, new Chunk(chunks.get(chunk).tag(), change.of(chunks.get(chunk).payload())));
        return SemSerializer.toBytes(SemFile.of(file.get().header(), chunks));
    }
}
