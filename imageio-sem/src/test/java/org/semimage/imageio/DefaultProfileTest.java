// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.semimage.container.ProfileId;
import org.semimage.container.SemParser;
import org.semimage.profile.Tune;

/** Which profile a picture has if nobody chooses one. */
class DefaultProfileTest {

    private static final BufferedImage DRAWING = drawing();

    private static ProfileId profile(BufferedImage image, ImageWriteParam param) throws IOException {
        return SemParser.parse(Samples.write(new IIOImage(image, null, null), param)).header().profile();
    }

    @Test
    void aDrawingThatIsSmallerSoIsKeptExactly() throws IOException {
        byte[] file = Samples.write(new IIOImage(DRAWING, null, null), null);
        assertEquals(ProfileId.LOSSLESS, SemParser.parse(file).header().profile());
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(file));
        for (int y = 0; y < DRAWING.getHeight(); y++) {
            for (int x = 0; x < DRAWING.getWidth(); x++) {
                assertEquals(DRAWING.getRGB(x, y), decoded.getRGB(x, y));
            }
        }
        SemImageWriteParam transform = new SemImageWriteParam();
        transform.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        transform.setCompressionType("transform");
        assertTrue(Samples.write(new IIOImage(DRAWING, null, null), transform).length > file.length);
    }

    @Test
    void aChosenProfileIsKept() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        assertEquals(ProfileId.LOSSLESS, profile(DRAWING, param), "none is chosen");
        param.setCompressionType("transform");
        assertEquals(ProfileId.TRANSFORM, profile(DRAWING, param));
        param.unsetCompression();
        assertEquals(ProfileId.LOSSLESS, profile(DRAWING, param));
    }

    @Test
    void whatTheLosslessProfileLacksKeepsTheTransformProfile() throws IOException {
        SemImageWriteParam tuned = new SemImageWriteParam();
        tuned.setTune(Tune.PSNR);
        SemImageWriteParam layers = new SemImageWriteParam();
        layers.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        SemImageWriteParam tiles = new SemImageWriteParam();
        tiles.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        tiles.setTiling(256, 256, 0, 0);
        for (SemImageWriteParam param : List.of(tuned, layers, tiles)) {
            assertEquals(ProfileId.TRANSFORM, profile(DRAWING, param));
        }
    }

    @Test
    void aTargetThatAnExactPictureMeetsGivesThat() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setTargetBytes(100_000);
        assertEquals(ProfileId.LOSSLESS, profile(DRAWING, param));
        param.setTargetBytes(1000);
        assertEquals(ProfileId.TRANSFORM, profile(dithered(), param));
    }

    @Test
    void aPhotographHasTheTransformProfile() throws IOException {
        assertEquals(ProfileId.TRANSFORM, profile(Samples.picture(100, 80, BufferedImage.TYPE_INT_RGB), null));
    }

    /** Black and white points, of which nothing can be foretold: a bit each. */
    private static BufferedImage dithered() {
        BufferedImage image = new BufferedImage(160, 120, BufferedImage.TYPE_BYTE_BINARY);
        Random random = new Random(1);
        for (int i = 0; i < 160 * 120; i++) {
            image.setRGB(i % 160, i / 160, random.nextBoolean() ? 0xFFFFFF : 0);
        }
        return image;
    }

    private static BufferedImage drawing() {
        BufferedImage image = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, 160, 120);
        g.setColor(Color.BLUE);
        g.drawString("Some words in blue", 10, 30);
        g.setColor(Color.RED);
        g.drawLine(5, 110, 150, 50);
        g.dispose();
        return image;
    }
}
