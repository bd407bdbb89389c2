// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.picture.Images;
import org.semimage.picture.RgbSamples;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.WholePicture;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What each quality gives, so that one sees whether more quality is more bytes and a better picture, over all of 0..1 and for pictures
 * of every kind: photographs that are given, and text, shapes, a scatter of circles and noise that are drawn.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.measure.QualityCurve -Dbench="20 PHOTO..."}; fails if a curve falls.
 */
public final class QualityCurve {

    /** Decibels and points of SSIMULACRA 2 by which a better quality may be worse: that of rounding to 8 bits. */
    private static final double TOLERANCE = 0.1;

    /** Above it, SSIMULACRA 2 tells noise of rounding from noise of rounding. */
    private static final double INDISTINGUISHABLE = 95;

    /**
     * A picture at a quality.
     *
     * @param bytes of the file
     * @param psnr  in dB
     * @param score SSIMULACRA 2; empty for pictures too small for it
     */
    record Point(float quality, long bytes, double psnr, double score) {
    }

    private QualityCurve() {
    }

    /**
     * Prints a table of scores by quality.
     *
     * @param arguments how many steps there are from quality 0 to 1, then photographs; of these there may be none
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("usage: QualityCurve STEPS [PHOTO...]");
        }
        int steps = Integer.parseInt(arguments[0]);
        Map<String, BufferedImage> pictures = drawn();
        for (String path : List.of(arguments).subList(1, arguments.length)) {
            BufferedImage picture = ImageIO.read(new File(path));
            if (picture == null) {
                throw new IllegalArgumentException(path + " is not a picture that ImageIO reads");
            }
            pictures.put(new File(path).getName(), picture);
        }
        List<String> falls = new ArrayList<>();
        for (Map.Entry<String, BufferedImage> picture : pictures.entrySet()) {
            for (Tune tune : Tune.values()) {
                System.out.println(picture.getKey() + ", tune " + tune.label());
                List<Point> points = new ArrayList<>();
                for (int i = 0; i <= steps; i++) {
                    Point point = measure(picture.getValue(), tune, (float) i / steps);
                    points.add(point);
                    System.out.printf(Locale.ROOT, "  %.2f %8d bytes %6.2f dB %7.2f%n",
                            point.quality, point.bytes, point.psnr, point.score);
                }
                falls(points).forEach(fall -> falls.add(picture.getKey() + ", tune " + tune.label() + ": " + fall));
            }
        }
        falls.forEach(System.out::println);
        System.out.println(falls.isEmpty() ? "all rise" : falls.size() + " falls");
        if (!falls.isEmpty()) {
            throw new IllegalStateException(falls.size() + " falls");
        }
    }

    /** Where a curve falls by more than rounding explains. */
    static List<String> falls(List<Point> points) {
        List<String> falls = new ArrayList<>();
        for (int i = 1; i < points.size(); i++) {
            Point before = points.get(i - 1);
            Point here = points.get(i);
            if (here.bytes < before.bytes || here.psnr < before.psnr - TOLERANCE
                    || here.score < Math.min(before.score, INDISTINGUISHABLE) - TOLERANCE) {
                falls.add(String.format(Locale.ROOT, "from %s to %s", before, here));
            }
        }
        return falls;
    }

    /** The picture encoded at a quality, and decoded. */
    static Point measure(BufferedImage picture, Tune tune, float quality) throws IOException {
        TransformProfile profile = new TransformProfile();
        SemFile file = profile.encode(Images.toPlanes(picture), EncodeOptions.ofQuality(quality).withTune(tune), Watcher.NONE);
        BufferedImage decoded = Images.toImage(WholePicture.decode(profile, file, Watcher.NONE));
        Scores scores = Scores.of(RgbSamples.of(picture), RgbSamples.of(decoded), Optional.empty());
        return new Point(quality, SemSerializer.size(file), scores.get(Measure.PSNR).orElseThrow(),
                scores.get(Measure.SSIMULACRA2).orElse(Double.NaN));
    }

    /** Pictures of the kinds that codecs of photographs have trouble with. */
    static Map<String, BufferedImage> drawn() {
        Map<String, BufferedImage> drawn = new LinkedHashMap<>();
        drawn.put("black text", new Drawings.Drawing(320, 240, TextDrawings::small).draw(1));
        drawn.put("drawing", new Drawings.Drawing(320, 240, ShapeDrawings::cartoon).draw(2));
        drawn.put("saturated shapes", new Drawings.Drawing(320, 320, ShapeDrawings::saturated).draw(3));
        drawn.put("noise", noise(192, 128));
        return drawn;
    }

    private static BufferedImage noise(int width, int height) {
        Random random = new Random(4);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return image;
    }
}
