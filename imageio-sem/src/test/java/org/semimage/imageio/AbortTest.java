// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOWriteProgressListener;
import javax.imageio.stream.ImageInputStreamImpl;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reads and writes that another thread aborts. How long that takes is for the benchmark AbortLatency to measure. */
class AbortTest {

    /** Far more than it takes, far less than the work does that is aborted. */
    private static final long BOUND_MILLIS = 2000;

    private static <T> T listener(Class<T> type, List<String> heard, Runnable onStart) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            heard.add(method.getName());
            if (method.getName().equals("imageStarted")) {
                onStart.run();
            }
            return null;
        }));
    }

    private static ImageWriteParam param(String profile) {
        ImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(profile);
        return param;
    }

    /** A thread that aborts a moment after the work has begun, and notes when. */
    private static Thread aborter(Runnable abort, long millis, long[] at) {
        return new Thread(() -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            at[0] = System.nanoTime();
            abort.run();
        });
    }

    private static void assertAborted(List<String> heard, String event, long at) {
        long millis = (System.nanoTime() - at) / 1_000_000;
        assertEquals(1, Collections.frequency(heard, event), heard::toString);
        assertEquals(event, heard.get(heard.size() - 1));
        assertFalse(heard.contains("imageComplete"), heard::toString);
        assertTrue(millis < BOUND_MILLIS, millis + " ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transform", "lossless"})
    void aReadEndsInTheMiddle(String profile) throws Exception {
        byte[] file = Samples.write(new IIOImage(Samples.picture(2000, 1800, BufferedImage.TYPE_INT_RGB), null, null), param(profile));
        ImageReader reader = Samples.reader(file);
        int aborted = 0;
        for (long millis : new long[] {0, 20, 60}) {
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            long[] at = new long[1];
            Thread aborter = aborter(reader::abort, millis, at);
            reader.removeAllIIOReadProgressListeners();
            reader.addIIOReadProgressListener(listener(IIOReadProgressListener.class, heard, aborter::start));
            assertEquals(2000, reader.read(0).getWidth());
            aborter.join();
            if (!heard.contains("imageComplete")) {
                assertAborted(heard, "readAborted", at[0]);
                aborted++;
            }
        }
        assertTrue(aborted > 0, "every read was done before it could be aborted");
        reader.removeAllIIOReadProgressListeners();
        ImageReader other = Samples.reader(file);
        assertEquals(other.read(0).getRGB(1999, 1799), reader.read(0).getRGB(1999, 1799), "an aborted reader reads on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transform", "lossless"})
    void aWriteEndsInTheMiddleAndLeavesNothing(String profile) throws Exception {
        BufferedImage picture = Samples.picture(2000, 1800, BufferedImage.TYPE_INT_ARGB);
        int aborted = 0;
        for (long millis : new long[] {0, 30}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            long[] at = new long[1];
            ImageWriter writer = Samples.writer();
            Thread aborter = aborter(writer::abort, millis, at);
            writer.addIIOWriteProgressListener(listener(IIOWriteProgressListener.class, heard, aborter::start));
            try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
                writer.setOutput(stream);
                writer.write(null, new IIOImage(picture, null, null), param(profile));
            }
            aborter.join();
            if (!heard.contains("imageComplete")) {
                assertAborted(heard, "writeAborted", at[0]);
                assertEquals(0, out.size());
                aborted++;
            }
        }
        assertTrue(aborted > 0, "every write was done before it could be aborted");
    }

    /** Gives the first bytes of a file and aborts whoever asks for more. */
    private static final class SlowStream extends ImageInputStreamImpl {

        private final byte[] bytes;
        private Runnable abort;

        SlowStream(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            bitOffset = 0;
            return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] b, int off, int len) {
            bitOffset = 0;
            int n = (int) Math.min(Math.min(len, 1 << 12), bytes.length - streamPos);
            if (n <= 0) {
                return -1;
            }
            System.arraycopy(bytes, (int) streamPos, b, off, n);
            streamPos += n;
            abort.run();
            return n;
        }
    }

    @Test
    void anAbortIsHeardWhileBytesArrive() throws IOException {
        byte[] file = Samples.write(new IIOImage(Samples.picture(400, 300, BufferedImage.TYPE_INT_RGB), null, null), param("lossless"));
        SlowStream slow = new SlowStream(file);
        ImageReader reader = new SemImageReader(new SemImageReaderSpi());
        List<String> heard = new ArrayList<>();
        slow.abort = reader::abort;
        reader.setInput(slow, true, true);
        reader.addIIOReadProgressListener(listener(IIOReadProgressListener.class, heard, () -> { }));
        assertEquals(400, reader.read(0).getWidth());
        assertTrue(slow.getStreamPosition() < file.length, "it read on to the end");
        assertEquals(Arrays.asList("imageStarted", "imageProgress", "readAborted"), heard);
    }
}
