// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.semantic.DiffusionGenerator;
import org.semimage.profile.semantic.PictureCaptioner;

import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ServicesTest {

    @AfterEach
    void forget() {
        System.clearProperty(FakeCaptioner.PROPERTY);
        System.clearProperty(FakeGenerator.PROPERTY);
        System.clearProperty(PictureCaptioner.PROPERTY);
        System.clearProperty(DiffusionGenerator.PROPERTY);
    }

    private static Generator.Request request(String caption) {
        PixelPlanes plain = PixelPlanes.blank(8, 8, PixelFormat.RGB);
        return new Generator.Request(8, 8, 1, Optional.ofNullable(caption), Optional.empty(), plain, 0.5f);
    }

    @Test
    void whatIsNotSetUpIsNotThere() {
        assertTrue(Services.captioner().orElseThrow() instanceof PictureCaptioner);
        System.setProperty(PictureCaptioner.PROPERTY, "none");
        assertTrue(Services.captioner().isEmpty());
        assertTrue(Services.generator(request("a dog")).isEmpty());
        assertFalse(Services.hasGenerator(Optional.of("a dog")));
        System.setProperty(FakeCaptioner.PROPERTY, "a dog");
        assertEquals("fake", Services.captioner().orElseThrow().name());
    }

    @Test
    void whatAUserHasSetUpComesFirst() {
        System.setProperty(FakeGenerator.PROPERTY, "yes");
        assertEquals("fake", Services.generator(request("a dog")).orElseThrow().name());
        System.setProperty(DiffusionGenerator.PROPERTY, "x");
        assertTrue(Services.generator(request("a dog")).orElseThrow() instanceof DiffusionGenerator);
    }

    @Test
    void someGeneratorsNeedWords() {
        System.setProperty(FakeGenerator.PROPERTY, "yes");
        assertTrue(Services.hasGenerator(Optional.of("a dog")));
        assertFalse(Services.hasGenerator(Optional.empty()));
        assertFalse(Services.hasGenerator(Optional.of(" ")));
        assertTrue(Services.generator(request(null)).isEmpty());
    }
}
