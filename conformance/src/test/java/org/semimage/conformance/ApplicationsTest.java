// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import ij.ImagePlus;
import ij.io.Opener;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TIFF;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.image.ImageParser;
import org.imgscalr.Scalr;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;
import org.xml.sax.helpers.DefaultHandler;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Libraries that work with pictures through ImageIO, untouched. */
class ApplicationsTest {

    private static final int WIDTH = 160;
    private static final int HEIGHT = 100;

    private static File file;
    private static BufferedImage picture;

    @BeforeAll
    static void encode() {
        file = EncodedFiles.sem(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        picture = EncodedFiles.picture(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    }

    private static double psnr(BufferedImage expected, BufferedImage found) {
        return Psnr.of(RgbSamples.of(expected), RgbSamples.of(found));
    }

    @Test
    void imgscalrScales(@TempDir Path folder) throws Exception {
        BufferedImage scaled = Scalr.resize(ImageIO.read(file), Scalr.Method.QUALITY, 80);
        assertEquals(80, scaled.getWidth());
        assertTrue(psnr(Scalr.resize(picture, Scalr.Method.QUALITY, 80), scaled) > 26);
        File again = folder.resolve("small.sem").toFile();
        assertTrue(ImageIO.write(scaled, "sem", again));
        assertEquals(50, ImageIO.read(again).getHeight());
    }

    @Test
    void imageJOpensThroughImageIo() throws Exception {
        ImagePlus plus = new ImagePlus("a SEM picture", ImageIO.read(file));
        assertEquals(ImagePlus.COLOR_RGB, plus.getType());
        plus.getProcessor().invert();
        assertEquals(WIDTH, plus.getWidth());
        ImagePlus opened = new Opener().openUsingImageIO(file.getPath());
        assertEquals(HEIGHT, opened.getHeight());
        assertTrue(psnr(picture, opened.getBufferedImage()) > 26);
    }

    @Test
    void tikaFindsSizeAndMetadata() throws Exception {
        Metadata metadata = new Metadata();
        metadata.set(Metadata.CONTENT_TYPE, "image/x-sem");
        try (InputStream in = new FileInputStream(file)) {
            new ImageParser().parse(in, new DefaultHandler(), metadata, new ParseContext());
        }
        assertEquals(WIDTH, metadata.getInt(TIFF.IMAGE_WIDTH));
        assertEquals(HEIGHT, metadata.getInt(TIFF.IMAGE_LENGTH));
        assertEquals("transform", metadata.get("Compression CompressionTypeName"));
    }

    @Test
    void pdfBoxEmbedsADecodedPicture() throws Exception {
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(WIDTH, HEIGHT));
            document.addPage(page);
            PDImageXObject image = LosslessFactory.createFromImage(document, ImageIO.read(file));
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(image, 0, 0, WIDTH, HEIGHT);
            }
            document.save(pdf);
        }
        try (PDDocument document = Loader.loadPDF(pdf.toByteArray())) {
            PDImageXObject image = (PDImageXObject) document.getPage(0).getResources().getXObject(
                    document.getPage(0).getResources().getXObjectNames().iterator().next());
            assertTrue(psnr(picture, image.getImage()) > 26);
        }
    }
}
