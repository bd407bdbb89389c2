package org.semimage.conformance.measure;

import org.semimage.cli.Pictures;
import org.semimage.container.ProfileId;
import org.semimage.picture.Psnr;
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

/** Codes a picture as SEM at a low rate, and by other codecs at the size that this took. */
final class EqualBytes {

    private static final double TARGET_BPP = 0.2;
    private static final int WHOLE_WIDTH = 640;
    private static final int WHOLE_HEIGHT = 960;
    private static final float WHOLE_QUALITY = 0.95f;
    private static final int DETAIL_SIDE = 80;

    private final ProfileId profile;
    private final Tune tune;
    private final List<Rival> rivals;
    private final PrintWriter err;

    /**
     * @param profile how SEM codes
     * @param tune    what it spends bits on
     * @param rivals  the others, in the order of the columns
     * @param err     told of progress and warnings
     */
    EqualBytes(ProfileId profile, Tune tune, List<Rival> rivals, PrintWriter err) {
        this.profile = profile;
        this.tune = tune;
        this.rivals = List.copyOf(rivals);
        this.err = err;
    }

    /** Compares on one picture; a rival that fails is said to have failed in its column. */
    Comparison compare(Path file) throws IOException {
        RgbSamples original = RgbSamples.of(Pictures.read(file, err));
        BufferedImage picture = opaque(original);
        Comparison.Detail detail = busiest(original);
        Rival.Coded ours = code(picture);
        List<Comparison.Column> columns = new ArrayList<>();
        columns.add(new Comparison.Column("Original", file.getFileName().toString(), Optional.of(view(picture, detail)), Optional.empty()));
        for (Rival rival : rivals) {
            columns.add(column(rival, picture, original, detail, ours.bytes()));
        }
        columns.add(column("SEM", ours, original, detail, ours.bytes()));
        return new Comparison(file.getFileName().toString(), original.width(), original.height(), detail, columns);
    }

    /** At the target size, or at the lowest quality if that takes more. */
    private Rival.Coded code(BufferedImage picture) throws IOException {
        int target = (int) Math.max(1, Math.min(TARGET_BPP * picture.getWidth() * picture.getHeight() / 8, Integer.MAX_VALUE));
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

    private static Comparison.Column column(Rival rival, BufferedImage picture, RgbSamples original, Comparison.Detail detail,
                                            long bytes) throws IOException {
        Rival.Coded coded;
        try {
            coded = rival.code(picture, bytes);
        } catch (IOException failure) {
            return new Comparison.Column(rival.name(), String.valueOf(failure.getMessage()), Optional.empty(), Optional.empty());
        }
        return column(rival.name(), coded, original, detail, bytes);
    }

    private static Comparison.Column column(String codec, Rival.Coded coded, RgbSamples original, Comparison.Detail detail,
                                            long bytes) throws IOException {
        RgbSamples samples = RgbSamples.of(coded.decoded());
        if (samples.width() != original.width() || samples.height() != original.height()) {
            return new Comparison.Column(codec, "decodes to " + samples.width() + "x" + samples.height() + " pixels",
                    Optional.empty(), Optional.empty());
        }
        Comparison.Score score = new Comparison.Score(coded.bytes(), 8.0 * coded.bytes() / original.rgb().length,
                Psnr.of(original, samples), MsSsim.of(original, samples));
        String remark = coded.bytes() > bytes ? coded.settings() + "; it writes no smaller file" : coded.settings();
        return new Comparison.Column(codec, remark, Optional.of(view(opaque(samples), detail)), Optional.of(score));
    }

    private static Comparison.View view(BufferedImage picture, Comparison.Detail detail) throws IOException {
        ByteArrayOutputStream square = new ByteArrayOutputStream();
        ImageIO.write(picture.getSubimage(detail.x(), detail.y(), detail.side(), detail.side()), "png", square);
        return new Comparison.View(JpegRival.write(fitted(picture), WHOLE_QUALITY), square.toByteArray());
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

    private static BufferedImage opaque(RgbSamples samples) {
        BufferedImage image = new BufferedImage(samples.width(), samples.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, samples.width(), samples.height(), samples.rgb(), 0, samples.width());
        return image;
    }

    /** The square with the largest differences between neighbours in luma, on a grid of a quarter of its side. */
    static Comparison.Detail busiest(RgbSamples picture) {
        int side = Math.min(DETAIL_SIDE, Math.min(picture.width(), picture.height()));
        int step = Math.max(1, side / 4);
        double[][] sums = differenceSums(picture);
        Comparison.Detail best = null;
        double most = -1;
        for (int y = 0; y + side <= picture.height(); y += step) {
            for (int x = 0; x + side <= picture.width(); x += step) {
                double inside = sums[y + side][x + side] - sums[y][x + side] - sums[y + side][x] + sums[y][x];
                if (inside > most) {
                    most = inside;
                    best = new Comparison.Detail(x, y, side);
                }
            }
        }
        return best;
    }

    /** Differences to the right and lower neighbour, summed over all pixels above and left of each place. */
    private static double[][] differenceSums(RgbSamples picture) {
        int width = picture.width();
        int height = picture.height();
        double[] luma = picture.luma();
        double[][] sums = new double[height + 1][width + 1];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double here = luma[y * width + x];
                double right = x + 1 < width ? luma[y * width + x + 1] : here;
                double below = y + 1 < height ? luma[(y + 1) * width + x] : here;
                sums[y + 1][x + 1] = sums[y][x + 1] + sums[y + 1][x] - sums[y][x] + Math.abs(right - here) + Math.abs(below - here);
            }
        }
        return sums;
    }
}
