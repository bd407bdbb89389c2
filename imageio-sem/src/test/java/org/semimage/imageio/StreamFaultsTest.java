// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStreamImpl;
import javax.imageio.stream.ImageOutputStreamImpl;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Streams that give little at a time, and streams that break, at every byte. */
class StreamFaultsTest {

    /** Gives a byte at a time, and fails where it is told to. */
    private static final class BrittleInput extends ImageInputStreamImpl {

        private final byte[] bytes;
        private final long failsAt;

        BrittleInput(byte[] bytes, long failsAt) {
            this.bytes = bytes;
            this.failsAt = failsAt;
        }

        @Override
        public int read() throws IOException {
            bitOffset = 0;
            if (streamPos == failsAt) {
                throw new IOException("broken at " + failsAt);
            }
            return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int next = len == 0 ? 0 : read();
            if (len == 0 || next < 0) {
                return next;
            }
            b[off] = (byte) next;
            return 1;
        }
    }

    /** Takes bytes up to a number. */
    private static final class FullOutput extends ImageOutputStreamImpl {

        private final long room;

        FullOutput(long room) {
            this.room = room;
        }

        @Override
        public int read() {
            return -1;
        }

        @Override
        public int read(byte[] b, int off, int len) {
            return -1;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            streamPos += len;
            if (streamPos > room) {
                throw new IOException("no room behind " + room);
            }
        }
    }

    private static SemImageWriteParam param(String profile) {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(profile);
        param.setThumbnailSize(4);
        if (!profile.equals("transform") && !profile.equals("lossless")) {
            param.setCaption("a sea behind a wall");
        }
        return param;
    }

    private static IIOImage picture() {
        return new IIOImage(Samples.picture(24, 20, BufferedImage.TYPE_3BYTE_BGR), null, null);
    }

    private static BufferedImage read(byte[] file, long failsAt) throws IOException {
        ImageReader reader = new SemImageReader(new SemImageReaderSpi());
        reader.setInput(new BrittleInput(file, failsAt));
        return (BufferedImage) reader.readAll(0, null).getRenderedImage();
    }

    private static byte[] samples(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    @ParameterizedTest
    @ValueSource(strings = {"transform", "lossless", "descriptor", "caption"})
    void aByteAtATimeGivesThePicture(String profile) throws IOException {
        byte[] file = Samples.write(picture(), param(profile));
        assertArrayEquals(samples(Samples.reader(file).read(0)), samples(read(file, -1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transform", "lossless", "descriptor", "caption"})
    void aStreamThatBreaksAnywhereIsTheStreamsFailureAndNoTruncation(String profile) throws IOException {
        byte[] file = Samples.write(picture(), param(profile));
        for (int at = 0; at < file.length; at++) {
            int broken = at;
            assertEquals("broken at " + at, assertThrows(IOException.class, () -> read(file, broken)).getMessage());
        }
        assertEquals(24, read(file, -1).getWidth());
    }

    @ParameterizedTest
    @ValueSource(strings = {"transform", "lossless", "descriptor", "caption"})
    void aTargetThatIsFullAnywhereIsTheTargetsFailure(String profile) throws IOException {
        int size = Samples.write(picture(), param(profile)).length;
        ImageWriter writer = Samples.writer();
        boolean[] complete = new boolean[1];
        writer.addIIOWriteProgressListener(new CompletionListener(() -> complete[0] = true));
        for (int room = 0; room < size; room += 1 + room / 16) {
            writer.setOutput(new FullOutput(room));
            assertEquals("no room behind " + room,
                    assertThrows(IOException.class, () -> writer.write(null, picture(), param(profile))).getMessage());
            assertFalse(complete[0]);
        }
        writer.setOutput(new FullOutput(size));
        writer.write(null, picture(), param(profile));
        assertTrue(complete[0]);
    }
}
