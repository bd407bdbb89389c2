// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.semimage.cli.Replacement;
import org.semimage.compute.backend.Backends;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A program that meets with a fault and goes on; run in a virtual machine of its own. Arguments: what it does, and a small file. */
final class FaultProbe {

    private static final int LARGE = 1200;
    private static final int SMALLER = 20_000;
    private static final int LARGER = 200_000;
    private static final int ROUNDS = 10;
    private static final int SIDE = 200;

    private FaultProbe() {
    }

    public static void main(String[] arguments) throws IOException {
        byte[] small = Files.readAllBytes(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "interrupted" -> Thread.currentThread().interrupt();
            case "interrupts" -> System.out.println(interrupts(small));
            case "save" -> System.out.println(save(new File(arguments[2])));
            case "read" -> tell(() -> read(Files.readAllBytes(Path.of(arguments[2]))));
            case "write" -> tell(() -> write(new BufferedImage(LARGE, LARGE, BufferedImage.TYPE_INT_RGB)));
            case "replace" -> System.out.println(replace(Path.of(arguments[2]).resolve("target")));
            default -> {
            }
        }
        String picture = read(small);
        System.out.println(picture + " with " + Backends.get() + (Thread.interrupted() ? ", interrupted" : ""));
    }

    /** Puts a larger file in the place of one that has a second name, which must not lose it. */
    private static String replace(Path target) throws IOException {
        Files.write(target, new byte[SMALLER]);
        Path other = Files.createLink(target.resolveSibling("other"), target);
        try (Replacement replacement = new Replacement(target)) {
            Files.write(replacement.part(), new byte[LARGER]);
            replacement.commit();
        } catch (IOException full) {
            return "not replaced, " + Files.size(target) + " and " + Files.size(other);
        }
        return "replaced, " + Files.size(target) + " and " + Files.size(other);
    }

    /** Reads and writes, first ones too, of a thread that is interrupted every millisecond. */
    private static String interrupts(byte[] small) throws IOException {
        Thread worker = Thread.currentThread();
        AtomicBoolean done = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!done.get()) {
                worker.interrupt();
                LockSupport.parkNanos(1_000_000);
            }
        });
        other.start();
        int interrupted = 0;
        try {
            for (int i = 0; i < ROUNDS; i++) {
                read(small);
                write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB));
                interrupted += Thread.interrupted() ? 1 : 0;
            }
        } finally {
            done.set(true);
        }
        while (other.isAlive()) {
            LockSupport.parkNanos(1_000_000);
        }
        Thread.interrupted();
        return ROUNDS + " rounds" + (interrupted > 0 ? ", interrupts are handed on" : "");
    }

    /** As applications write, to a file; says what is left there. */
    private static String save(File target) throws IOException {
        BufferedImage noise = new BufferedImage(LARGE, LARGE, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        noise.setRGB(0, 0, LARGE, LARGE, random.ints((long) LARGE * LARGE).toArray(), 0, LARGE);
        try {
            return "saved " + ImageIO.write(noise, "sem", target);
        } catch (IOException full) {
            return "not saved, " + full.getMessage() + ", left " + left(target);
        }
    }

    private static String left(File target) throws IOException {
        boolean[] warned = new boolean[1];
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
        try (ImageInputStream in = ImageIO.createImageInputStream(target)) {
            reader.setInput(in);
            reader.read(0);
            return warned[0] ? "a picture with a warning" : "a picture without a warning";
        } catch (IIOException refused) {
            return "nothing that is read";
        } finally {
            reader.dispose();
        }
    }

    private interface Work {
        String run() throws IOException;
    }

    /** Says how work on too large a picture ended. */
    private static void tell(Work work) throws IOException {
        try {
            System.out.println("large: " + work.run());
        } catch (OutOfMemoryError e) {
            System.out.println("large: refused, OutOfMemoryError");
        } catch (IIOException e) {
            System.out.println("large: refused, " + e.getMessage());
        }
    }

    private static String read(byte[] file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in);
            BufferedImage image = reader.read(0);
            return image.getWidth() + "x" + image.getHeight();
        } finally {
            reader.dispose();
        }
    }

    private static String write(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(image);
        } catch (IIOException | OutOfMemoryError e) {
            if (out.size() > 0) {
                throw new IllegalStateException(out.size() + " bytes are written", e);
            }
            throw e;
        } finally {
            writer.dispose();
        }
        return out.size() > 0 ? "written" : "nothing written";
    }
}
