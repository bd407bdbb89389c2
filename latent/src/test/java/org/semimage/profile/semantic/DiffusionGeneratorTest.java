// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Descriptors;
import org.semimage.generate.Generator;
import org.semimage.generate.Services;
import org.semimage.model.Models;
import org.semimage.picture.Layouts;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Waves;
import org.semimage.torch.pack.PackFolder;
import org.semimage.torch.pack.TinyPack;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pictures of words and descriptors, by a tiny pack with random weights. */
class DiffusionGeneratorTest {

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws IOException {
        System.setProperty(PackFolder.PROPERTY, folder.resolve("models").toString());
        TinyPack.write(folder.resolve("pack"));
        PackFolder.configured().add(folder.resolve("pack"), "sd");
        System.setProperty(DiffusionGenerator.PROPERTY, "sd");
        System.setProperty(DiffusionGenerator.STEPS_PROPERTY, "3");
    }

    @AfterAll
    static void forget() {
        System.clearProperty(PackFolder.PROPERTY);
        System.clearProperty(DiffusionGenerator.PROPERTY);
        System.clearProperty(DiffusionGenerator.STEPS_PROPERTY);
        Models.unload();
    }

    private static Generator.Request request(long seed, Optional<Descriptors> descriptors, float descriptorWeight) {
        PixelPlanes plain = descriptors.isPresent() ? Rendition.of(descriptors.get(), 72, 50, seed) : Rendition.calm(72, 50, seed);
        return new Generator.Request(72, 50, seed, Optional.of("the cat and the dog"), descriptors, plain, descriptorWeight);
    }

    private static Optional<Descriptors> descriptors() {
        return Optional.of(DescriptorAnalysis.of(Waves.of(72, 50, PixelFormat.RGB)));
    }

    private static PixelPlanes generate(Generator.Request request) throws IIOException {
        return Services.generator(request).orElseThrow().generate(request, Watcher.NONE);
    }

    @Test
    void theSameRequestGivesTheSamePictureAndAnotherSeedAnother() throws IIOException {
        PixelPlanes picture = generate(request(1, Optional.empty(), 0.5f));
        assertEquals(72, picture.width());
        assertEquals(50, picture.height());
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(picture.samples()[c], generate(request(1, Optional.empty(), 0.5f)).samples()[c]);
        }
        assertFalse(Arrays.equals(picture.samples()[0], generate(request(2, Optional.empty(), 0.5f)).samples()[0]));
    }

    @Test
    void descriptorsBringTheLayoutCloser() throws IIOException {
        Descriptors wanted = descriptors().orElseThrow();
        double without = Layouts.distance(wanted, DescriptorAnalysis.of(generate(request(1, Optional.empty(), 0.5f))));
        double half = Layouts.distance(wanted, DescriptorAnalysis.of(generate(request(1, Optional.of(wanted), 0.5f))));
        double whole = Layouts.distance(wanted, DescriptorAnalysis.of(generate(request(1, Optional.of(wanted), 1))));
        assertTrue(half < 0.7 * without, half + " with descriptors, " + without + " without");
        assertTrue(whole < half, whole + " at full strength, " + half + " at half");
    }

    @Test
    void stepsAreReportedAndCanBeStopped() {
        List<Float> fractions = new ArrayList<>();
        Generator.Request request = request(1, descriptors(), 0.5f);
        Cancellation cancellation = new Cancellation();
        assertThrows(CancellationException.class, () -> new DiffusionGenerator().generate(request, new Watcher() {
            @Override
            public void progress(float fraction) {
                fractions.add(fraction);
                if (fractions.size() == 3) {
                    cancellation.request();
                }
            }

            @Override
            public Cancellation cancellation() {
                return cancellation;
            }
        }));
        assertEquals(3, fractions.size());
    }

    @Test
    void withoutThePropertyThereIsNoGenerator() {
        System.clearProperty(DiffusionGenerator.PROPERTY);
        try {
            assertFalse(Services.hasGenerator(Optional.empty()));
            assertEquals(Optional.empty(), Services.generator(request(1, Optional.empty(), 0.5f)));
        } finally {
            System.setProperty(DiffusionGenerator.PROPERTY, "sd");
        }
    }

    @Test
    void stepsOutOfRangeAreRefused() {
        System.setProperty(DiffusionGenerator.STEPS_PROPERTY, "many");
        try {
            assertTrue(assertThrows(IIOException.class, () -> generate(request(1, Optional.empty(), 0.5f)))
                    .getMessage().contains("'many'"));
        } finally {
            System.setProperty(DiffusionGenerator.STEPS_PROPERTY, "3");
        }
    }
}
