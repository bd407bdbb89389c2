// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** A codec whose encoder and decoder are programs of the system. */
final class ExternalRival implements Rival {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final String suffix;
    private final Programs programs;
    private final IntFunction<List<String>> settings;
    private final List<Integer> ladder;
    private final String searchPath;

    /**
     * @param ladder settings to measure at, by rising quality; a search for a size tries all from 0 to the last
     */
    private ExternalRival(String name, String suffix, Programs programs, IntFunction<List<String>> settings, List<Integer> ladder,
                          String searchPath) {
        this.name = name;
        this.suffix = suffix;
        this.programs = programs;
        this.settings = settings;
        this.ladder = ladder;
        this.searchPath = searchPath;
    }

    /** The names of an encoder and a decoder, and whether {@code -o} stands before their output. */
    private record Programs(String encoder, String decoder, boolean outputFlag) {
    }

    /**
     * WebP by its reference programs.
     *
     * @param searchPath folders as in the environment variable {@code PATH}; may be null
     */
    static ExternalRival webp(String searchPath) {
        return webp("WebP", quality -> List.of("-quiet", "-m", "6", "-q", Integer.toString(quality)),
                List.of(5, 20, 40, 60, 75, 85, 92, 97, 100), searchPath);
    }

    /** WebP's lossless mode. */
    static ExternalRival webpLossless(String searchPath) {
        return webp("WebP lossless", quality -> List.of("-quiet", "-lossless", "-z", "9"), List.of(0), searchPath);
    }

    private static ExternalRival webp(String name, IntFunction<List<String>> settings, List<Integer> ladder, String searchPath) {
        return new ExternalRival(name, "webp", new Programs("cwebp", "dwebp", true), settings, ladder, searchPath);
    }

    /** AVIF by libavif's programs, with AOM's encoder and 4:2:0 colour. */
    static ExternalRival avif(String searchPath) {
        return avif("AVIF", "420", searchPath);
    }

    /** AVIF with colour at full resolution. */
    static ExternalRival avif444(String searchPath) {
        return avif("AVIF 4:4:4", "444", searchPath);
    }

    private static ExternalRival avif(String name, String sampling, String searchPath) {
        int coarsest = 63;
        return new ExternalRival(name, "avif", new Programs("avifenc", "avifdec", false),
                rung -> List.of("-j", "1", "-s", "6", "-y", sampling, "--min", "0", "--max", Integer.toString(coarsest),
                        "-a", "end-usage=q", "-a", "cq-level=" + (coarsest - rung), "-a", "tune=psnr"),
                List.of(5, 13, 21, 29, 36, 43, 50, 56, 60, coarsest), searchPath);
    }

    /** JPEG XL by libjxl's programs, from a distance of 25 to one of 0.1. */
    static ExternalRival jpegXl(String searchPath) {
        int worst = 250;
        return jpegXl("JPEG XL", tenths -> List.of("-d", String.format(Locale.ROOT, "%.1f", (worst - tenths) / 10.0), "-e", "7"),
                List.of(150, 190, 210, 225, 234, 240, 243, 245, 247, worst - 1), searchPath);
    }

    /** JPEG XL's lossless mode. */
    static ExternalRival jpegXlLossless(String searchPath) {
        return jpegXl("JPEG XL lossless", setting -> List.of("-d", "0", "-e", "7"), List.of(0), searchPath);
    }

    private static ExternalRival jpegXl(String name, IntFunction<List<String>> settings, List<Integer> ladder, String searchPath) {
        return new ExternalRival(name, "jxl", new Programs("cjxl", "djxl", false), settings, ladder, searchPath);
    }

    @Override
    public String name() {
        return name;
    }

    /** Settings to measure at, by rising quality. */
    List<Integer> ladder() {
        return ladder;
    }

    /** Whether both programs are there. */
    boolean isInstalled() {
        return Stream.of(programs.encoder, programs.decoder).allMatch(program -> ExternalProgram.find(program, searchPath).isPresent());
    }

    @Override
    public Coded code(BufferedImage picture, long bytes) throws IOException {
        int highest = ladder.get(ladder.size() - 1);
        return code(picture, encoder -> SizeSearch.largestWithin(bytes, highest, encoder));
    }

    /**
     * Codes a picture at one setting.
     *
     * @throws IOException if the programs are not installed or failed, with a message for people
     */
    Coded codeAt(BufferedImage picture, int setting) throws IOException {
        return code(picture, encoder -> new SizeSearch.Found(setting, encoder.encode(setting)));
    }

    /** Chooses a setting. */
    private interface Choice {
        SizeSearch.Found among(SizeSearch.Encoder encoder) throws IOException;
    }

    private Coded code(BufferedImage picture, Choice choice) throws IOException {
        ExternalProgram encode = installed(programs.encoder);
        ExternalProgram decode = installed(programs.decoder);
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path folder = temporary.path();
            Path source = folder.resolve("source.png");
            Path coded = folder.resolve("coded." + suffix);
            Path back = folder.resolve("back.png");
            ImageIO.write(picture, "png", source.toFile());
            SizeSearch.Found found = choice.among(setting -> {
                encode.run(folder, LIMIT, Stream.concat(settings.apply(setting).stream(), files(source, coded)).toList());
                return Files.readAllBytes(coded);
            });
            Files.write(coded, found.file());
            decode.run(folder, LIMIT, files(coded, back).toList());
            BufferedImage decoded = ImageIO.read(back.toFile());
            if (decoded == null) {
                throw new IOException(programs.decoder + " wrote no picture");
            }
            return new Coded(decoded, found.file().length, programs.encoder + " " + String.join(" ", settings.apply(found.setting())));
        }
    }

    private Stream<String> files(Path in, Path out) {
        return programs.outputFlag ? Stream.of(in.toString(), "-o", out.toString()) : Stream.of(in.toString(), out.toString());
    }

    private ExternalProgram installed(String program) throws IOException {
        return ExternalProgram.find(program, searchPath)
                .orElseThrow(() -> new IOException(program + " is not installed: there is no such program on the PATH"));
    }
}
