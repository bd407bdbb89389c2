// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.generate.FakeCaptioner;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.TextEntry;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.semantic.PictureCaptioner;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The caption and descriptor profiles through ImageIO. */
class SemanticFilesTest {

    private static final String SENTENCE = "a cat sitting on top of a wooden bench";

    @AfterEach
    void forgetTheProperty() {
        System.clearProperty(SynthesisPolicy.PROPERTY);
        System.clearProperty(SemImageReadParam.FIDELITY_PROPERTY);
        System.clearProperty(PictureCaptioner.PROPERTY);
        System.clearProperty(FakeCaptioner.PROPERTY);
    }

    private static byte[] write(BufferedImage image, String profile, String caption, int bytes) throws IOException {
        return write(new IIOImage(image, null, null), profile, caption, bytes);
    }

    private static byte[] write(IIOImage image, String profile, String caption, int bytes) throws IOException {
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
            writer.write(null, image, param);
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
    void aFileOfNothingButItsSizeIsAPicture() throws IOException {
        ImageReader reader = Samples.reader(HexFormat.of().parseHex("53454d81270064"));
        assertEquals(640, reader.read(0).getWidth());
        assertFalse(((Element) reader.getImageMetadata(0).getAsTree(SemMetadata.FORMAT_NAME)).getElementsByTagName("Synthesis").item(0)
                .getAttributes()
                .getLength() > 1, "it has no caption");
    }

    @Test
    void metadataSaysWhichPixelsAreSynthesized() throws IOException {
        byte[] words = write(photo(), "caption", SENTENCE, 0);
        assertTrue(synthesis(words).getAttribute("digitalSourceType").endsWith("/trainedAlgorithmicMedia"));
        byte[] file = write(photo(), "descriptor", null, 100);
        Element descriptor = synthesis(file);
        assertTrue(descriptor.getAttribute("digitalSourceType").endsWith("/compositeWithTrainedAlgorithmicMedia"));
        assertFalse(descriptor.hasAttribute("caption"));
        System.setProperty(SemImageReadParam.FIDELITY_PROPERTY, "0");
        assertTrue(synthesis(words).getAttribute("digitalSourceType").endsWith("/algorithmicMedia"));
        assertTrue(synthesis(file).getAttribute("digitalSourceType").endsWith("/compositeSynthetic"));
    }

    @Test
    void metadataSaysWhichPixelsAreRendered() throws IOException {
        for (float quality : new float[] {0.1f, 0.5f}) {
            SemImageWriteParam param = new SemImageWriteParam();
            param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType("transform");
            param.setCompressionQuality(quality);
            byte[] file = Samples.write(new IIOImage(photo(), null, null), param);
            assertEquals(quality < 0.2f, texts(Samples.reader(file).getImageMetadata(0)).containsKey("DigitalSourceType"));
            System.setProperty(SynthesisPolicy.PROPERTY, "plain");
            assertFalse(texts(Samples.reader(file).getImageMetadata(0)).containsKey("DigitalSourceType"));
            System.clearProperty(SynthesisPolicy.PROPERTY);
        }
    }

    @Test
    void aTargetTooSmallForPixelsGivesDescriptorsUnlessAProfileWasChosen() throws IOException {
        BufferedImage photo = Samples.picture(320, 240, BufferedImage.TYPE_INT_RGB);
        SemImageWriteParam param = new SemImageWriteParam();
        param.setTargetBytes(25);
        byte[] file = Samples.write(new IIOImage(photo, null, null), param);
        assertTrue(file.length <= 25);
        assertEquals(ProfileId.DESCRIPTOR, SemParser.parse(file).header().profile());
        param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("transform");
        assertThrows(DoesNotFitException.class, () -> Samples.write(new IIOImage(photo, null, null), param));
    }

    @Test
    void aTargetTooSmallForLooksGivesWordsIfThereAreAny() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setTargetBytes(11);
        System.setProperty(FakeCaptioner.PROPERTY, SENTENCE);
        byte[] file = Samples.write(new IIOImage(photo(), null, null), param);
        assertTrue(file.length <= 11);
        assertEquals(ProfileId.CAPTION, SemParser.parse(file).header().profile());
        System.clearProperty(FakeCaptioner.PROPERTY);
        System.setProperty(PictureCaptioner.PROPERTY, "none");
        assertEquals(ProfileId.DESCRIPTOR, SemParser.parse(Samples.write(new IIOImage(photo(), null, null), param)).header().profile());
        param.setTargetBytes(5);
        assertThrows(DoesNotFitException.class, () -> Samples.write(new IIOImage(photo(), null, null), param));
    }

