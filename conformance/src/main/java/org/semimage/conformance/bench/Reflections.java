// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.WholePicture;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.reflect.Score;
import org.semimage.reflect.Scorer;

import javax.imageio.ImageIO;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what reflection gains in files of descriptors, by effort: distances of the plain picture and of the one that readers show, and
 * the time of an encoding, the median over pictures.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.Reflections -Dbench="PICTURES BYTES,..."}
 */
public final class Reflections {

    private static final SemanticProfile PROFILE = new SemanticProfile(ProfileId.DESCRIPTOR);

    private Reflections() {
    }

    /** Sums over pictures. */
    private static final class Row {

        private final double[] sums = new double[5];
        private final double[] seconds;
        private int pictures;
        private int better;

        Row(int pictures) {
            seconds = new double[pictures];
        }

        void add(Score plain, double shown, double seconds, boolean better) {
            double[] values = {plain.distance(), plain.layoutPsnr(), plain.colour(), plain.texture(), shown};
            Arrays.setAll(sums, i -> sums[i] + values[i]);
            this.seconds[pictures++] = seconds;
            this.better += better ? 1 : 0;
        }

        String text(int bytes, int effort) {
            double[] sorted = seconds.clone();
            Arrays.sort(sorted);
            return String.format(Locale.ROOT, "| %d | %d | %.3f | %.2f | %.3f | %.3f | %.3f | %d of %d | %.2f |", bytes, effort,
                    sums[0] / pictures, sums[1] / pictures, sums[2] / pictures, sums[3] / pictures, sums[4] / pictures, better, pictures,
                    sorted[sorted.length / 2]);
        }
    }

    /** A line for each size and effort; on the error output one for each picture. */
    public static void main(String[] arguments) throws Exception {
        Arguments.require(2, arguments, "Reflections PICTURES BYTES,...");
        Path[] files = Arguments.pictures(arguments[0]).toArray(Path[]::new);
        int[] sizes = Arrays.stream(arguments[1].split(",")).mapToInt(Integer::parseInt).toArray();
        Row[][] table = new Row[sizes.length][EncodeOptions.MAX_EFFORT];
        for (Row[] rows : table) {
            Arrays.setAll(rows, i -> new Row(files.length));
        }
        for (Path file : files) {
            PixelPlanes picture = Images.toPlanes(ImageIO.read(file.toFile()));
            for (int s = 0; s < sizes.length; s++) {
                measure(picture, sizes[s], table[s], file.getFileName().toString());
            }
        }
        System.out.println("| bytes | effort | distance | layout, dB | colour | texture | distance, rendered | nearer | s |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (int s = 0; s < sizes.length; s++) {
            for (int effort = 1; effort <= EncodeOptions.MAX_EFFORT; effort++) {
                System.out.println(table[s][effort - 1].text(sizes[s], effort));
            }
        }
    }

    private static void measure(PixelPlanes picture, int bytes, Row[] rows, String name) throws IOException {
        Scorer scorer = new Scorer(picture, Cancellation.NEVER);
        double first = 0;
        for (int effort = 1; effort <= EncodeOptions.MAX_EFFORT; effort++) {
            long start = System.nanoTime();
            SemFile file = PROFILE.encode(picture, EncodeOptions.ofBytes(bytes).withEffort(effort), Watcher.NONE);
            double seconds = (System.nanoTime() - start) / 1e9;
            Score plain = scorer.of(WholePicture.decode(PROFILE, file, SynthesisPolicy.PLAIN, Watcher.NONE));
            double shown = scorer.of(WholePicture.decode(PROFILE, file, SynthesisPolicy.ALLOW, Watcher.NONE)).distance();
            first = effort == 1 ? plain.distance() : first;
            rows[effort - 1].add(plain, shown, seconds, plain.distance() < first);
            System.err.println(String.format(Locale.ROOT, "%s\t%d\t%d\t%.3f\t%.3f\t%.2f", name, bytes, effort, plain.distance(), shown,
                    seconds));
        }
    }
}
