// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.cli.BackendOption;
import org.semimage.cli.EffortConverter;
import org.semimage.cli.Pictures;
import org.semimage.cli.ProfileConverter;
import org.semimage.cli.ProfileOptions;
import org.semimage.cli.Progress;
import org.semimage.cli.Replacement;
import org.semimage.cli.Sem;
import org.semimage.cli.Subcommand;
import org.semimage.cli.TuneConverter;
import org.semimage.container.ProfileId;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code sem bench}: rate, distortion and time over a folder of pictures and a ladder of qualities. */
@Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = Sem.Version.class,
        description = "Measures rate, distortion and time over a folder of pictures.",
        footer = {"", "bpp counts the whole file. PSNR is of the three RGB channels together, MS-SSIM of luma. Butteraugli's 3-norm is "
                + "measured where libjxl's butteraugli_main is installed. Scores are averaged over the pictures; times are medians over "
                + "the pictures, after one to warm up."})
public final class BenchCommand implements Subcommand {

    @Option(names = "--images", paramLabel = "DIR", required = true,
            description = "The folder with the pictures; folders inside are not searched.")
    private Path images;

    @Option(names = "--qualities", paramLabel = "Q", split = ",", defaultValue = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9",
            description = "The ladder, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private List<Float> qualities;

    @Option(names = "--profile", paramLabel = "PROFILE", converter = ProfileConverter.class, defaultValue = "transform",
            description = "How the pictures are coded (default: ${DEFAULT-VALUE}; lossless for drawings that take fewer bytes so).")
    private ProfileId profile;

    @Option(names = "--tune", paramLabel = "TUNE", converter = TuneConverter.class, defaultValue = "perceptual",
            description = "What the transform profile spends its bits on: psnr or perceptual (default: ${DEFAULT-VALUE}).")
    private Tune tune;

    @Option(names = "--effort", paramLabel = "N", converter = EffortConverter.class, defaultValue = "1",
            description = "1 to 3: how often to encode (default: ${DEFAULT-VALUE}).")
    private int effort;

    @Option(names = "--anchors", paramLabel = "DIR", split = ",",
            description = "Folders of other codecs' curves to compare with: JSON files, and SET.tsv with a line for each point "
                    + "(codec, picture, setting, bytes, bits per pixel, SSIMULACRA 2, Butteraugli 3-norm).")
    private List<Path> anchors = List.of();

    @Option(names = "--rivals", paramLabel = "DIR",
            description = "Code the pictures as WebP, AVIF and JPEG XL too, compare with them, and write their curves into DIR as anchors, "
                    + "replaced if they exist. It runs cwebp, dwebp, avifenc, avifdec, cjxl and djxl, as far as they are installed.")
    private Path rivals;

    @Option(names = "--set", paramLabel = "NAME", defaultValue = "kodak",
            description = "The name of this set of pictures in the anchors' files (default: ${DEFAULT-VALUE}).")
    private String set;

    @Option(names = "--each", description = "Print every picture's values, not only the means.")
    private boolean each;

    @Option(names = "--json", paramLabel = "OUT",
            description = "Write everything to this file too, in the anchors' form; replaced if it exists.")
    private Path json;

    @Option(names = "--html", paramLabel = "DIR",
            description = "Write DIR/index.html too, replaced if it exists: a page with plots, tables, and some of the pictures "
                    + "beside JPEG, WebP, AVIF and JPEG XL at equal size, with details enlarged. For the latter three it runs "
                    + "cwebp, dwebp, avifenc, avifdec, cjxl and djxl, as far as they are installed.")
    private Path html;

    @Option(names = "--html-pictures", paramLabel = "N", defaultValue = "6",
            description = "How many pictures the page shows, spread evenly over the folder (default: ${DEFAULT-VALUE}).")
    private int shown;

    @Option(names = "--html-bpp", paramLabel = "B", split = ",", defaultValue = "0.2",
            description = "At how many bits per pixel it shows them; several rates get a page each (default: ${DEFAULT-VALUE}).")
    private List<Double> shownRates;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    private final String searchPath = System.getenv("PATH");
    private final Optional<Butteraugli> butteraugli = Butteraugli.find(searchPath);

    @Override
    public Integer call() throws Exception {
        for (float quality : qualities) {
            if (!(quality >= 0 && quality <= 1)) {
                throw new ParameterException(spec.commandLine(), "--qualities: " + quality + " is not in 0..1");
            }
        }
        if (shown < 0 || shownRates.stream().anyMatch(rate -> !(rate > 0 && rate <= 24))) {
            throw new ParameterException(spec.commandLine(), "--html-pictures must be 0 or more, --html-bpp above 0 and at most 24");
        }
        ProfileOptions.check(profile, spec.commandLine());
        requireFolder(html);
        requireFolder(rivals);
        backend.apply();
        List<Path> pictures = pictures();
        List<AnchorCurve> curves = new ArrayList<>(anchors.isEmpty() ? List.of() : AnchorFiles.load(anchors, set));
        List<Measurement> measured = measure(pictures);
        if (rivals != null) {
            PrintWriter err = spec.commandLine().getErr();
            List<AnchorCurve> others = new RivalCurves(RivalCurves.all(searchPath), butteraugli, err).measure(pictures);
            RivalCurves.write(others, set, rivals);
            curves.addAll(others);
        }
        BenchReport report = new BenchReport(codec(), set, measured, curves);
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

    /** What is not there yet will be made. */
    private static void requireFolder(Path folder) throws IOException {
        if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
    }

    private String codec() {
        return "sem-" + profile.label() + (profile == ProfileId.TRANSFORM && tune != EncodeOptions.DEFAULT_TUNE ? "-" + tune.label() : "");
    }

    private void writePage(BenchReport report, List<Path> pictures) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<Rival> others = List.of(new JpegRival(), ExternalRival.webp(searchPath), ExternalRival.avif(searchPath),
                ExternalRival.jpegXl(searchPath));
        EqualBytes equal = new EqualBytes(profile, tune, others, butteraugli, err);
        Progress progress = new Progress(err, "comparing");
        List<Comparison> comparisons = new ArrayList<>();
        int compared = Math.min(shown, pictures.size());
        try {
            for (double rate : shownRates) {
                for (int i = 0; i < compared; i++) {
                    progress.percent(100f * comparisons.size() / (compared * shownRates.size()));
                    comparisons.add(equal.compare(pictures.get(i * pictures.size() / compared), rate));
                }
            }
        } finally {
            progress.done();
        }
        List<String> command = new ArrayList<>(List.of("sem"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        Map<String, String> pages = new BenchPage(report, comparisons, command, ZonedDateTime.now()).html();
        Files.createDirectories(html);
        for (Map.Entry<String, String> page : pages.entrySet()) {
            try (Replacement replacement = new Replacement(html.resolve(page.getKey()))) {
                Files.writeString(replacement.part(), page.getValue());
                replacement.commit();
            }
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
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path file = temporary.path().resolve("picture.sem");
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
            progress.done();
        }
    }

    private Measurement measure(Path picture, BufferedImage image, float quality, Path file) throws IOException {
        long start = System.nanoTime();
        Pictures.writeSem(image, file, param -> {
            if (spec.commandLine().getParseResult().hasMatchedOption("--profile")) {
                Pictures.choose(profile, param);
            }
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
                8.0 * bytes / original.rgb().length, Scores.of(original, result, butteraugli),
                (encoded - start) / 1e6, (finished - encoded) / 1e6);
    }

    private BufferedImage read(Path picture) throws IOException {
        return Pictures.read(picture, spec.commandLine().getErr());
    }
}
