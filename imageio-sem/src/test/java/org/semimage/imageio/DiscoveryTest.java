// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.container.PixelFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DiscoveryTest {

    /** What a program does that looks at a picture but does not decode it; run in a virtual machine of its own. */
    static final class Probe {

        public static void main(String[] arguments) throws IOException {
            try (ImageInputStream in = ImageIO.createImageInputStream(Path.of(arguments[0]).toFile())) {
                ImageReader reader = ImageIO.getImageReaders(in).next();
                reader.setInput(in);
                ImageWriter writer = ImageIO.getImageWriter(reader);
                writer.getDefaultWriteParam();
                reader.getImageMetadata(0);
                System.out.println("size " + reader.getWidth(0) + "x" + reader.getHeight(0) + " "
                        + reader.getRawImageType(0).getNumBands());
            }
        }
    }

    @Test
    void discoveryAndHeadersLoadNoNativeBinding(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("x.sem"), Samples.hollowFile(641, 479, PixelFormat.RGB));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-verbose:class",
                "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"), Probe.class.getName(), file.toString())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("size 641x479 3"), output);
        assertTrue(output.contains(" org.semimage.imageio.SemImageReaderSpi "), "classes are listed");
        assertFalse(output.contains(" org.bytedeco."), "a native binding was loaded");
        assertFalse(output.contains(" org.semimage.compute.backend.Backends "), "the compute layer was loaded");
        assertFalse(output.contains(" org.semimage.model."), "a model was loaded");
    }

    @Test
    void readerAndWriterAreFoundByNameSuffixAndMimeType() {
        for (String name : new String[] {"sem", "SEM"}) {
            assertTrue(ImageIO.getImageReadersByFormatName(name).next() instanceof SemImageReader);
            assertTrue(ImageIO.getImageWritersByFormatName(name).next() instanceof SemImageWriter);
        }
        assertTrue(ImageIO.getImageReadersBySuffix("sem").hasNext());
        assertTrue(ImageIO.getImageWritersBySuffix("sem").hasNext());
        for (String type : new String[] {"image/x-sem", "image/sem"}) {
            assertTrue(ImageIO.getImageReadersByMIMEType(type).hasNext());
            assertTrue(ImageIO.getImageWritersByMIMEType(type).hasNext());
        }
        assertTrue(Arrays.asList(ImageIO.getReaderFileSuffixes()).contains("sem"));
    }

    @Test
    void readerAndWriterFindEachOther() throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        assertTrue(ImageIO.getImageWriter(reader) instanceof SemImageWriter);
        assertTrue(ImageIO.getImageReader(Samples.writer()) instanceof SemImageReader);
        assertEquals("sem", reader.getFormatName());
    }

    @Test
    void theFirstFourBytesDecideAndTheStreamStaysWhereItWas() throws IOException {
        SemImageReaderSpi provider = new SemImageReaderSpi();
        for (int fourth = 0x80; fourth < 0xC0; fourth++) {
            assertTrue(provider.canDecodeInput(Samples.stream(new byte[] {'S', 'E', 'M', (byte) fourth})));
        }
        for (String other : new String[] {"", "S", "SE", "SEN", "\u0089PNG", "SEM"}) {
            assertFalse(provider.canDecodeInput(Samples.stream(other.getBytes())));
        }
        assertFalse(provider.canDecodeInput(null));
        assertFalse(provider.canDecodeInput(new byte[] {'S', 'E', 'M', (byte) 0x93}));
        ImageInputStream in = Samples.stream(new byte[] {'x', 'x', 'S', 'E', 'M', (byte) 0x93});
        in.seek(2);
        assertTrue(provider.canDecodeInput(in));
        assertEquals(2, in.getStreamPosition());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEMINAR, 12 May\n", "SEMVER=1.2.3\n", "SEM;EDX;kV\n1;2;3\n", "SEM", "SEM\n", "SEM\u00c9 en scne",
            "SEM \u2013 a scanning microscope",
        "SEM\u2013EDX"})
    void textThatBeginsAsAPictureDoesIsNone(String text) throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)) {
            assertNull(ImageIO.read(new ByteArrayInputStream(text.getBytes(charset))), text);
        }
    }

    @Test
    void theWriterTakesEveryTypeButNone() {
        SemImageWriterSpi provider = new SemImageWriterSpi();
        assertTrue(provider.canEncodeImage(Samples.picture(1, 1, 12)));
        assertThrows(IllegalArgumentException.class, () -> provider.canEncodeImage((javax.imageio.ImageTypeSpecifier) null));
    }
}
