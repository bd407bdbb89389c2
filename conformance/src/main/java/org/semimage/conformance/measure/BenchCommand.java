package org.semimage.conformance.measure;

import org.semimage.cli.BackendOption;
import org.semimage.cli.EffortConverter;
import org.semimage.cli.Pictures;
import org.semimage.cli.ProfileConverter;
import org.semimage.cli.Progress;
import org.semimage.cli.Replacement;
import org.semimage.cli.Sem;
import org.semimage.cli.Subcommand;
import org.semimage.cli.TuneConverter;
import org.semimage.container.ProfileId;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code sem bench}: rate, distortion and time over a folder of pictures and a ladder of qualities. */
@Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = Sem.Version.class,
        description = "Measures rate, distortion and time over a folder of pictures.",
        footer = {"", "bpp counts the whole file. PSNR is of the three RGB channels together, MS-SSIM of luma; both are averaged over "
                + "the pictures. Times are medians over the pictures, after one to warm up."})
public final class BenchCommand implements Subcommand {

    /** How many pictures the page shows, spread evenly over the folder. */
    private static final int COMPARED = 6;

    @Option(names = "--images", paramLabel = "DIR", required = true, description = "The folder with the pictures; folders inside are not searched.")
    private Path images;

    @Option(names = "--qualities", paramLabel = "Q", split = ",", defaultValue = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9",
            description = "The ladder, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private List<Float> qualities;

    @Option(names = "--profile", paramLabel = "PROFILE", converter = ProfileConverter.class, defaultValue = "transform",
            description = "How the pictures are coded (default: ${DEFAULT-VALUE}).")
    private ProfileId profile;

    @Option(names = "--tune", paramLabel = "TUNE", converter = TuneConverter.class, defaultValue = "psnr",
            description = "What the transform profile spends its bits on: psnr or perceptual (default: ${DEFAULT-VALUE}).")
    private Tune tune;

    @Option(names = "--effort", paramLabel = "N", converter = EffortConverter.class, defaultValue = "1",
            description = "1 to 3: how often to encode (default: ${DEFAULT-VALUE}).")
    private int effort;

    @Option(names = "--anchors", paramLabel = "DIR", description = "A folder of other codecs' curves, as JSON, to compare with.")
    private Path anchors;

    @Option(names = "--set", paramLabel = "NAME", defaultValue = "kodak",
            description = "The name of this set of pictures in the anchors' files (default: ${DEFAULT-VALUE}).")
    private String set;

    @Option(names = "--each", description = "Print every picture's values, not only the means.")
    private boolean each;

    @Option(names = "--json", paramLabel = "OUT", description = "Write everything to this file too, in the anchors' form; replaced if it exists.")
    private Path json;

    @Option(names = "--html", paramLabel = "DIR",
            description = "Write DIR/index.html too, replaced if it exists: a page with plots, tables, and up to six of the pictures "
                    + "beside JPEG, WebP and AVIF at equal size. For WebP and AVIF it runs cwebp, dwebp, avifenc and avifdec, if installed.")
    private Path html;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        for (float quality : qualities) {
            if (!(quality >= 0 && quality <= 1)) {
                throw new ParameterException(spec.commandLine(), "--qualities: " + quality + " is not in 0..1");
            }
        }
        if (html != null && Files.exists(html) && !Files.isDirectory(html)) {
            throw new IOException(html + " is no folder");
        }
        backend.apply();
        List<Path> pictures = pictures();
        List<AnchorCurve> curves = anchors == null ? List.of() : AnchorCurve.load(anchors, set);
        BenchReport report = new BenchReport(codec(), set, measure(pictures), curves);
        PrintWriter out = spec.commandLine().getOut();
        report.print(out, each);
        out.flush();
        if (json != null) {
            try (Replacement replacement = new Replacement(json)) {
                Files.writeString(replacement.part(), report.json());
                replacement.commit();
            }
        }
        if (html != null) {
            writePage(report, pictures);
        }
        return 0;
    }

    private String codec() {
        return "sem-" + profile.label() + (profile == ProfileId.TRANSFORM && tune != EncodeOptions.DEFAULT_TUNE ? "-" + tune.label() : "");
    }

    private void writePage(BenchReport report, List<Path> pictures) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        String searchPath = System.getenv("PATH");
        EqualBytes equal = new EqualBytes(profile, tune, List.of(new JpegRival(), ExternalRival.webp(searchPath), ExternalRival.avif(searchPath)), err);
        Progress progress = new Progress(err, "comparing");
        List<Comparison> comparisons = new ArrayList<>();
        int compared = Math.min(COMPARED, pictures.size());
        try {
            for (int i = 0; i < compared; i++) {
                progress.percent(100f * i / compared);
                comparisons.add(equal.compare(pictures.get(i * pictures.size() / compared)));
            }
        } finally {
            progress.done();
        }
        List<String> command = new ArrayList<>(List.of("sem"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        String page = new BenchPage(report, comparisons, command, ZonedDateTime.now()).html();
        Files.createDirectories(html);
        try (Replacement replacement = new Replacement(html.resolve("index.html"))) {
            Files.writeString(replacement.part(), page);
            replacement.commit();
        }
    }

    private List<Path> pictures() throws IOException {
        if (!Files.isDirectory(images)) {
            throw new NoSuchFileException(images.toString());
        }
        try (Stream<Path> files = Files.list(images)) {
            List<Path> pictures = files
                    .filter(Files::isRegularFile)
                    .filter(file -> !Pictures.suffix(file).equals(Pictures.SEM))
                    .filter(file -> ImageIO.getImageReadersBySuffix(Pictures.suffix(file)).hasNext())
                    .sorted()
                    .toList();
            if (pictures.isEmpty()) {
                throw new IOException("no pictures in " + images);
            }
            return pictures;
        }
    }

    private List<Measurement> measure(List<Path> pictures) throws IOException {
        Progress progress = new Progress(spec.commandLine().getErr(), "measuring");
        Path file = Files.createTempFile("sem-bench", ".sem");
        try {
            measure(pictures.get(0), read(pictures.get(0)), qualities.get(0), file);
            List<Measurement> all = new ArrayList<>();
            int total = pictures.size() * qualities.size();
            for (Path picture : pictures) {
                BufferedImage image = read(picture);
                for (float quality : qualities) {
                    progress.percent(100f * all.size() / total);
                    all.add(measure(picture, image, quality, file));
                }
            }
            return all;
        } finally {
            Files.delete(file);
            progress.done();
        }
    }

    private Measurement measure(Path picture, BufferedImage image, float quality, Path file) throws IOException {
        long start = System.nanoTime();
        Pictures.writeSem(image, file, param -> {
            Pictures.choose(profile, param);
            param.setCompressionQuality(quality);
            param.setTune(tune);
            param.setEffort(effort);
        }, spec.commandLine().getErr());
        long encoded = System.nanoTime();
        BufferedImage decoded = ImageIO.read(file.toFile());
        long finished = System.nanoTime();
        RgbSamples original = RgbSamples.of(image);
        RgbSamples result = RgbSamples.of(decoded);
        long bytes = Files.size(file);
        return new Measurement(picture.getFileName().toString(), quality, bytes,
                8.0 * bytes / original.rgb().length, Psnr.of(original, result), MsSsim.of(original, result),
                (encoded - start) / 1e6, (finished - encoded) / 1e6);
    }

    private BufferedImage read(Path picture) throws IOException {
        return Pictures.read(picture, spec.commandLine().getErr());
    }
}
