// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Watcher;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Generator;
import org.semimage.picture.Waves;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.DiffusionGenerator;

import javax.imageio.IIOException;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** This module alone has no packs of latent networks. */
class LatentPacksTest {

    private static final String MESSAGE =
            "packs of latent networks need the artifact org.semimage:sem-latent, which this program does not have";

    private static void assertNamesTheArtifact(IIOException e) {
        assertTrue(e.getMessage().contains(MESSAGE), e.getMessage());
    }

    @Test
    void aPictureOfThePackIsRefusedWithWhatToAdd() {
        assertNamesTheArtifact(assertThrows(IIOException.class, () -> Models.latents(ModelRef.ofDigest(1))));
    }

    @Test
    void encodingWithAPackIsRefusedWithWhatToAdd() {
        EncodeOptions options = EncodeOptions.DEFAULT.withGenerative(GenerativeOptions.of("pack"));
        assertNamesTheArtifact(assertThrows(IIOException.class,
                () -> new GenerativeProfile().encode(Waves.of(20, 14, PixelFormat.RGB), options, Watcher.NONE)));
    }

    @Test
    void generatingWithAPackIsRefusedWithWhatToAdd() {
        Generator.Request request = new Generator.Request(20, 14, 1, Optional.empty(), Optional.empty(), Waves.of(20, 14, PixelFormat.RGB),
                0.5f);
        System.setProperty(DiffusionGenerator.PROPERTY, "pack");
        try {
            assertNamesTheArtifact(assertThrows(IIOException.class, () -> new DiffusionGenerator().generate(request, Watcher.NONE)));
        } finally {
            System.clearProperty(DiffusionGenerator.PROPERTY);
        }
    }
}
