// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.junit.jupiter.api.Test;
import org.semimage.cli.Run;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VectorsTest {

    private static final Path FOLDER = Path.of("vectors");
    private static final long MOST_BYTES = 6_000_000;

    @Test
    void thisLibraryPassesEveryVector() {
        Run run = Run.of("conformance", "--vectors", FOLDER);
        assertEquals(0, run.status(), run.out() + run.err());
    }

    @Test
    void everyRequirementHasAVector() {
        Run run = Run.of("conformance", "--vectors", FOLDER, "--coverage");
        assertEquals(0, run.status(), run.out());
    }

    @Test
    void vectorsNameRequirementsOfTheDocument() throws IOException {
        Vectors vectors = Vectors.load(FOLDER);
        assertEquals(Requirement.inDocument(Path.of("..", "docs", "FORMAT.md")), vectors.requirements());
        Set<String> ids = vectors.requirements().stream().map(Requirement::id).collect(Collectors.toSet());
        assertEquals(vectors.requirements().size(), ids.size(), "an id occurs twice");
        vectors.due().forEach((name, due) -> {
            assertTrue(!due.requirements().isEmpty() && ids.containsAll(due.requirements()), name + " shows " + due.requirements());
        });
    }

    @Test
    void vectorsThatIntegersMakeAreAsTheyAreMade() throws IOException {
        VectorMaker maker = new VectorMaker(FOLDER);
        assertEquals(List.of(), maker.differences(maker.files(VectorMaker.exactPlans())));
    }

    @Test
    void tracesAreWhatThisLibraryFinds() throws IOException {
        for (String name : Traces.ALL) {
            assertEquals(Files.readString(FOLDER.resolve(name + Traces.SUFFIX)),
                    Traces.of(Files.readAllBytes(FOLDER.resolve(name + ".sem"))), name);
        }
    }

    @Test
    void vectorsAreSmall() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertTrue(files.mapToLong(file -> file.toFile().length()).sum() < MOST_BYTES);
        }
    }

    @Test
    void pngKeepsSamplesOfEveryFormat() throws IOException {
        for (PixelFormat format : PixelFormat.values()) {
            PixelPlanes picture = Sketches.noise(5, 4, format, 1);
            PixelPlanes read = Png.as(format, Png.read(Png.write(picture)));
            assertNotNull(read, format.toString());
            assertEquals(Digests.samples(picture), Digests.samples(read), format.toString());
        }
    }

    @Test
    void aPictureOfLessIsNoneOfMore() {
        PixelPlanes colours = Sketches.noise(3, 3, PixelFormat.RGB, 2);
        assertNull(Png.as(PixelFormat.GRAY, colours));
        assertNull(Png.as(PixelFormat.RGB_16, colours));
        assertNull(Png.as(PixelFormat.RGB, Sketches.noise(3, 3, PixelFormat.RGB_ALPHA, 2)));
        PixelPlanes gray = Sketches.noise(3, 3, PixelFormat.GRAY, 2);
        PixelPlanes wider = Png.as(PixelFormat.RGB_ALPHA, gray);
        assertNotNull(wider);
        assertEquals(Digests.samples(gray), Digests.samples(Png.as(PixelFormat.GRAY, wider)));
    }
}
