// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemHeader;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What ImageIO's callers meet with when a file is damaged or made to do harm: a picture or an {@link IIOException}, in bounded time and
 * memory.
 */
class HostileInputTest {

    /** What every header says of the version. */
    private static final int VERSION = 8 | SemHeader.VERSION & 3;

    private static final Map<String, byte[]> FILES = new LinkedHashMap<>();

    /** Bytes, then others without end. */
    private static final class Endless extends InputStream {

        private final byte[] first;
        private final Random random = new Random(3);
        private long given;

        Endless(byte[] first) {
            this.first = first;
        }

        @Override
        public int read() {
            int next = given < first.length ? first[(int) given] & 0xFF : random.nextInt(256);
            given++;
            return next;
        }
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        for (String profile : new String[] {"transform", "lossless", "descriptor"}) {
            SemImageWriteParam param = new SemImageWriteParam();
            param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(profile);
            if (profile.equals("descriptor")) {
                param.setCaption("a sea behind a wall");
            }
            param.setThumbnailSize(8);
            FILES.put(profile, Samples.write(new IIOImage(Samples.picture(48, 40, BufferedImage.TYPE_INT_ARGB), null, null), param));
        }
    }

    /** A picture, or a refusal that says something. */
    private static void survive(InputStream in, int width) throws IOException {
        try {
            BufferedImage image = ImageIO.read(in);
            assertTrue(image == null || width < 0 || image.getWidth() == width);
        } catch (IIOException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }

    /**
     * The beginning of a picture of the transform profile.
     *
     * @param hex what follows magic, version and profile
     */
    private static byte[] header(String hex) {
        return HexFormat.of().parseHex("53454d" + HexFormat.of().toHexDigits((byte) (VERSION << 4 | 3)) + hex);
    }

    private static IIOException refusal(InputStream in) {
        return assertThrows(IIOException.class, () -> ImageIO.read(in));
    }

    @Test
    void filesCutAnywhere(@TempDir Path folder) throws IOException {
        for (byte[] file : FILES.values()) {
            for (int length = 0; length < file.length; length += 1 + length / 8) {
                byte[] cut = Arrays.copyOf(file, length);
                survive(new ByteArrayInputStream(cut), -1);
                try {
                    ImageIO.read(Files.write(folder.resolve("cut.sem"), cut).toFile());
                } catch (IIOException refused) {
                    assertFalse(refused.getMessage().isBlank());
                }
            }
        }
    }

    @Test
    void bytesChangedAnywhereThroughEveryQuestionOfAReader() throws IOException {
        Random random = new Random(1);
        for (byte[] file : FILES.values()) {
            for (int i = 0; i < 60; i++) {
                byte[] damaged = file.clone();
                for (int k = 0; k <= i % 3; k++) {
                    damaged[3 + random.nextInt(damaged.length - 3)] = (byte) random.nextInt(256);
                }
                ask(damaged);
            }
        }
    }

    private static void ask(byte[] file) throws IOException {
        ImageReader reader = Samples.reader(file);
        try {
            reader.getImageMetadata(0).getAsTree("javax_imageio_1.0");
            reader.getImageTypes(0);
            for (int t = 0; t < reader.getNumThumbnails(0); t++) {
                reader.readThumbnail(0, t);
            }
            if ((long) reader.getWidth(0) * reader.getHeight(0) < 1 << 16) {
                reader.read(0);
            }
            reader.getNumImages(true);
        } catch (IIOException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }

    @Test
    void nothingAtAll(@TempDir Path folder) throws IOException {
        assertNull(ImageIO.read(new ByteArrayInputStream(new byte[0])));
        assertNull(ImageIO.read(Files.createFile(folder.resolve("empty.sem")).toFile()));
    }

    @Test
    void magicAndNoise() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(new byte[] {'S', 'E', 'M', (byte) (VERSION << 4 | i % 5)});
            out.writeBytes(noise);
            survive(new ByteArrayInputStream(out.toByteArray()), -1);
        }
    }

    @Test
    void aStreamWithoutEndBehindAPictureIsLeftAlone() throws IOException {
        for (byte[] file : FILES.values()) {
            Endless endless = new Endless(file);
            survive(endless, 48);
            assertTrue(endless.given < file.length + (1 << 16), endless.given + " bytes were read");
        }
    }

    @Test
    void aLengthBeyondWhatAPictureCanTakeIsRefusedBeforeItIsRead() {
        Endless endless = new Endless(header("07070201" + "54" + "ffffffff03"));
        assertTrue(refusal(endless).getMessage().contains("for a picture of this size"));
        assertTrue(endless.given < 1 << 16, endless.given + " bytes were read");
    }

    @Test
    void aPayloadBeyondTheLimitIsRefusedBeforeItIsRead() throws IOException {
        // 16384x16384 pixels, and a payload of 2^30 + 1 bytes.
        ImageReader reader = new SemImageReader(new SemImageReaderSpi());
        try (ImageInputStream in = new MemoryCacheImageInputStream(new Endless(header("ff7fff7f0201" + "54" + "8180808004")))) {
            reader.setInput(in, true, true);
            assertTrue(assertThrows(IIOException.class, () -> reader.read(0)).getMessage().contains("maxPayloadBytes"));
        }
    }

    @Test
    void giantSizesCostNothingUntilTheyAreRefused() throws IOException {
        byte[] giant = Samples.hollowFile(1 << 24, 1 << 24, PixelFormat.RGB, new Chunk('q', new byte[3]));
        assertTrue(refusal(new ByteArrayInputStream(giant)).getMessage().contains("org.semimage.maxPixels"));
        ImageReader reader = Samples.reader(giant);
        assertEquals(1 << 24, reader.getWidth(0));
        assertEquals("RGB", reader.getImageMetadata(0).getAsTree("javax_imageio_1.0").getFirstChild().getFirstChild().getAttributes()
                .item(0).getNodeValue());
    }
}
