package org.semimage.imageio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.semimage.generate.Generative;
import org.w3c.dom.Element;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The caption and descriptor profiles through ImageIO. */
class SemanticFilesTest {

    private static final String SENTENCE = "a cat sitting on top of a wooden bench";

    @AfterEach
    void forgetTheProperty() {
        System.clearProperty(Generative.PROPERTY);
    }

    private static byte[] write(BufferedImage image, String profile, String caption, int bytes) throws IOException {
        ImageWriter writer = Samples.writer();
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(profile);
        param.setCaption(caption);
        if (bytes > 0) {
            param.setTargetBytes(bytes);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        return out.toByteArray();
    }

    private static BufferedImage photo() {
        return Samples.picture(640, 480, BufferedImage.TYPE_INT_RGB);
    }

    private static Element synthesis(byte[] file) throws IOException {
        Element tree = (Element) Samples.reader(file).getImageMetadata(0).getAsTree(SemMetadata.FORMAT_NAME);
        return (Element) tree.getElementsByTagName("Synthesis").item(0);
    }

    @Test
    void theSentenceWithItsSizeTakesLessThanTwelveBytes() throws IOException {
        byte[] file = write(photo(), "caption", SENTENCE, 0);
        assertTrue(file.length < 12, file.length + " bytes");
        assertEquals(SENTENCE, synthesis(file).getAttribute("caption"));
        BufferedImage image = Samples.reader(file).read(0);
        assertEquals(640, image.getWidth());
        assertEquals(480, image.getHeight());
    }

    @Test
    void metadataSaysWhichPixelsAreSynthesized() throws IOException {
        assertTrue(synthesis(write(photo(), "caption", SENTENCE, 0)).getAttribute("digitalSourceType").endsWith("/algorithmicMedia"));
        Element descriptor = synthesis(write(photo(), "descriptor", null, 100));
        assertTrue(descriptor.getAttribute("digitalSourceType").endsWith("/compositeSynthetic"));
        assertFalse(descriptor.hasAttribute("caption"));
    }

    @Test
    void withoutCaptionTheWriterSaysWhatToDo() {
        IIOException failure = assertThrows(IIOException.class, () -> write(photo(), "caption", null, 0));
        assertTrue(failure.getMessage().contains("setCaption") && failure.getMessage().contains("--caption"), failure.getMessage());
    }

    @Test
    void aCaptionThatDoesNotFitIsRefused() {
        assertTrue(assertThrows(IIOException.class, () -> write(photo(), "caption", SENTENCE, 5)).getMessage().contains("does not fit"));
        assertThrows(IIOException.class, () -> write(photo(), "caption", "x".repeat(20_000), 0));
        assertThrows(IIOException.class, () -> write(photo(), "descriptor", null, 8));
    }

    @Test
    void descriptorsFillTheirBudgetAndShowTheLayout() throws IOException {
        BufferedImage photo = photo();
        double before = 0;
        for (int bytes : new int[] {20, 60, 200}) {
            byte[] file = write(photo, "descriptor", SENTENCE, bytes);
            assertEquals(bytes, file.length);
            assertEquals(SENTENCE, synthesis(file).getAttribute("caption"));
            double psnr = Samples.psnr(photo, Samples.reader(file).read(0));
            assertTrue(psnr > before, bytes + " bytes: " + psnr + " dB");
            before = psnr;
        }
        assertTrue(before > 20, before + " dB");
    }

    @Test
    void everyPrefixOfDescriptorsDecodes() throws IOException {
        byte[] file = write(Samples.picture(64, 48, BufferedImage.TYPE_INT_RGB), "descriptor", SENTENCE, 70);
        for (int length = 10; length < file.length; length++) {
            Samples.reader(Arrays.copyOf(file, length)).read(0);
        }
    }

    @Test
    void theSameFileGivesTheSamePixels() throws IOException {
        byte[] file = write(photo(), "descriptor", null, 90);
        assertEquals(Double.POSITIVE_INFINITY, Samples.psnr(Samples.reader(file).read(0), Samples.reader(file).read(0)));
    }

    @Test
    void readersRefuseWhereInventionIsDenied() throws IOException {
        byte[] file = write(photo(), "caption", SENTENCE, 0);
        ImageReader reader = Samples.reader(file);
        SemImageReadParam param = (SemImageReadParam) reader.getDefaultReadParam();
        param.setGenerative(Generative.DENY);
        assertTrue(assertThrows(IIOException.class, () -> reader.read(0, param)).getMessage().contains("denied"));
        System.setProperty(Generative.PROPERTY, "deny");
        assertThrows(IIOException.class, () -> Samples.reader(file).read(0));
        System.setProperty(Generative.PROPERTY, "Plain");
        Samples.reader(file).read(0);
        System.setProperty(Generative.PROPERTY, "perhaps");
        assertEquals(Generative.DENY, Generative.current());
    }

    @Test
    void tinyAndOddPicturesHaveDescriptors() throws IOException {
        for (int[] size : new int[][] {{1, 1}, {1, 300}, {3, 2}, {257, 31}, {700, 5}}) {
            byte[] file = write(Samples.picture(size[0], size[1], BufferedImage.TYPE_INT_ARGB), "descriptor", null, 60);
            BufferedImage image = Samples.reader(file).read(0);
            assertEquals(size[0], image.getWidth());
            assertEquals(size[1], image.getHeight());
        }
    }
}
