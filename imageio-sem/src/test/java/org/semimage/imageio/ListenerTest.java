// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.Chunk;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.event.IIOWriteProgressListener;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Listeners hear of everything in order; what one throws gets to the application as it is, whenever it is thrown. */
class ListenerTest {

    private static byte[] file;

    @BeforeAll
    static void writeFile() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        file = Samples.write(new IIOImage(Samples.picture(530, 300, BufferedImage.TYPE_INT_RGB), null, null), param);
    }

    /** A listener that throws at an event: from a percentage on, if the event has one. */
    private static <T> T throwing(Class<T> type, String event, float from, RuntimeException exception) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals(event) && (from < 0 || (float) arguments[1] >= from)) {
                throw exception;
            }
            return null;
        }));
    }

    private static List<RuntimeException> exceptions() {
        return List.of(new IllegalStateException("mine"), new IllegalArgumentException("mine"), new CancellationException("mine"));
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 40, 100})
    void ofProgressOfARead(float from) throws IOException {
        for (RuntimeException mine : exceptions()) {
            ImageReader reader = Samples.reader(file);
            reader.addIIOReadProgressListener(throwing(IIOReadProgressListener.class, "imageProgress", from, mine));
            assertSame(mine, assertThrows(RuntimeException.class, () -> reader.read(0)));
            reader.removeAllIIOReadProgressListeners();
            assertEquals(530, reader.read(0).getWidth(), "the reader is good for another read");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"passStarted", "imageUpdate", "passComplete"})
    void ofPixelsThatAreRead(String event) throws IOException {
        for (RuntimeException mine : exceptions()) {
            ImageReader reader = Samples.reader(file);
            reader.addIIOReadUpdateListener(throwing(IIOReadUpdateListener.class, event, -1, mine));
            assertSame(mine, assertThrows(RuntimeException.class, () -> reader.read(0)));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 40})
    void ofProgressOfAThumbnail(float from) throws IOException {
        for (RuntimeException mine : exceptions()) {
            ImageReader reader = Samples.reader(file);
            reader.addIIOReadProgressListener(throwing(IIOReadProgressListener.class, "thumbnailProgress", from, mine));
            assertSame(mine, assertThrows(RuntimeException.class, () -> reader.readThumbnail(0, 0)));
        }
    }

    @Test
    void ofWarningsOfARead() throws IOException {
        byte[] cut = Arrays.copyOf(file, file.length / 2);
        for (String fragment : new String[] {"Chunk 'q'", "The input ends", "The payload ends early"}) {
            RuntimeException mine = new IllegalStateException("mine");
            ImageReader reader = Samples.reader(fragment.startsWith("Chunk") ? Samples.withAncillary(file, new Chunk('q', new byte[1]))
                    : cut);
            reader.addIIOReadWarningListener((source, warning) -> {
                if (warning.startsWith(fragment)) {
                    throw mine;
                }
            });
            assertSame(mine, assertThrows(RuntimeException.class, () -> reader.read(0)), fragment);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 40, 100})
    void ofProgressOfAWrite(float from) {
        for (RuntimeException mine : exceptions()) {
            ImageWriter writer = Samples.writer();
            writer.addIIOWriteProgressListener(throwing(IIOWriteProgressListener.class, "imageProgress", from, mine));
            writer.setOutput(new MemoryCacheImageOutputStream(new ByteArrayOutputStream()));
            BufferedImage picture = Samples.picture(100, 80, BufferedImage.TYPE_INT_RGB);
            assertSame(mine, assertThrows(RuntimeException.class, () -> writer.write(picture)));
        }
    }

    @Test
    void ofWarningsOfAWrite() throws IOException {
        RuntimeException mine = new IllegalStateException("mine");
        ImageWriter writer = Samples.writer();
        writer.addIIOWriteWarningListener((source, index, warning) -> {
            throw mine;
        });
        writer.setOutput(new MemoryCacheImageOutputStream(new ByteArrayOutputStream()));
        SemImageWriteParam param = new SemImageWriteParam();
        param.setTargetPsnr(96);
        IIOImage picture = new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null);
        assertSame(mine, assertThrows(RuntimeException.class, () -> writer.write(null, picture, param)));
    }

    @Test
    void listenersHearOfAReadInOrder() throws IOException {
        List<String> heard = new ArrayList<>();
        ImageReader reader = Samples.reader(file);
        reader.addIIOReadProgressListener(listener(IIOReadProgressListener.class, heard, () -> { }));
        reader.read(0);
        assertOrder(heard, "imageStarted", "imageProgress", "imageComplete");
    }

    @Test
    void listenersHearOfAWriteInOrder() throws IOException {
        List<String> heard = new ArrayList<>();
        ImageWriter writer = Samples.writer();
        writer.addIIOWriteProgressListener(listener(IIOWriteProgressListener.class, heard, () -> { }));
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(new ByteArrayOutputStream())) {
            writer.setOutput(stream);
            writer.write(Samples.picture(40, 30, BufferedImage.TYPE_INT_RGB));
        }
        assertOrder(heard, "imageStarted", "imageProgress", "imageComplete");
    }

    @Test
    void anAbortedReadReturnsNormallyAndTellsOnce() throws IOException {
        List<String> heard = new ArrayList<>();
        ImageReader reader = Samples.reader(file);
        reader.addIIOReadProgressListener(listener(IIOReadProgressListener.class, heard, reader::abort));
        assertEquals(530, reader.read(0).getWidth());
        assertOrder(heard, "imageStarted", "readAborted");
        assertFalse(heard.contains("imageComplete"));
    }

    @Test
    void anAbortedWriteWritesNothing() throws IOException {
        List<String> heard = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = Samples.writer();
        writer.addIIOWriteProgressListener(listener(IIOWriteProgressListener.class, heard, writer::abort));
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(Samples.picture(40, 30, BufferedImage.TYPE_INT_RGB));
        }
        assertOrder(heard, "imageStarted", "writeAborted");
        assertEquals(0, out.size());
    }

    /** A listener that notes each call and, on {@code imageStarted}, does something. */
    private static <T> T listener(Class<T> type, List<String> heard, Runnable onStart) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            heard.add(method.getName());
            if (method.getName().equals("imageStarted")) {
                onStart.run();
            }
            return null;
        }));
    }

    private static void assertOrder(List<String> heard, String... expected) {
        assertEquals(List.of(expected), heard.stream().distinct().filter(Arrays.asList(expected)::contains).toList());
        assertEquals(1, heard.stream().filter(expected[0]::equals).count());
        assertEquals(1, heard.stream().filter(expected[expected.length - 1]::equals).count());
    }
}
