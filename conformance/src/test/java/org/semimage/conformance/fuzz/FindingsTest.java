// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** The fuzzers' targets without a fuzzer: what was found once, and a few seeds, whole and damaged. */
class FindingsTest {

    /** Files that once failed, in folders of their targets' names. */
    private static final Path FINDINGS = Path.of("findings");

    private static final int MOST_SEEDS = 8;
    private static final int MOST_BYTES = 1500;

    private static List<byte[]> vectors;

    @BeforeAll
    static void readVectors() throws IOException {
        vectors = Seeds.files(Path.of("vectors"));
    }

    @ParameterizedTest
    @EnumSource
    void whatWasFoundIsFoundNoMore(FuzzTarget target) throws IOException {
        Path folder = FINDINGS.resolve(target.name().toLowerCase(Locale.ROOT));
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    target.feed(Files.readAllBytes(file));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void seedsAreNoFindingsWholeOrDamaged(FuzzTarget target) throws IOException {
        List<byte[]> seeds = target.seeds(vectors);
        assertFalse(seeds.isEmpty());
        List<byte[]> small = seeds.stream().filter(seed -> seed.length < MOST_BYTES).toList();
        Random random = new Random(1);
        for (int i = 0; i < small.size(); i += 1 + small.size() / MOST_SEEDS) {
            byte[] seed = small.get(i);
            target.feed(seed);
            byte[] damaged = seed.clone();
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            target.feed(damaged);
        }
    }

    @Test
    void checksumsOfSoundFilesAreLeftAndThoseOfDamagedOnesSetRight() throws IOException {
        for (byte[] file : vectors.stream().filter(file -> isSound(file)).toList()) {
            assertArrayEquals(file, Checksums.repaired(file));
        }
    }

    private static boolean isSound(byte[] file) {
        try {
            return !Seeds.parsed(List.of(file)).get(0).truncated();
        } catch (IOException | IndexOutOfBoundsException e) {
            return false; // a vector that is to be refused
        }
    }
}
