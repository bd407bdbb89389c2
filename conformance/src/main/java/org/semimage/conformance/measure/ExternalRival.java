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
    private final String encoder;
    private final String decoder;
    private final int highest;
    private final IntFunction<List<String>> settings;
    private final boolean outputFlag;
    private final String searchPath;

    private ExternalRival(String name, String encoder, String decoder, int highest, IntFunction<List<String>> settings,
                          boolean outputFlag, String searchPath) {
        this.name = name;
        this.encoder = encoder;
        this.decoder = decoder;
        this.highest = highest;
        this.settings = settings;
        this.outputFlag = outputFlag;
        this.searchPath = searchPath;
    }

    /**
     * WebP by its reference programs.
     *
     * @param searchPath folders as in the environment variable {@code PATH}; may be null
     */
    static ExternalRival webp(String searchPath) {
        return new ExternalRival("WebP", "cwebp", "dwebp", 100,
                quality -> List.of("-quiet", "-m", "6", "-q", Integer.toString(quality)), true, searchPath);
    }

    /**
     * AVIF by libavif's programs, with AOM's encoder and 4:2:0 colour.
     *
     * @param searchPath folders as in the environment variable {@code PATH}; may be null
     */
    static ExternalRival avif(String searchPath) {
        int coarsest = 63;
        return new ExternalRival("AVIF", "avifenc", "avifdec", coarsest,
                rung -> List.of("-j", "1", "-s", "6", "-y", "420", "--min", "0", "--max", Integer.toString(coarsest),
                        "-a", "end-usage=q", "-a", "cq-level=" + (coarsest - rung), "-a", "tune=psnr"), false, searchPath);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Coded code(BufferedImage picture, long bytes) throws IOException {
        ExternalProgram encode = installed(encoder);
        ExternalProgram decode = installed(decoder);
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path folder = temporary.path();
            Path source = folder.resolve("source.png");
            Path coded = folder.resolve("coded." + name.toLowerCase(Locale.ROOT));
            Path back = folder.resolve("back.png");
            ImageIO.write(picture, "png", source.toFile());
            SizeSearch.Found found = SizeSearch.largestWithin(bytes, highest, setting -> {
                encode.run(folder, LIMIT, Stream.concat(settings.apply(setting).stream(), files(source, coded)).toList());
                return Files.readAllBytes(coded);
            });
            Files.write(coded, found.file());
            decode.run(folder, LIMIT, files(coded, back).toList());
            BufferedImage decoded = ImageIO.read(back.toFile());
            if (decoded == null) {
                throw new IOException(decoder + " wrote no picture");
            }
            return new Coded(decoded, found.file().length, encoder + " " + String.join(" ", settings.apply(found.setting())));
        }
    }

    private Stream<String> files(Path in, Path out) {
        return outputFlag ? Stream.of(in.toString(), "-o", out.toString()) : Stream.of(in.toString(), out.toString());
    }

    private ExternalProgram installed(String program) throws IOException {
        return ExternalProgram.find(program, searchPath)
                .orElseThrow(() -> new IOException(program + " is not installed: there is no such program on the PATH"));
    }
}
