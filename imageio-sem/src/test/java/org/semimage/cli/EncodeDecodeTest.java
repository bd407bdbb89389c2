// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.model.LatentPacks;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EncodeDecodeTest {

    @TempDir
    private Path folder;

    @Test
    void takesAPictureThereAndBack() throws Exception {
        Path original = Run.draw(folder, "an original.png", "150x100");
        Path coded = folder.resolve("coded.sem");
        Path back = folder.resolve("back.png");
        Run encode = Run.of("encode", original, coded, "--quality", "0.8");
        assertEquals(0, encode.status(), encode.err());
        assertTrue(encode.out().contains("150x100, " + Files.size(coded) + " bytes"), encode.out());
        Run decode = Run.of("decode", coded, back);
        assertEquals(0, decode.status(), decode.err());
        assertTrue(psnr(original, back) > 28, "PSNR " + psnr(original, back));
        assertEquals(3, count(), "no file is left beside the three");
    }

    @Test
    void buysQualityWithBytes() throws Exception {
        Path original = Run.draw(folder, "original.png", "150x100");
        Path low = folder.resolve("low.sem");
        Path high = folder.resolve("high.sem");
        assertEquals(0, Run.of("encode", original, low, "--quality", "0.3").status());
        assertEquals(0, Run.of("encode", original, high, "--quality", "0.9").status());
        assertTrue(Files.size(low) < Files.size(high));
        assertTrue(psnr(original, low) < psnr(original, high));
    }

    @Test
    void keepsTheFileWithinATarget() throws Exception {
        Path original = Run.draw(folder, "original.png", "150x100");
        Path coded = folder.resolve("coded.sem");
        assertEquals(0, Run.of("encode", original, coded, "--bytes", 2000).status());
        assertTrue(Files.size(coded) <= 2000 && Files.size(coded) > 1000, Files.size(coded) + " bytes");
        assertEquals(0, Run.of("encode", original, coded, "--bpp", 0.5).status());
        assertTrue(Files.size(coded) <= 150 * 100 / 16, Files.size(coded) + " bytes");
    }

    @Test
    void keepsEverySampleInTheLosslessProfile() throws Exception {
        Path original = Run.draw(folder, "original.png", "150x100");
        Path coded = folder.resolve("coded.sem");
        Path back = folder.resolve("back.png");
        assertEquals(0, Run.of("encode", original, coded, "--profile", "lossless").status());
        assertTrue(Files.size(coded) < Files.size(original));
        assertEquals(0, Run.of("decode", coded, back).status());
        assertEquals(Double.POSITIVE_INFINITY, psnr(original, back));
        assertTrue(Run.of("info", coded).out().contains("profile lossless"));
    }

    @Test
    void carriesMetadataAndMakesAThumbnail() throws Exception {
        Path original = folder.resolve("a.jpg");
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR);
        ImageWriter jpeg = ImageIO.getImageWritersByFormatName("jpeg").next();
        IIOMetadata metadata = jpeg.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        IIOMetadataNode comment = new IIOMetadataNode("com");
        comment.setAttribute("comment", "by the sea");
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_jpeg_image_1.0");
        root.appendChild(new IIOMetadataNode("JPEGvariety"));
        root.appendChild(new IIOMetadataNode("markerSequence")).appendChild(comment);
        metadata.mergeTree(root.getNodeName(), root);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(original.toFile())) {
            jpeg.setOutput(out);
            jpeg.write(null, new IIOImage(image, null, metadata), null);
        }
        Path coded = folder.resolve("a.sem");
        assertEquals(0, Run.of("encode", original, coded, "--thumbnail", 16).status());
        Run info = Run.of("info", coded);
        assertTrue(info.out().contains("by the sea") && info.out().contains("thumb "), info.out());
        assertEquals(0, Run.of("encode", original, coded, "--no-metadata").status());
        assertFalse(Run.of("info", coded).out().contains("by the sea"));
        assertEquals(2, Run.of("encode", original, coded, "--thumbnail", 1000).status());
    }

    @Test
    void decodesToFormatsWithoutAlpha() throws Exception {
        BufferedImage transparent = new BufferedImage(40, 30, BufferedImage.TYPE_INT_ARGB);
        Path original = folder.resolve("transparent.png");
        ImageIO.write(transparent, "png", original.toFile());
        Path coded = folder.resolve("coded.sem");
        assertEquals(0, Run.of("encode", original, coded).status());
        Path back = folder.resolve("back.jpg");
        Run decode = Run.of("decode", coded, back);
        assertEquals(0, decode.status(), decode.err());
        assertTrue(decode.err().contains("put on white"), decode.err());
        assertTrue((ImageIO.read(back.toFile()).getRGB(20, 15) & 0xFF) > 250);
    }

    @Test
    void refusesContradictionsAndNonsense() {
        Path original = Run.draw(folder, "original.png", "20x20");
        Path coded = folder.resolve("coded.sem");
        assertEquals(2, Run.of("encode", original, coded, "--quality", 1, "--bytes", 100).status());
        assertEquals(2, Run.of("encode", original, coded, "--quality", 1.5).status());
        assertEquals(2, Run.of("encode", original, coded, "--bytes", 0).status());
        assertEquals(2, Run.of("encode", original, coded, "--bpp", -1).status());
        assertEquals(2, Run.of("encode", original, coded, "--effort", 4).status());
        assertEquals(2, Run.of("encode", original, coded, "--effort", "much").status());
        assertEquals(2, Run.of("encode", original, coded, "--profile", "jpeg").status());
        assertEquals(2, Run.of("encode", original, coded, "--backend", "abacus").status());
        assertEquals(2, Run.of("encode", original, folder.resolve("coded.png")).status());
        assertEquals(2, Run.of("decode", original, folder.resolve("back.xyz")).status());
        assertFalse(Files.exists(coded));
    }

    @Test
    void leavesAnExistingFileAloneWhenItFails() throws Exception {
        Path original = Run.draw(folder, "original.png", "64x64");
        Path coded = Files.writeString(folder.resolve("coded.sem"), "precious");
        Run tooSmall = Run.of("encode", original, coded, "--bytes", 5);
        assertEquals(1, tooSmall.status());
        assertEquals(1, tooSmall.err().lines().count(), tooSmall.err());
        assertEquals("precious", Files.readString(coded));
        assertEquals(2, count());
    }

    @Test
    void theGenerativeProfileNeedsAPack() {
        Path original = Run.draw(folder, "original.png", "20x20");
        Run run = Run.of("encode", original, folder.resolve("a.sem"), "--profile", "generative");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("--profile generative and --pack go together"), run.err());
        Run missing = Run.of("encode", original, folder.resolve("a.sem"), "--profile", "generative", "--pack", "no-such-pack");
        assertEquals(1, missing.status());
        assertTrue(missing.err().contains(LatentPacks.ARTIFACT), missing.err());
    }

    @Test
    void failsInOneLineOnInputThatIsNoPicture() throws Exception {
        Path text = Files.writeString(folder.resolve("text.sem"), "no picture");
        for (Run run : new Run[] {Run.of("decode", text, folder.resolve("a.png")), Run.of("encode", text, folder.resolve("a.sem")),
                Run.of("encode", folder, folder.resolve("a.sem")), Run.of("encode", folder.resolve("none.png"), folder.resolve("a.sem"))}) {
            assertEquals(1, run.status());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    private static double psnr(Path a, Path b) throws IOException {
        return Psnr.of(RgbSamples.of(ImageIO.read(a.toFile())), RgbSamples.of(ImageIO.read(b.toFile())));
    }

    private long count() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void decodesARegionAndASmallerPicture() throws Exception {
        Path coded = folder.resolve("coded.sem");
        Path part = folder.resolve("part.png");
        assertEquals(0, Run.of("encode", Run.draw(folder, "original.png", "150x101"), coded).status());
        Run region = Run.of("decode", coded, part, "--region", "20,10,50,30");
        assertTrue(region.status() == 0 && region.out().contains("50x30"), region.out() + region.err());
        Run small = Run.of("decode", coded, part, "--scale", "1/8");
        assertTrue(small.status() == 0 && small.out().contains("19x13"), small.out() + small.err());
        for (String[] bad : new String[][] {{"--scale", "1/3"}, {"--region", "1,2,3"}, {"--region", "1,2,x,4"}, {"--region", "0,0,0,4"},
                {"--region", "0,0,4,4,4"}}) {
            assertEquals(2, Run.of("decode", coded, part, bad[0], bad[1]).status());
        }
        Run outside = Run.of("decode", coded, part, "--region", "500,500,10,10");
        assertEquals(1, outside.status());
        assertEquals(1, outside.err().strip().lines().count(), outside.err());
    }

    @Test
    void encodesForAPsnrAndWithRegionsOfInterest() throws Exception {
        Path original = Run.draw(folder, "original.png", "150x100");
        Path coded = folder.resolve("coded.sem");
        Path back = folder.resolve("back.png");
        assertEquals(0, Run.of("encode", original, coded, "--psnr", "35").status());
        assertEquals(0, Run.of("decode", coded, back).status());
        assertEquals(35.2, psnr(original, back), 0.25);
        assertEquals(0, Run.of("encode", original, coded, "--quality", "0.3").status());
        long plain = Files.size(coded);
        assertEquals(0, Run.of("encode", original, coded, "--quality", "0.3", "--roi", "0,0,40,40", "--roi", "100,50,20,20,96").status());
        assertTrue(Files.size(coded) > plain);
        assertEquals(2, Run.of("encode", original, coded, "--psnr", "0").status());
        assertEquals(2, Run.of("encode", original, coded, "--roi", "0,0,40,40,256").status());
    }
}
