// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem demo}: a photo to a SEM file and back. */
@Command(name = "demo", mixinStandardHelpOptions = true, versionProvider = Sem.Version.class,
        description = "Encodes a photo to NAME.sem, decodes that to NAME.sem.png, and says what it cost.")
final class DemoCommand implements Callable<Integer> {

    private static final String DRAWN = "test-picture.png";

    @Parameters(paramLabel = "PHOTO", arity = "0..1",
            description = "A picture in any format that ImageIO reads; without one, a test picture is drawn to test-picture.png.")
    private Path photo;

    @Option(names = "--quality", paramLabel = "Q",
            description = "0 (smallest file) to 1 (best picture); the encoder's default if not given.")
    private Float quality;

    @Option(names = "--folder", paramLabel = "DIR", defaultValue = "",
            description = "Where to write (default: the current folder).")
    private Path folder;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (quality != null && !(quality >= 0 && quality <= 1)) {
            throw new ParameterException(spec.commandLine(), "--quality " + quality + " is not in 0..1");
        }
        backend.apply();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path source = photo == null ? drawn(err) : photo;
        Path coded = folder.resolve(Pictures.stem(source) + ".sem");
        Path back = folder.resolve(Pictures.stem(source) + ".sem.png");
        requireOther(source, coded);

        BufferedImage image = Pictures.read(source, err);
        long start = System.nanoTime();
        Pictures.writeSem(image, coded, param -> {
            if (quality != null) {
                param.setCompressionQuality(quality);
            }
        }, err);
        long encoded = System.nanoTime();
        BufferedImage decoded = Pictures.read(coded, err);
        long finished = System.nanoTime();
        Pictures.writeBySuffix(decoded, back, err);

        long pixels = (long) image.getWidth() * image.getHeight();
        long bytes = Files.size(coded);
        out.printf(Locale.ROOT, "%s: %dx%d, %,d bytes (%,d as plain RGB)%n", source, image.getWidth(), image.getHeight(),
                Files.size(source), 3 * pixels);
        out.printf(Locale.ROOT,
                "%s: %,d bytes, %.3f bits per pixel, encoded in %.0f ms: %.1f times smaller than plain RGB, %.1f times than %s%n",
                coded, bytes, 8.0 * bytes / pixels, (encoded - start) / 1e6, 3.0 * pixels / bytes,
                (double) Files.size(source) / bytes, source.getFileName());
        out.printf(Locale.ROOT, "%s: decoded in %.0f ms, PSNR %.2f dB%n", back, (finished - encoded) / 1e6,
                Psnr.of(RgbSamples.of(image), RgbSamples.of(decoded)));
        out.flush();
        return 0;
    }

    private Path drawn(PrintWriter err) throws IOException {
        Path picture = folder.resolve(DRAWN);
        Pictures.writeBySuffix(TestPicture.draw(768, 512, 1), picture, err);
        return picture;
    }

    private static void requireOther(Path source, Path coded) throws IOException {
        if (Files.exists(coded) && Files.exists(source) && Files.isSameFile(source, coded)) {
            throw new IOException(source + " is already a SEM file in this folder");
        }
    }
}