    private static Map<String, String> texts(IIOMetadata metadata) {
        Map<String, String> texts = new HashMap<>();
        MetadataTrees.elements(metadata.getAsTree("javax_imageio_1.0"), "TextEntry")
                .forEach(entry -> assertNull(texts.put(entry.getAttribute("keyword"), entry.getAttribute("value"))));
        return texts;
    }

    private static IIOImage withTexts(BufferedImage image, String... keywordsAndValues) {
        List<TextEntry> texts = new ArrayList<>();
        for (int i = 0; i < keywordsAndValues.length; i += 2) {
            texts.add(new TextEntry(keywordsAndValues[i], "", keywordsAndValues[i + 1]));
        }
        return new IIOImage(image, null, SemMetadata.toWrite(ProfileId.CAPTION, PixelFormat.RGB, Ancillary.NONE.withTexts(texts)));
    }

    @Test
    void metadatasCaptionGoesIntoThePayloadAndStaysOutOfTheTexts() throws IOException {
        IIOImage image = withTexts(photo(), "Caption", SENTENCE, "DigitalSourceType", "http://x/y", "Author", "Ada");
        byte[] file = write(image, "caption", null, 0);
        assertEquals(SENTENCE, synthesis(file).getAttribute("caption"));
        assertEquals(List.of(new TextEntry("Author", "", "Ada")), Ancillary.of(SemParser.parse(file).chunks()).texts());
        byte[] said = write(image, "descriptor", "a dog", 200);
        assertEquals("a dog", synthesis(said).getAttribute("caption"));
        assertEquals("a dog", texts(Samples.reader(said).getImageMetadata(0)).get("Caption"));
    }

    @Test
    void thePayloadCountsWhereATextSaysOtherwise() throws IOException {
        Ancillary other = Ancillary.NONE.withTexts(List.of(new TextEntry("Caption", "", "a dog"), new TextEntry("Author", "", "Ada")));
        byte[] file = Samples.withAncillary(write(photo(), "caption", SENTENCE, 0), other.chunks().toArray(Chunk[]::new));
        Map<String, String> texts = texts(Samples.reader(file).getImageMetadata(0));
        assertEquals(SENTENCE, texts.get("Caption"));
        assertEquals("Ada", texts.get("Author"));
        assertTrue(texts.get("DigitalSourceType").endsWith("/trainedAlgorithmicMedia"));
    }

    @Test
    void inventedPixelsAreCalledSoWhenTheyAreWrittenAgain() throws IOException {
        BufferedImage photo = Samples.picture(64, 48, BufferedImage.TYPE_INT_RGB);
        ImageReader reader = Samples.reader(write(photo, "descriptor", SENTENCE, 100));
        byte[] again = write(new IIOImage(reader.read(0), null, reader.getImageMetadata(0)), "transform", null, 0);
        Ancillary ancillary = Ancillary.of(SemParser.parse(again).chunks());
        assertEquals(Optional.of(SENTENCE), ancillary.caption());
        assertTrue(ancillary.digitalSourceType().orElseThrow().endsWith("/compositeWithTrainedAlgorithmicMedia"));
    }

