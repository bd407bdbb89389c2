// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.cli.Pictures;
import org.semimage.cli.Progress;
import org.semimage.cli.Replacement;
import org.semimage.picture.RgbSamples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures other codecs, whose programs are installed, on the same pictures. */
final class RivalCurves {

    private final List<ExternalRival> rivals;
    private final Optional<Butteraugli> butteraugli;
    private final PrintWriter err;

    /** Curves of other programs; {@code err} hears of progress, and of programs that are not installed. */
    RivalCurves(List<ExternalRival> rivals, Optional<Butteraugli> butteraugli, PrintWriter err) {
        this.rivals = List.copyOf(rivals);
        this.butteraugli = butteraugli;
        this.err = err;
    }

    /**
     * WebP, AVIF with coarse and full colour, and JPEG XL.
     *
     * @param searchPath folders as in {@code PATH}; may be null
     */
    static List<ExternalRival> all(String searchPath) {
        return List.of(ExternalRival.webp(searchPath), ExternalRival.webpLossless(searchPath), ExternalRival.avif(searchPath),
                ExternalRival.avif444(searchPath), ExternalRival.jpegXl(searchPath), ExternalRival.jpegXlLossless(searchPath));
    }

    /** Codes every picture at every setting of the ladders, as opaque 8-bit RGB. */
    List<AnchorCurve> measure(List<Path> pictures) throws IOException {
        List<AnchorCurve> curves = new ArrayList<>();
        for (ExternalRival rival : rivals) {
            if (rival.isInstalled()) {
                curves.add(AnchorCurve.of(rival.name(), measure(rival, pictures)));
            } else {
                err.println("sem: " + rival.name() + " is left out: its programs are not installed");
            }
        }
        return curves;
    }

    private List<Measurement> measure(ExternalRival rival, List<Path> pictures) throws IOException {
        Progress progress = new Progress(err, "measuring " + rival.name());
        List<Measurement> points = new ArrayList<>();
        try {
            for (Path picture : pictures) {
                RgbSamples original = RgbSamples.of(Pictures.read(picture, err));
                BufferedImage opaque = EqualBytes.opaque(original);
                for (int setting : rival.ladder()) {
                    progress.percent(100f * points.size() / (pictures.size() * rival.ladder().size()));
                    Rival.Coded coded = rival.codeAt(opaque, setting);
                    points.add(new Measurement(Pictures.stem(picture), setting, coded.bytes(), 8.0 * coded.bytes() / original.rgb().length,
                            Scores.of(original, RgbSamples.of(coded.decoded()), butteraugli), 0, 0));
                }
            }
        } finally {
            progress.done();
        }
        return points;
    }

    /** Writes curves as {@link AnchorFiles} reads them, one file for each codec, over what is there. */
    static void write(List<AnchorCurve> curves, String set, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (AnchorCurve curve : curves) {
            String name = curve.codec().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            try (Replacement replacement = new Replacement(folder.resolve(name + "__" + set + ".json"))) {
                Files.writeString(replacement.part(), new BenchReport(curve.codec(), set, curve.points(), List.of()).json());
                replacement.commit();
            }
        }
    }
}
