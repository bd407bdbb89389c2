// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.cli.Pictures;
import org.semimage.container.ProfileId;
import org.semimage.picture.RgbSamples;
import org.semimage.profile.Tune;

import javax.imageio.ImageIO;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Codes a picture as SEM at a rate, and by other codecs at the size that this took. */
final class EqualBytes {

    private static final int WHOLE_WIDTH = 640;
    private static final int WHOLE_HEIGHT = 960;
    private static final float WHOLE_QUALITY = 0.95f;

    private final ProfileId profile;
    private final Tune tune;
    private final List<Rival> rivals;
    private final Optional<Butteraugli> butteraugli;
    private final PrintWriter err;

    /**
     * @param profile     how SEM codes
     * @param tune        what it spends bits on
     * @param rivals      the others, in the order of the columns
     * @param butteraugli a measure that is not always there
     * @param err         told of progress and warnings
     */
    EqualBytes(ProfileId profile, Tune tune, List<Rival> rivals, Optional<Butteraugli> butteraugli, PrintWriter err) {
        this.profile = profile;
        this.tune = tune;
        this.rivals = List.copyOf(rivals);
        this.butteraugli = butteraugli;
        this.err = err;
    }

    /** Compares on one picture; a rival that fails is said to have failed in its column. */
    Comparison compare(Path file, double bpp) throws IOException {
        RgbSamples original = RgbSamples.of(Pictures.read(file, err));
        BufferedImage picture = opaque(original);
        List<Comparison.Detail> details = Details.of(original);
        Rival.Coded ours = code(picture, bpp);
        List<Comparison.Column> columns = new ArrayList<>();
        String name = file.getFileName().toString();
        columns.add(new Comparison.Column("Original", name, Optional.of(view(picture, details)), Optional.empty()));
        for (Rival rival : rivals) {
            columns.add(column(rival, picture, original, details, ours.bytes()));
        }
        columns.add(column("SEM", ours, original, details, ours.bytes()));
        return new Comparison(name, original.width(), original.height(), bpp, details, columns);
    }

    /** At the target size, or at the lowest quality if that takes more. */
    private Rival.Coded code(BufferedImage picture, double bpp) throws IOException {
        int target = (int) Math.max(1, Math.min(bpp * picture.getWidth() * picture.getHeight() / 8, Integer.MAX_VALUE));
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path coded = temporary.path().resolve("coded.sem");
            write(picture, coded, param -> param.setCompressionQuality(0));
            boolean fits = Files.size(coded) <= target;
            if (fits) {
                write(picture, coded, param -> param.setTargetBytes(target));
            }
            return new Rival.Coded(ImageIO.read(coded.toFile()), Files.size(coded),
                    fits ? "best picture in at most " + target + " bytes" : "lowest quality: " + target + " bytes are too few");
        }
    }

    private void write(BufferedImage picture, Path coded, Pictures.Settings rate) throws IOException {
        Pictures.writeSem(picture, coded, param -> {
            Pictures.choose(profile, param);
            param.setTune(tune);
            rate.apply(param);
        }, err);
    }

    private Comparison.Column column(Rival rival, BufferedImage picture, RgbSamples original, List<Comparison.Detail> details,
                                     long bytes) throws IOException {
        Rival.Coded coded;
        try {
            coded = rival.code(picture, bytes);
        } catch (IOException failure) {
            return new Comparison.Column(rival.name(), String.valueOf(failure.getMessage()), Optional.empty(), Optional.empty());
        }
        return column(rival.name(), coded, original, details, bytes);
    }

    private Comparison.Column column(String codec, Rival.Coded coded, RgbSamples original, List<Comparison.Detail> details,
                                     long bytes) throws IOException {
        RgbSamples samples = RgbSamples.of(coded.decoded());
        if (samples.width() != original.width() || samples.height() != original.height()) {
            return new Comparison.Column(codec, "decodes to " + samples.width() + "x" + samples.height() + " pixels",
                    Optional.empty(), Optional.empty());
        }
        Comparison.Score score = new Comparison.Score(coded.bytes(), 8.0 * coded.bytes() / original.rgb().length,
                Scores.of(original, samples, butteraugli));
        String remark = coded.bytes() > bytes ? coded.settings() + "; it writes no smaller file" : coded.settings();
        return new Comparison.Column(codec, remark, Optional.of(view(opaque(samples), details)), Optional.of(score));
    }

    private static Comparison.View view(BufferedImage picture, List<Comparison.Detail> details) throws IOException {
        List<byte[]> squares = new ArrayList<>();
        for (Comparison.Detail detail : details) {
            ByteArrayOutputStream square = new ByteArrayOutputStream();
            ImageIO.write(picture.getSubimage(detail.x(), detail.y(), detail.side(), detail.side()), "png", square);
            squares.add(square.toByteArray());
        }
        return new Comparison.View(JpegRival.write(fitted(picture), WHOLE_QUALITY), squares);
    }

    /** Halved as often as possible before the last step, so that every pixel counts. */
    private static BufferedImage fitted(BufferedImage picture) {
        double factor = Math.min(1, Math.min((double) WHOLE_WIDTH / picture.getWidth(), (double) WHOLE_HEIGHT / picture.getHeight()));
        int width = (int) Math.max(1, Math.round(factor * picture.getWidth()));
        int height = (int) Math.max(1, Math.round(factor * picture.getHeight()));
        BufferedImage scaled = picture;
        while (scaled.getWidth() / 2 >= width && scaled.getHeight() / 2 >= height) {
            scaled = scaled(scaled, scaled.getWidth() / 2, scaled.getHeight() / 2);
        }
        return scaled(scaled, width, height);
    }

    private static BufferedImage scaled(BufferedImage picture, int width, int height) {
        if (picture.getWidth() == width && picture.getHeight() == height) {
            return picture;
        }
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }

    static BufferedImage opaque(RgbSamples samples) {
        BufferedImage image = new BufferedImage(samples.width(), samples.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, samples.width(), samples.height(), samples.rgb(), 0, samples.width());
        return image;
    }
}
