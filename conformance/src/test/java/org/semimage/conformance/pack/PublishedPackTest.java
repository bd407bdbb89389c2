// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.pack;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.model.LatentPack;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;
import org.semimage.torch.network.Placement;
import org.semimage.torch.pack.DirectoryPack;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A published tiny autoencoder (TAEF2) on the 24 Kodak pictures, against the figures that its makers' code gives. Needs {@code weights/}
 * and {@code eval/kodak/} below the folder that the system property {@code org.semimage.evaluation} names; skipped without it. Takes
 * minutes.
 */
@EnabledIfSystemProperty(named = "org.semimage.evaluation", matches = ".+")
class PublishedPackTest {

    private static final double TOLERANCE = 0.01;

    @Test
    void taef2ReproducesItsFiguresOnKodak() throws Exception {
        Path data = Path.of(System.getProperty("org.semimage.evaluation"));
        Path weights = data.resolve("weights");
        Path kodak = data.resolve("eval/kodak");
        Map<Integer, Double> published = Map.of(3, 33.22, 5, 28.00, 8, 26.15);
        double sum = 0;
        try (LatentPack pack = DirectoryPack.open(weights, Placement.CPU)) {
            AutoEncoder autoEncoder = pack.autoEncoder();
            assertEquals(32, autoEncoder.channels());
            assertEquals(8, autoEncoder.stride());
            for (int i = 1; i <= 24; i++) {
                BufferedImage image = ImageIO.read(kodak.resolve(i + ".png").toFile());
                double psnr = Psnr.of(RgbSamples.of(image), RgbSamples.of(rounded(autoEncoder.decode(autoEncoder.encode(planes(image))))));
                if (published.containsKey(i)) {
                    assertEquals(published.get(i), psnr, TOLERANCE, "picture " + i);
                }
                sum += psnr;
            }
        }
        assertEquals(30.19, sum / 24, TOLERANCE);
    }

    private static Planes planes(BufferedImage image) {
        Planes planes = Planes.of(3, image.getHeight(), image.getWidth());
        int area = image.getHeight() * image.getWidth();
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < area; i++) {
            for (int c = 0; c < 3; c++) {
                planes.data()[c * area + i] = (rgb[i] >> 16 - 8 * c & 0xFF) / 255f;
            }
        }
        return planes;
    }

    private static BufferedImage rounded(Planes planes) {
        int area = planes.height() * planes.width();
        int[] rgb = new int[area];
        for (int i = 0; i < area; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[i] |= Math.round(255 * Math.max(0, Math.min(1, planes.data()[c * area + i]))) << 16 - 8 * c;
            }
        }
        BufferedImage image = new BufferedImage(planes.width(), planes.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, planes.width(), planes.height(), rgb, 0, planes.width());
        return image;
    }
}
