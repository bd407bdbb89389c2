// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semimage.container.ProfileId;
import org.semimage.container.SemParser;
import org.semimage.profile.Tune;
import org.semimage.spark.TestPictures;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TranscoderTest {

    private static final TranscodeSettings LOSSLESS = new TranscodeSettings(ProfileId.LOSSLESS, null, Tune.PERCEPTUAL, 1, 0, true);
    private static final TranscodeSettings TRANSFORM = new TranscodeSettings(ProfileId.TRANSFORM, 0.7f, Tune.PERCEPTUAL, 1, 0, true);

    private static Transcoder.Transcoded transcoded(TranscodeSettings settings, byte[] file) throws BadPictureException {
        return new Transcoder(settings, ArchiveLimits.DEFAULT).transcode(file, 123, "abc");
    }

    private static Reason refused(byte[] file, ArchiveLimits limits) {
        return assertThrows(BadPictureException.class, () -> new Transcoder(TRANSFORM, limits).transcode(file, 0, "")).reason();
    }

    @ParameterizedTest
    @CsvSource({"1, png", "2, png", "10, png", "11, png", "13, gif", "5, bmp", "1, jpg", "10, jpg"})
    void losslessFilesHoldTheSamplesOfTheirSource(int type, String format) throws Exception {
        byte[] source = TestPictures.file(TestPictures.picture(40, 30, type, type), format);
        Transcoder.Transcoded made = transcoded(LOSSLESS, source);
        assertEquals(ProfileId.LOSSLESS, made.header().profile());
        assertTrue(made.record().score().isEmpty());
        if (type == BufferedImage.TYPE_INT_RGB) {
            BufferedImage expected = ImageIO.read(new ByteArrayInputStream(source));
            BufferedImage found = ImageIO.read(new ByteArrayInputStream(made.file()));
            assertArrayEquals(expected.getRGB(0, 0, 40, 30, null, 0, 40), found.getRGB(0, 0, 40, 30, null, 0, 40));
        }
    }

    @Test
    void samplesOfAnIccProfileAreComparedAsTheyAre() throws Exception {
        ColorSpace linear = new ICC_ColorSpace(ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB));
        BufferedImage image = ImageTypeSpecifier.createInterleaved(linear, new int[] {0, 1, 2}, DataBuffer.TYPE_BYTE, false, false)
                .createBufferedImage(24, 24);
        image.setData(TestPictures.picture(24, 24, BufferedImage.TYPE_3BYTE_BGR, 3).getData());
        assertTrue(Verification.of(encoded(image, "lossless"), ProfileId.LOSSLESS, image).isEmpty());
        BufferedImage other = new BufferedImage(image.getColorModel(), image.copyData(null), false, null);
        other.getRaster().setSample(5, 6, 1, other.getRaster().getSample(5, 6, 1) ^ 1);
        byte[] file = encoded(image, "lossless");
        assertEquals(Reason.NOT_VERIFIED, assertThrows(BadPictureException.class,
                () -> Verification.of(file, ProfileId.LOSSLESS, other)).reason());
    }

    private static byte[] encoded(BufferedImage image, String profile) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        var param = writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(profile);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        writer.dispose();
        return bytes.toByteArray();
    }

    @Test
    void aPictureWithLossHasAScoreInItsRecord() throws Exception {
        byte[] source = TestPictures.file(TestPictures.picture(64, 48, BufferedImage.TYPE_INT_RGB, 1), "png");
        Transcoder.Transcoded made = transcoded(TRANSFORM, source);
        assertTrue(made.record().score().getAsDouble() > 50, made.record().toString());
        Optional<ArchiveRecord> read = ArchiveRecord.of(SemParser.outline(
                new MemoryCacheImageInputStream(new ByteArrayInputStream(made.file()))));
        assertEquals(new ArchiveRecord(source.length, 123, "abc", TRANSFORM.line(), made.record().score()), read.orElseThrow());
    }

    @Test
    void transparentPicturesAreScoredOnWhite() throws Exception {
        byte[] source = TestPictures.file(TestPictures.picture(64, 48, BufferedImage.TYPE_INT_ARGB, 1), "png");
        double score = transcoded(TRANSFORM, source).record().score().getAsDouble();
        assertTrue(score > 40, "score " + score);
    }

    @Test
    void aScoreThatIsTooLowIsRefused() throws Exception {
        byte[] source = TestPictures.file(TestPictures.picture(64, 48, BufferedImage.TYPE_INT_RGB, 1), "png");
        assertEquals(Reason.NOT_VERIFIED, refused(source, new ArchiveLimits(1 << 20, 1 << 20, 99.9)));
    }

    @Test
    void badSourcesHaveTheirReasons() throws Exception {
        BufferedImage picture = TestPictures.picture(64, 48, BufferedImage.TYPE_INT_RGB, 1);
        byte[] jpeg = TestPictures.file(picture, "jpg");
        byte[] png = TestPictures.file(picture, "png");
        assertEquals(Reason.DAMAGED, refused(Arrays.copyOf(jpeg, jpeg.length / 2), ArchiveLimits.DEFAULT));
        assertEquals(Reason.DAMAGED, refused(Arrays.copyOf(png, png.length / 2), ArchiveLimits.DEFAULT));
        assertEquals(Reason.DAMAGED, refused(Arrays.copyOf(png, 20), ArchiveLimits.DEFAULT));
        assertEquals(Reason.UNKNOWN_FORMAT, refused(new byte[0], ArchiveLimits.DEFAULT));
        assertEquals(Reason.UNKNOWN_FORMAT, refused("text".getBytes(StandardCharsets.US_ASCII), ArchiveLimits.DEFAULT));
        assertEquals(Reason.ALREADY_SEM, refused(transcoded(LOSSLESS, png).file(), ArchiveLimits.DEFAULT));
        assertEquals(Reason.TOO_LARGE, refused(TestPictures.bomb(60000, 60000, 8), ArchiveLimits.DEFAULT));
        assertEquals(Reason.TOO_LARGE, refused(png, new ArchiveLimits(1 << 20, 64 * 48 - 1, -100)));
        assertEquals(Reason.SEVERAL_PICTURES, refused(gif(2), ArchiveLimits.DEFAULT));
    }

    /** More pixels than this process has memory for, where the limit would allow them. */
    @Test
    void memoryThatIsNotThereIsAReasonToo() throws Exception {
        assertEquals(Reason.OUT_OF_MEMORY, refused(TestPictures.bomb(26000, 26000, 16), new ArchiveLimits(1 << 20, 1L << 40, -100)));
    }

    private static byte[] gif(int pictures) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < pictures; i++) {
                writer.writeToSequence(new IIOImage(TestPictures.picture(20, 20, BufferedImage.TYPE_BYTE_GRAY, i), null, null), null);
            }
            writer.endWriteSequence();
        }
        return bytes.toByteArray();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TranscodeSettings(ProfileId.CAPTION, null, Tune.PSNR, 1, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new TranscodeSettings(null, 1.1f, Tune.PSNR, 1, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new TranscodeSettings(null, null, Tune.PSNR, 4, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new TranscodeSettings(null, null, Tune.PSNR, 1, 513, true));
        assertThrows(IllegalArgumentException.class, () -> new ArchiveLimits(0, 1, 0));
    }
}
