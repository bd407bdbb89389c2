// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Random;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;

class FewColoursTest {

    private static boolean in(BufferedImage image) throws IIOException {
        return FewColours.in(Images.toPlanes(image), Cancellation.NEVER);
    }

    @Test
    void textHasFewColours() throws IIOException {
        assertTrue(in(text(BufferedImage.TYPE_INT_RGB)));
        assertTrue(in(text(BufferedImage.TYPE_INT_ARGB)));
        assertTrue(in(text(BufferedImage.TYPE_BYTE_GRAY)));
    }

    @Test
    void aPhotographHasMany() throws IIOException {
        BufferedImage noisy = new BufferedImage(400, 400, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 160_000; i++) {
            noisy.setRGB(i % 400, i / 400, random.nextInt());
        }
        assertFalse(in(noisy));
    }

    @Test
    void aPictureOfFewSamplesHasManyForItsSize() throws IIOException {
        BufferedImage small = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        small.setRGB(1, 1, 0xFFFFFF);
        assertFalse(in(small));
    }

    private static BufferedImage text(int type) {
        BufferedImage image = new BufferedImage(200, 60, type);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, 200, 60);
        g.setColor(Color.BLACK);
        g.drawString("Black on white", 10, 30);
        g.dispose();
        return image;
    }
}
