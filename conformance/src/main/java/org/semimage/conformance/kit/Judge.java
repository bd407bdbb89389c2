// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Compares what a decoder made of a vector with what is due. */
final class Judge {

    /** What descriptors may differ by, beside a ten-thousandth of their value. */
    private static final double NUMBER = 2e-3;

    private final Path folder;
    private final Due due;
    private final List<String> faults = new ArrayList<>();

    private Judge(Path folder, Due due) {
        this.folder = folder;
        this.due = due;
    }

    /**
     * The faults of an outcome; none if it is as it should be.
     *
     * @param folder with the references
     * @throws IOException if a reference cannot be read
     */
    static List<String> faults(Path folder, Due due, Outcome outcome) throws IOException {
        Judge judge = new Judge(folder, due);
        judge.judge(outcome);
        return judge.faults;
    }

    private void judge(Outcome outcome) throws IOException {
        if (outcome.failure() != null) {
            faults.add(outcome.failure());
            return;
        }
        if (due.refused() != null) {
            if (outcome.refusal() == null) {
                faults.add("decoded, though it is to be refused: " + due.refused());
            }
            return;
        }
        if (outcome.refusal() != null) {
            // A decoder may be without a pack, and latents are told beside the picture.
            if (due.pictures().stream().anyMatch(picture -> picture.latents() == null)) {
                faults.add("refused: " + outcome.refusal());
            }
            return;
        }
        if (outcome.warning() != null && due.warning() != null && !due.warning().equals(outcome.warning())) {
            faults.add(outcome.warning() ? "warned of nothing that is wrong" : "did not warn");
        }
        int pictures = outcome.partial() ? Math.min(1, outcome.pictures().size()) : outcome.pictures().size();
        if (!outcome.partial() && pictures != due.pictures().size()) {
            faults.add(pictures + " pictures, " + due.pictures().size() + " expected");
        }
        for (int i = 0; i < Math.min(pictures, due.pictures().size()); i++) {
            judge(due.pictures().get(i), outcome.pictures().get(i), due.pictures().size() > 1 ? "picture " + i + ": " : "");
        }
    }

    private void judge(Due.Picture expected, Outcome.Shown shown, String which) throws IOException {
        if (shown.facts() != null) {
            facts(expected, shown.facts(), which);
        }
        if (shown.samples() != null) {
            samples(expected, shown.samples(), which);
        } else if (expected.latents() == null) {
            faults.add(which + "no picture");
        } else if (shown.facts() == null || shown.facts().latents() == null) {
            faults.add(which + "neither a picture nor latents");
        }
    }

    private void facts(Due.Picture expected, Due.Picture said, String which) {
        same(which + "profile", expected.profile(), said.profile());
        same(which + "planes", expected.planes(), said.planes());
        same(which + "model", expected.model(), said.model());
        same(which + "coefficients", expected.coefficients(), said.coefficients());
        same(which + "latents", expected.latents(), said.latents());
        same(which + "text", expected.text(), said.text());
        if (expected.metadata() != null && said.metadata() != null) {
            same(which + "icc", expected.metadata().icc(), said.metadata().icc());
            same(which + "exif", expected.metadata().exif(), said.metadata().exif());
            same(which + "xmp", expected.metadata().xmp(), said.metadata().xmp());
            same(which + "texts", expected.metadata().texts(), said.metadata().texts());
            same(which + "thumbnails", expected.metadata().thumbnails(), said.metadata().thumbnails());
        }
        if (expected.descriptors() != null && said.descriptors() != null) {
            numbers(expected.descriptors(), said.descriptors(), which);
        }
    }

    private void numbers(Due.Numbers expected, Due.Numbers said, String which) {
        same(which + "columns", expected.columns(), said.columns());
        same(which + "rows", expected.rows(), said.rows());
        same(which + "layoutCount", expected.layoutCount(), said.layoutCount());
        same(which + "textureCount", expected.textureCount(), said.textureCount());
        double[] amplitudes = expected.amplitudes().stream().flatMapToDouble(Arrays::stream).toArray();
        near(which + "amplitudes", amplitudes, said.amplitudes().stream().flatMapToDouble(Arrays::stream).toArray());
        if (expected.texture() != null && said.texture() != null) {
            near(which + "texture", expected.texture(), said.texture());
        }
    }

    private void near(String what, double[] expected, double[] said) {
        if (expected.length != said.length) {
            faults.add(what + ": " + said.length + " numbers, " + expected.length + " expected");
            return;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - said[i]) <= NUMBER + Math.abs(expected[i]) / 10_000)) {
                faults.add(what + ": number " + i + " is " + said[i] + ", expected " + expected[i]);
                return;
            }
        }
    }

    /** What is not asked for, or not said, is the same. */
    private void same(String what, Object expected, Object said) {
        if (expected != null && said != null && !Objects.equals(expected, said)) {
            faults.add(what + ": " + said + ", expected " + expected);
        }
    }

    private void samples(Due.Picture expected, PixelPlanes shown, String which) throws IOException {
        if (shown.width() != expected.width() || shown.height() != expected.height()) {
            faults.add(which + shown.width() + "x" + shown.height() + ", expected " + expected.width() + "x" + expected.height());
            return;
        }
        Due.Samples samples = expected.samples();
        if (samples.sha256() == null && samples.reference() == null) {
            return;
        }
        PixelFormat format = PixelFormat.of(expected.planes().startsWith("gray"), expected.planes().endsWith("alpha"), expected.bits());
        PixelPlanes planes = Png.as(format, shown);
        if (planes == null) {
            faults.add(which + "samples are " + shown.format() + ", which is not as good as " + format);
            return;
        }
        if (samples.sha256() != null && !samples.sha256().equals(Digests.samples(planes))) {
            faults.add(which + "samples are not exact");
        }
        if (samples.alpha() != null && !samples.alpha().equals(Digests.alpha(planes))) {
            faults.add(which + "alpha is not exact");
        }
        if (samples.reference() != null) {
            PixelPlanes reference = Png.as(format, Png.read(Files.readAllBytes(folder.resolve(samples.reference()))));
            near(samples, Objects.requireNonNull(reference, samples.reference()), planes, which);
        }
    }

    private void near(Due.Samples tolerance, PixelPlanes reference, PixelPlanes shown, String which) {
        double squares = 0;
        int largest = 0;
        double mean = 0;
        int planes = reference.format().colourPlanes();
        int count = reference.samples()[0].length;
        for (int p = 0; p < planes; p++) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                int difference = shown.samples()[p][i] - reference.samples()[p][i];
                sum += difference;
                squares += difference * (double) difference;
                largest = Math.max(largest, Math.abs(difference));
            }
            mean = Math.max(mean, Math.abs((double) sum / count));
        }
        double psnr = 10 * Math.log10(255 * 255.0 * planes * count / squares);
        if (psnr < tolerance.psnr() || largest > tolerance.largest() || mean > tolerance.mean()) {
            faults.add(String.format(Locale.ROOT,
                    "%s%.1f dB from the reference, at most %d, in the mean %.2f; expected %.0f dB, %d and %.2f",
                    which, psnr, largest, mean, tolerance.psnr(), tolerance.largest(), tolerance.mean()));
        }
    }
}
