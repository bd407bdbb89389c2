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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that meets with a fault and goes on; run in a virtual machine of its own. Arguments: what it does, and a small file. */
final class FaultProbe {

    private static final int LARGE = 1200;
    private static final int SMALLER = 20_000;
    private static final int LARGER = 200_000;

    private FaultProbe() {
    }

    public static void main(String[] arguments) throws IOException {
        byte[] small = Files.readAllBytes(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "interrupted" -> Thread.currentThread().interrupt();
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
