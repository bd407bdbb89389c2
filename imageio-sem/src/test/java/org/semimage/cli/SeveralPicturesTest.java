// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What commands do with files of several pictures. */
class SeveralPicturesTest {

    private static final Color[] COLOURS = {Color.RED, Color.GREEN, Color.BLUE};

    @TempDir
    private Path folder;

    private static BufferedImage plain(int width, int height, Color colour) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return image;
    }

    /** Red 30x20, green 40x20, blue 50x20. */
    private Path tiff() throws IOException {
        Path file = folder.resolve("pages.tif");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < COLOURS.length; i++) {
                writer.writeToSequence(new IIOImage(plain(30 + 10 * i, 20, COLOURS[i]), null, null), null);
            }
            writer.endWriteSequence();
        }
        return file;
    }

    private static BufferedImage read(Path file, int index) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            return reader.read(index);
        }
    }

    private static void assertColour(Color expected, BufferedImage image, int x, int y) {
        Color found = new Color(image.getRGB(x, y));
        assertTrue(Math.abs(found.getRed() - expected.getRed()) + Math.abs(found.getGreen() - expected.getGreen())
                + Math.abs(found.getBlue() - expected.getBlue()) < 40, found + ", expected " + expected);
    }

    @Test
    void aFirstPictureIsTakenWithAWarning() throws Exception {
        Path coded = folder.resolve("coded.sem");
        Run encode = Run.of("encode", tiff(), coded);
        assertEquals(0, encode.status(), encode.err());
        assertTrue(encode.err().contains("holds 3 pictures, of which the first is taken"), encode.err());
        assertTrue(encode.out().contains("30x20"), encode.out());
        assertEquals(1, Run.of("info", coded).out().lines().filter(line -> line.startsWith("size")).count());
    }

    @Test
    void anyPictureOrAllAreTaken() throws Exception {
        Path coded = folder.resolve("coded.sem");
        Run second = Run.of("encode", tiff(), coded, "--picture", 2);
        assertTrue(second.status() == 0 && second.err().isEmpty() && second.out().contains("40x20"), second.out() + second.err());
        assertColour(Color.GREEN, read(coded, 0), 20, 10);
        Run missing = Run.of("encode", tiff(), coded, "--picture", 4);
        assertTrue(missing.status() == 1 && missing.err().contains("has no picture 4, only 3"), missing.err());

        Run all = Run.of("encode", tiff(), coded, "--picture", "all");
        assertTrue(all.status() == 0 && all.err().isEmpty() && all.out().contains("3 pictures, " + Files.size(coded) + " bytes"),
                all.out() + all.err());
        for (int i = 0; i < COLOURS.length; i++) {
            assertEquals(30 + 10 * i, read(coded, i).getWidth());
            assertColour(COLOURS[i], read(coded, i), 15, 10);
        }
    }

    @Test
    void aTargetIsOfTheWholeFile() throws Exception {
        Path coded = folder.resolve("coded.sem");
        assertEquals(0, Run.of("encode", tiff(), coded, "--picture", "all", "--no-metadata", "--bytes", 600).status());
        assertTrue(Files.size(coded) <= 600, Files.size(coded) + " bytes");
        assertEquals(50, read(coded, 2).getWidth());
    }

    @Test
    void decodingTakesOneOrAllToo() throws Exception {
        Path coded = folder.resolve("coded.sem");
        assertEquals(0, Run.of("encode", tiff(), coded, "--picture", "all").status());
        Path back = folder.resolve("back.png");
        Run first = Run.of("decode", coded, back);
        assertTrue(first.status() == 0 && first.err().contains("holds 3 pictures, of which the first is taken"), first.err());
        Run third = Run.of("decode", coded, back, "--picture", 3);
        assertTrue(third.status() == 0 && third.err().isEmpty(), third.err());
        assertColour(Color.BLUE, ImageIO.read(back.toFile()), 20, 10);
        Run refused = Run.of("decode", coded, folder.resolve("all.png"), "--picture", "all");
        assertTrue(refused.status() == 1 && refused.err().contains("holds one picture"), refused.err());
        Path pages = folder.resolve("all.tif");
        assertEquals(0, Run.of("decode", coded, pages, "--picture", "all").status());
        assertColour(Color.GREEN, read(pages, 1), 20, 10);
        assertEquals(50, read(pages, 2).getWidth());
    }

    @Test
    void captionsAreOfOnePictureOrAll() throws Exception {
        Path coded = folder.resolve("coded.sem");
        Run.of("encode", tiff(), coded, "--picture", "all", "--profile", "caption", "--caption", "a page");
        Run first = Run.of("caption", coded);
        assertTrue(first.out().strip().equals("a page") && first.err().contains("holds 3 pictures"), first.out() + first.err());
        Run all = Run.of("caption", coded, "--picture", "all");
        assertEquals(3, all.out().lines().count(), all.out());
        assertTrue(all.err().isEmpty(), all.err());
    }

    /** Red 40x30; then a green 10x10 at 5,5, which goes again; then a blue 10x10 at 20,15. */
    private Path gif() throws IOException {
        Path file = folder.resolve("moving.gif");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        BufferedImage[] parts = {plain(40, 30, COLOURS[0]), plain(10, 10, COLOURS[1]), plain(10, 10, COLOURS[2])};
        int[][] places = {{0, 0}, {5, 5}, {20, 15}};
        String[] disposal = {"doNotDispose", "restoreToPrevious", "none"};
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < parts.length; i++) {
                IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(parts[i]), null);
                IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
                IIOMetadataNode place = (IIOMetadataNode) root.getElementsByTagName("ImageDescriptor").item(0);
                place.setAttribute("imageLeftPosition", String.valueOf(places[i][0]));
                place.setAttribute("imageTopPosition", String.valueOf(places[i][1]));
                IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
                control.setAttribute("disposalMethod", disposal[i]);
                control.setAttribute("userInputFlag", "FALSE");
                control.setAttribute("transparentColorFlag", "FALSE");
                control.setAttribute("delayTime", "10");
                control.setAttribute("transparentColorIndex", "0");
                root.appendChild(control);
                metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
                writer.writeToSequence(new IIOImage(parts[i], null, metadata), null);
            }
            writer.endWriteSequence();
        }
        return file;
    }

    @Test
    void framesOfAnAnimationAreWhatProgramsShow() throws Exception {
        Path coded = folder.resolve("coded.sem");
        Run all = Run.of("encode", gif(), coded, "--picture", "all");
        assertEquals(0, all.status(), all.err());
        for (int i = 0; i < 3; i++) {
            BufferedImage frame = read(coded, i);
            assertEquals(40, frame.getWidth());
            assertEquals(30, frame.getHeight());
            assertFalse(frame.getColorModel().hasAlpha());
            assertColour(i == 1 ? Color.GREEN : Color.RED, frame, 10, 10);
            assertColour(i == 2 ? Color.BLUE : Color.RED, frame, 25, 20);
        }
        Run last = Run.of("encode", gif(), coded, "--picture", 3);
        assertEquals(0, last.status(), last.err());
        assertColour(Color.RED, read(coded, 0), 10, 10);
        assertColour(Color.BLUE, read(coded, 0), 25, 20);
    }

    @Test
    void otherCommandsSayThatThereIsMore() throws Exception {
        File here = folder.toFile();
        Run demo = Run.of("demo", tiff(), "--folder", here);
        assertTrue(demo.status() == 0 && demo.err().contains("holds 3 pictures"), demo.err());
    }
}
