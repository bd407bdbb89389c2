// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fit;

import org.semimage.conformance.bench.Arguments;
import org.semimage.generate.Descriptors;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.semantic.Cepstrum;
import org.semimage.profile.semantic.DescriptorAnalysis;
import org.semimage.profile.semantic.DescriptorCodec;
import org.semimage.profile.semantic.DescriptorTables;

import javax.imageio.ImageIO;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures the tables of the descriptors' entropy coding ({@code DescriptorTables}; FORMAT.md, "Descriptors") on photographs, and prints
 * them.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.fit.DescriptorFit -Dbench="PHOTOS EVERY"}: every how many-th photograph of a folder, by
 * name.
 */
public final class DescriptorFit {

    private static final int[] BUDGETS = {50, 90, 190, 290};

    /** How many symbols the Laplacian that the tables would hold without photographs counts. */
    private static final double DOUBT = 200;

    /** What rounding pays for a bit, in squared steps. */
    private static final double PRICE = 0.1;

    private DescriptorFit() {
    }

    private record Photo(Descriptors descriptors, int width, int height) {
    }

    /** Prints the magnitudes first; frequencies of coded magnitudes are those of the tables that this was compiled with. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(2, arguments, "DescriptorFit PHOTOS EVERY");
        File[] files = Arguments.pictures(arguments[0]).stream().map(Path::toFile).toArray(File[]::new);
        List<Photo> photos = new ArrayList<>();
        for (int f = 0; f < files.length; f += Integer.parseInt(arguments[1])) {
            PixelPlanes image = Images.toPlanes(ImageIO.read(files[f]));
            photos.add(new Photo(DescriptorAnalysis.of(image), image.width(), image.height()));
        }
        System.out.println(photos.size() + " photographs");
        layout(photos);
        texture(photos);
        frequencies(photos);
    }

    private static void layout(List<Photo> photos) {
        for (int c = 0; c < 3; c++) {
            double[] sums = new double[DescriptorTables.BUCKETS];
            double[] counts = new double[DescriptorTables.BUCKETS];
            for (Photo photo : photos) {
                Descriptors d = photo.descriptors;
                for (int i = 0; i < d.columns() * d.rows(); i++) {
                    int bucket = DescriptorCodec.bucket(i % d.columns(), i / d.columns(), d.columns(), d.rows());
                    sums[bucket] += Math.abs(d.layout()[c][i]);
                    counts[bucket]++;
                }
            }
            // No amplitude lies in the octaves between the mean and the lowest frequency.
            System.out.println("layout " + c + " "
                    + Arrays.toString(IntStream.range(0, sums.length).map(b -> quarters(sums[b] / Math.max(1, counts[b]))).toArray()));
        }
    }

    private static void texture(List<Photo> photos) {
        int count = DescriptorTables.TEXTURE.length;
        double[] means = new double[count];
        double[] distances = new double[count];
        for (int pass = 0; pass < 2; pass++) {
            for (Photo photo : photos) {
                float[] cepstrum = Cepstrum.forward(photo.descriptors.texture());
                List<Integer> order = Cepstrum.order(photo.descriptors.texture().length);
                for (int i = 0; i < count; i++) {
                    double value = cepstrum[order.get(i)];
                    if (pass == 0) {
                        means[i] += value / photos.size();
                    } else {
                        distances[i] += Math.abs(value - Math.round(4 * means[i]) / 4.0) / photos.size();
                    }
                }
            }
        }
        System.out.println("mean " + Arrays.toString(Arrays.stream(means).map(m -> Math.round(4 * m) / 4.0).toArray()));
        System.out.println("texture " + Arrays.toString(Arrays.stream(distances).mapToInt(DescriptorFit::quarters).toArray()));
    }

    /** A magnitude in quarter octaves, 0 for one half. */
    private static int quarters(double magnitude) {
        return (int) Math.round(4 * Math.log(Math.max(1e-3, magnitude) / 0.5) / Math.log(2));
    }

    private static void frequencies(List<Photo> photos) {
        int size = DescriptorTables.ZERO.length;
        long[][] counts = new long[size][DescriptorCodec.MAGNITUDES];
        for (Photo photo : photos) {
            for (int budget : BUDGETS) {
                byte[] best = DescriptorCodec.encode(photo.descriptors, budget, photo.width, photo.height);
                DescriptorCodec.encode(photo.descriptors, (best[0] & 0xFF) >> 3, budget,
                        (index, magnitude) -> counts[index][Math.min(magnitude, DescriptorCodec.MAGNITUDES - 1)]++);
            }
        }
        int[] zero = new int[size];
        int[] more = new int[size];
        for (int i = 0; i < size; i++) {
            double mean = Math.pow(2, (i - 16) / 4.0);
            double least = threshold(mean);
            double zeros = DOUBT * (1 - Math.exp(-least / mean)) + counts[i][0];
            double all = DOUBT + Arrays.stream(counts[i]).sum();
            // A magnitude m > 0 says "yet larger" m - 1 times and "no larger" once, the largest none.
            double yes = DOUBT * Math.exp(-1 / mean);
            double asked = DOUBT;
            for (int m = 1; m < counts[i].length; m++) {
                yes += counts[i][m] * (m - 1.0);
                asked += counts[i][m] * (m < counts[i].length - 1 ? m : m - 1.0);
            }
            zero[i] = (int) Math.max(32, Math.min(i == 0 ? 65000 : zero[i - 1], Math.round(65536 * zeros / all)));
            more[i] = (int) Math.min(65300, Math.max(i == 0 ? 32 : more[i - 1], Math.round(65536 * yes / asked)));
        }
        System.out.println("symbols " + Arrays.toString(Arrays.stream(counts).mapToLong(c -> Arrays.stream(c).sum()).toArray()));
        System.out.println("zero " + Arrays.toString(zero));
        System.out.println("more " + Arrays.toString(more));
    }

    /** From where on a number of a Laplacian distribution is worth the bits of a 1. */
    private static double threshold(double mean) {
        double least = 0.6;
        for (int i = 0; i < 20; i++) {
            double one = Math.exp(-least / mean) * (1 - Math.exp(-1 / mean));
            least = Math.min(1, 0.5 + PRICE / 2 * (1 + Math.log((1 - Math.exp(-least / mean)) / one) / Math.log(2)));
        }
        return least;
    }
}
