package org.semimage.profile.semantic;

import org.junit.jupiter.api.Test;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Descriptors;
import org.semimage.picture.Layouts;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Waves;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertTrue;

class DescriptorMatchTest {

    @Test
    void matchingBringsLayoutAndTextureCloser() {
        Descriptors wanted = DescriptorAnalysis.of(Waves.of(256, 192, PixelFormat.RGB));
        PixelPlanes calm = Rendition.calm(256, 192, 3);
        double calmDistance = Layouts.distance(wanted, DescriptorAnalysis.of(calm));
        double matchedDistance = Layouts.distance(wanted, DescriptorAnalysis.of(DescriptorMatch.apply(calm, wanted, 1)));
        assertTrue(matchedDistance < 0.3 * calmDistance, matchedDistance + " matched, " + calmDistance + " calm");
        PixelPlanes noise = PixelPlanes.blank(256, 192, PixelFormat.RGB);
        Random random = new Random(1);
        for (short[] plane : noise.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) (128 + 40 * random.nextGaussian());
            }
        }
        double before = textureDistance(wanted, DescriptorAnalysis.of(noise));
        double after = textureDistance(wanted, DescriptorAnalysis.of(DescriptorMatch.apply(noise, wanted, 1)));
        assertTrue(after < 0.8 * before, after + " after, " + before + " before");
    }

    private static double textureDistance(Descriptors a, Descriptors b) {
        double sum = 0;
        for (int level = 0; level < a.texture().length; level++) {
            for (int orientation = 0; orientation < 3; orientation++) {
                for (int region = 0; region < 9; region++) {
                    sum += Math.abs(a.texture()[level][orientation][region] - b.texture()[level][orientation][region]);
                }
            }
        }
        return sum;
    }
}