    @Test
    void otherFormatsMetadataGivesACaptionAlone() throws IOException {
        ImageWriter png = ImageIO.getImageWritersByFormatName("png").next();
        BufferedImage photo = Samples.picture(64, 48, BufferedImage.TYPE_INT_RGB);
        IIOMetadata metadata = png.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(photo), null);
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_1.0");
        Node text = root.appendChild(new IIOMetadataNode("Text"));
        for (String[] said : new String[][] {{"Caption", SENTENCE}, {"Comment", "x".repeat(500)}}) {
            IIOMetadataNode entry = new IIOMetadataNode("TextEntry");
            entry.setAttribute("keyword", said[0]);
            entry.setAttribute("value", said[1]);
            entry.setAttribute("encoding", "ISO-8859-1");
            text.appendChild(entry);
        }
        metadata.mergeTree("javax_imageio_1.0", root);
        byte[] file = write(new IIOImage(photo, null, metadata), "caption", null, 12);
        assertEquals(SENTENCE, synthesis(file).getAttribute("caption"));
    }

    @Test
    void otherColourSpacesAreConverted() throws IOException {
        BufferedImage wide = WideGamut.picture(WideGamut.DISPLAY_P3, 64, 48);
        byte[] file = write(wide, "descriptor", null, 200);
        assertEquals(200, file.length);
        BufferedImage plain = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, 64 * 48).forEach(i -> plain.setRGB(i % 64, i / 64, wide.getRGB(i % 64, i / 64)));
        byte[] expected = write(plain, "descriptor", null, 200);
        assertTrue(Samples.psnr(Samples.reader(expected).read(0), Samples.reader(file).read(0)) > 35);
    }

    @Test
    void rastersAreRefusedToo() throws IOException {
        ImageReader reader = Samples.reader(write(photo(), "caption", SENTENCE, 0));
        SemImageReadParam param = (SemImageReadParam) reader.getDefaultReadParam();
        param.setGenerative(SynthesisPolicy.DENY);
        assertThrows(IIOException.class, () -> reader.readRaster(0, param));
        assertEquals(640, reader.readRaster(0, null).getWidth());
    }

    @Test
    void withoutCaptionerTheWriterSaysWhatToDo() {
        System.setProperty(PictureCaptioner.PROPERTY, "none");
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
    void aCaptionFitsIntoWhatItsFileTakes() throws IOException {
        int least = write(photo(), "caption", SENTENCE, 0).length;
        assertEquals(least, write(photo(), "caption", SENTENCE, least).length);
        String told = assertThrows(IIOException.class, () -> write(photo(), "caption", SENTENCE, least - 1)).getMessage();
        assertTrue(told.contains("takes " + least), told);
    }

    @Test
    void aCaptionThatPicturesMayFollowFitsWithItsLength() throws IOException {
        int least = write(photo(), "caption", SENTENCE, 0).length;
        int longer = SemSerializer.toBytes(SemParser.parse(write(photo(), "caption", SENTENCE, 0))).length;
        assertTrue(longer > least);
        assertEquals(longer, sequence(SENTENCE, longer).length);
        String told = assertThrows(IIOException.class, () -> sequence(SENTENCE, longer - 1)).getMessage();
        assertTrue(told.contains("takes " + longer), told);
    }

    @Test
    void aCaptionerSaysLessWherePicturesMayFollow() throws IOException {
        System.setProperty(FakeCaptioner.PROPERTY, SENTENCE);
        int whole = SemSerializer.toBytes(SemParser.parse(write(photo(), "caption", SENTENCE, 0))).length;
        assertEquals(whole, sequence(null, whole).length);
        assertTrue(sequence(null, whole - 1).length < whole);
    }

    @Test
    void aCaptionerSaysLessBesideMetadata() throws IOException {
        System.setProperty(FakeCaptioner.PROPERTY, SENTENCE);
        int whole = write(withTexts(photo(), "Author", "Ada"), "caption", SENTENCE, 0).length;
        assertEquals(whole, write(withTexts(photo(), "Author", "Ada"), "caption", null, whole).length);
        assertTrue(write(withTexts(photo(), "Author", "Ada"), "caption", null, whole - 1).length < whole);
    }

    @Test
    void aPictureThatDoesNotFitBesideItsMetadataSaysWhatThatTakes() {
        for (String profile : List.of("transform", "lossless", "caption")) {
            IIOImage image = withTexts(Samples.picture(64, 48, BufferedImage.TYPE_INT_RGB), "Author", "Ada");
            String caption = profile.equals("caption") ? SENTENCE : null;
            String told = assertThrows(DoesNotFitException.class, () -> write(image, profile, caption, 24)).getMessage();
            assertTrue(told.endsWith("; of the 24 bytes asked for, metadata takes 19"), told);
        }
    }

    private static byte[] sequence(String caption, int bytes) throws IOException {
        ImageWriter writer = Samples.writer();
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("caption");
        param.setCaption(caption);
        param.setTargetBytes(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            writer.writeToSequence(new IIOImage(photo(), null, null), param);
            writer.endWriteSequence();
        }
        return out.toByteArray();
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
        param.setGenerative(SynthesisPolicy.DENY);
        assertTrue(assertThrows(IIOException.class, () -> reader.read(0, param)).getMessage().contains("denied"));
        System.setProperty(SynthesisPolicy.PROPERTY, "deny");
        assertThrows(IIOException.class, () -> Samples.reader(file).read(0));
        System.setProperty(SynthesisPolicy.PROPERTY, "Plain");
        Samples.reader(file).read(0);
        System.setProperty(SynthesisPolicy.PROPERTY, "perhaps");
        assertEquals(SynthesisPolicy.DENY, SynthesisPolicy.current());
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
