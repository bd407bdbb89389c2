// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fit;

import org.semimage.conformance.bench.Arguments;

import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.prior.JavaPriorLevels;
import org.semimage.compute.prior.Levels;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.RefinementTables;
import org.semimage.compute.prior.Target;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.model.RelativeSteps;
import org.semimage.profile.transform.GainMap;
import org.semimage.profile.transform.QualityIndex;
import org.semimage.profile.transform.QuantizerSteps;

import javax.imageio.ImageIO;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Fits refinement tables to photographs and puts them into a model pack: {@code RefinementFit PHOTOS PACK [COUNT [ROUNDS]]}.
 *
 * <p>Each round codes crops of the photographs in layers with the tables so far and counts, class by class, where coefficients lie in their
 * cells; an entropy-constrained quantizer of two or three parts is then fitted to each class (Chou et al., IEEE TASSP 1989).
 */
public final class RefinementFit {

    private static final int SIDE = 320;
    private static final double SCALE = 0.7;
    private static final int TOTAL = 1 << 16;
    private static final int SYMBOLS = RefinementTables.SYMBOLS;
    private static final int COLUMNS = RefinementTables.NARROW / 11;
    private static final int LAYERS = 6;
    private static final float LAMBDA = 0.1f;

    /** Bins per sixteenth of a step, and their range: four cells' half widths. */
    private static final int BINS_PER_SIXTEENTH = 2;
    private static final int RANGE = 64 * BINS_PER_SIXTEENTH;

    /**
     * Where the parts of a cell may lie, in sixteenths: halves and what lies outside; a middle, what is left and right of it, and
     * outside.
     */
    private static final int[][] HALVES = {{4, 12}, {-12, -4}, {18, 32}, {-32, -18}};
    private static final int[][] MIDDLE = {{-4, 4}, {9, 18}, {-18, -9}, {20, 32}, {-32, -20}};

    /** The least frequency of a part: a coefficient must be able to come back from where the prior did not expect it. */
    private static final int MIN_FREQUENCY = 8;

    private RefinementFit() {
    }

    /** Tables that count what they are asked to quantize. */
    private static final class Counting extends RefinementTables {

        private final long[][] counts = new long[ScaleTables.TABLES][2 * RANGE + 1];

        Counting(RefinementTables tables) {
            super(RefinedPack.frequencies(tables), tables.cells());
        }

        @Override
        public int quantize(float residual, int distance, int refinementClass, float lambda) {
            int bin = Math.round((distance < 0 ? -residual : residual) * BINS_PER_SIXTEENTH);
            counts[refinementClass][RANGE + Math.max(-RANGE, Math.min(RANGE, bin))]++;
            return super.quantize(residual, distance, refinementClass, lambda);
        }
    }

    /**
     * The parts of a class.
     *
     * @param offsets     from the centre, in sixteenths
     * @param probability of each
     * @param cost        squared error plus price of the bits, of all coefficients
     */
    private record Split(int[] offsets, double[] probability, double cost) {
    }

    /**
     * Fits tables, and writes them into the pack.
     *
     * @param arguments photographs, pack, how many photographs, how many rounds
     */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(2, arguments, "RefinementFit PHOTOS PACK [COUNT [ROUNDS]]");
        Path pack = Path.of(arguments[1]);
        int count = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 60;
        int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
        List<Path> photos = new ArrayList<>(Arguments.pictures(arguments[0]));
        Collections.shuffle(photos, new Random(1));
        Path weightsFile = pack.resolve("transform.safetensors");
        NamedTensors tensors = Safetensors.parse(weightsFile.toString(), ByteBuffer.wrap(Files.readAllBytes(weightsFile)));
        List<Pyramid> pictures = new ArrayList<>();
        for (Path photo : photos.subList(0, Math.min(count, photos.size()))) {
            crop(ImageIO.read(photo.toFile()), photo).ifPresent(image -> pictures.add(analyse(image)));
        }
        RefinementTables tables = guess();
        double[][] counts = new double[ScaleTables.TABLES][2 * RANGE + 1];
        for (int round = 0; round < rounds; round++) {
            Counting counting = new Counting(tables);
            System.out.printf("round %d, %d pictures%n", round, pictures.size());
            code(pictures, tensors, counting, round == rounds - 1);
            // Where coefficients lie depends on the tables; without the rounds before, tables and places chase each other.
            for (int t = 0; t < counts.length; t++) {
                for (int bin = 0; bin < counts[t].length; bin++) {
                    counts[t][bin] = counts[t][bin] / 2 + counting.counts[t][bin];
                }
            }
            tables = fit(counts);
        }
        RefinedPack.write(pack, weightsFile, tables);
    }

    /** Photographs are scaled down first, so that what their own compression left goes. */
    private static Optional<BufferedImage> crop(BufferedImage photo, Path name) {
        if (photo == null || Math.min(photo.getWidth(), photo.getHeight()) * SCALE < SIDE) {
            return Optional.empty();
        }
        BufferedImage small = new BufferedImage((int) (photo.getWidth() * SCALE), (int) (photo.getHeight() * SCALE),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(photo, 0, 0, small.getWidth(), small.getHeight(), null);
        graphics.dispose();
        Random random = new Random(name.getFileName().toString().hashCode());
        return Optional.of(small.getSubimage(random.nextInt(small.getWidth() - SIDE + 1), random.nextInt(small.getHeight() - SIDE + 1),
                SIDE, SIDE));
    }

    /** Coefficients in units of their band's relative step. */
    private static Pyramid analyse(BufferedImage image) {
        float[][] planes = new float[3][SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            int rgb = image.getRGB(i % SIDE, i / SIDE);
            float r = (rgb >> 16 & 255) - 127.5f;
            float g = (rgb >> 8 & 255) - 127.5f;
            float b = (rgb & 255) - 127.5f;
            planes[0][i] = (float) ((r + g + b) / Math.sqrt(3));
            planes[1][i] = (float) ((r - b) / Math.sqrt(2));
            planes[2][i] = (float) ((r - 2 * g + b) / Math.sqrt(6));
        }
        Pyramid pyramid = Pyramid.zero(SIDE, SIDE, Pyramid.LEVELS, 1, true);
        System.arraycopy(Wavelet97.analyse(planes, 0, Pyramid.LEVELS, pyramid, Cancellation.NEVER), 0, pyramid.low(), 0, 3);
        return pyramid;
    }

    /** Where the prior expects a coefficient near the middle, or the cell is narrow, halves would cost more. */
    private static boolean keepsMiddle(int refinementClass) {
        int row = refinementClass / COLUMNS;
        return refinementClass >= RefinementTables.NARROW || row <= new int[] {7, 4, 3, -1, -1, -1}[refinementClass % COLUMNS];
    }

    /** The first round only has to reach the places where coefficients are. */
    private static RefinementTables guess() {
        int[] frequencies = new int[ScaleTables.TABLES * (SYMBOLS + 1)];
        byte[] cells = new byte[ScaleTables.TABLES * SYMBOLS * 2];
        for (int t = 0; t < ScaleTables.TABLES; t++) {
            int narrow = t < RefinementTables.NARROW ? 1 : 0;
            int[] likely = keepsMiddle(t) ? new int[] {50000, 7600, 7600, 167, 168, 1} : new int[] {32000, 32000, 767, 767, 1, 1};
            byte[] parts = keepsMiddle(t) ? new byte[] {0, 0, 12, (byte) narrow, -12, (byte) narrow, 24, 0, -24, 0}
                    : new byte[] {8, 0, -8, 0, 24, 0, -24, 0, 8, 0};
            System.arraycopy(likely, 0, frequencies, (SYMBOLS + 1) * t, SYMBOLS + 1);
            System.arraycopy(parts, 0, cells, 2 * SYMBOLS * t, 2 * SYMBOLS);
        }
        return new RefinementTables(frequencies, cells);
    }

    /** Codes pictures in layers, and prints what each layer costs next to a single one of its quality. */
    private static void code(List<Pyramid> pictures, NamedTensors tensors, RefinementTables tables, boolean compare) {
        PriorWeights read = PriorWeights.of(tensors);
        PriorWeights weights = new PriorWeights(read.levels(), read.tables(), read.compand(), read.low(), Optional.of(tables));
        JavaPriorLevels levels = new JavaPriorLevels(weights, Backends.get());
        RelativeSteps.Table relative = new RelativeSteps.Table(tensors);
        double[][] sums = new double[LAYERS + 1][4];
        for (int i = 0; i < pictures.size(); i++) {
            int base = i * 13 % 32;
            QuantizerSteps steps = new QuantizerSteps(relative.at(base + IntegerPrior.QUALITY_INDEX_PER_LAYER * LAYERS), GainMap.NONE,
                    new Rectangle(SIDE, SIDE));
            Cells cells = noCells();
            double bits = 0;
            for (int layer = 0; layer <= LAYERS; layer++) {
                int qualityIndex = base + IntegerPrior.QUALITY_INDEX_PER_LAYER * layer;
                Pyramid inSteps = Pyramid.zero(SIDE, SIDE, Pyramid.LEVELS, 1, true);
                steps.quantize(pictures.get(i), inSteps, Pyramid.LEVELS, 1, QualityIndex.step(qualityIndex));
                Cells before = cells;
                cells = noCells();
                byte[] context = new byte[0];
                byte[] singleContext = new byte[0];
                for (int level : Levels.ALL.order()) {
                    float[][] target = inSteps.bands(level);
                    if (layer == 0 || compare) {
                        BatchItem item = new BatchItem(Levels.ALL, SIDE, SIDE, false, true, qualityIndex, singleContext);
                        Coded<float[][]> q = levels.quantize(level, List.of(new Target(item, inSteps, LAMBDA))).get(0);
                        singleContext = q.context();
                        sums[layer][2] += cost(q.allSteps(), weights.tables());
                        sums[layer][3] += squares(cells(q.coefficients()), target);
                        if (layer == 0) {
                            put(cells(q.coefficients()), cells, level);
                            bits += cost(q.allSteps(), weights.tables());
                        }
                    }
                    if (layer > 0) {
                        BatchItem item = new BatchItem(Levels.ALL, SIDE, SIDE, false, true, qualityIndex, context);
                        Refinement<Target> refine = new Refinement<>(new Target(item, inSteps, LAMBDA), before);
                        Coded<int[][]> refined = levels.refine(level, List.of(refine), Cancellation.NEVER).get(0);
                        put(refined.coefficients(), cells, level);
                        context = refined.context();
                        bits += refined.allSteps().stream().mapToDouble(step -> tables.cost(step.rows(), step.symbols())).sum();
                    }
                    sums[layer][1] += squares(cells.bands(level), target);
                }
                sums[layer][0] += bits;
            }
        }
        double samples = 3.0 * SIDE * SIDE * pictures.size();
        for (int layer = 0; layer <= LAYERS; layer++) {
            System.out.printf("layer %d: %.4f bits per sample, error %.4f steps^2; alone %.4f, %.4f%n", layer, sums[layer][0] / samples,
                    sums[layer][1] / samples, sums[layer][2] / samples, sums[layer][3] / samples);
        }
    }

    private static Cells noCells() {
        return new Cells(SIDE, SIDE, new int[3][], new int[Pyramid.LEVELS][Pyramid.CHANNELS][]);
    }

    private static void put(int[][] planes, Cells cells, int level) {
        System.arraycopy(planes, 0, cells.bands(level), 0, planes.length);
    }

    private static double cost(List<SymbolStep> steps, ScaleTables tables) {
        return steps.stream().mapToDouble(s -> tables.cost(s.rows(), s.symbols())).sum();
    }

    private static double squares(int[][] cells, float[][] target) {
        double sum = 0;
        for (int c = 0; c < cells.length; c++) {
            for (int i = 0; i < cells[c].length; i++) {
                double error = RefinementTables.value(cells[c][i]) / 16.0 - target[c][i];
                sum += error * error;
            }
        }
        return sum;
    }

    private static int[][] cells(float[][] bands) {
        int[][] cells = new int[bands.length][];
        for (int c = 0; c < bands.length; c++) {
            cells[c] = new int[bands[c].length];
            for (int i = 0; i < cells[c].length; i++) {
                cells[c][i] = RefinementTables.cell(bands[c][i]);
            }
        }
        return cells;
    }

    private static RefinementTables fit(double[][] counts) {
        int[] frequencies = new int[ScaleTables.TABLES * (SYMBOLS + 1)];
        byte[] cells = new byte[ScaleTables.TABLES * SYMBOLS * 2];
        double cost = 0;
        for (int t = 0; t < ScaleTables.TABLES; t++) {
            boolean narrow = t >= RefinementTables.NARROW;
            boolean middle = keepsMiddle(t);
            Split split = fit(counts[t], middle ? MIDDLE : HALVES);
            int rest = TOTAL - 1;
            for (int k = 0; k < SYMBOLS; k++) {
                boolean there = k < split.offsets.length;
                cells[2 * (SYMBOLS * t + k)] = (byte) split.offsets[there ? k : 0];
                cells[2 * (SYMBOLS * t + k) + 1] = (byte) (middle && !narrow && (k == 1 || k == 2) ? 1 : 0);
                frequencies[(SYMBOLS + 1) * t + k] = there ? (int) Math.max(MIN_FREQUENCY, (long) (TOTAL * split.probability[k])) : 1;
                rest -= frequencies[(SYMBOLS + 1) * t + k];
            }
            frequencies[(SYMBOLS + 1) * t + likeliest(split.probability)] += rest;
            frequencies[(SYMBOLS + 1) * t + SYMBOLS] = 1;
            cost += split.cost;
            System.out.printf("class %2d: %9d, parts", t, (long) Arrays.stream(counts[t]).sum());
            for (int k = 0; k < split.offsets.length; k++) {
                System.out.printf("  %d: %.4f", split.offsets[k], frequencies[(SYMBOLS + 1) * t + k] / (double) TOTAL);
            }
            System.out.println();
        }
        System.out.printf("cost %.0f%n", cost);
        return new RefinementTables(frequencies, cells);
    }

    private static int likeliest(double[] probability) {
        return IntStream.range(0, probability.length).boxed().max(Comparator.comparingDouble(k -> probability[k])).orElseThrow();
    }

    /** Parts that nothing lies in keep a little probability. */
    private static Split fit(double[] counts, int[][] bounds) {
        int n = bounds.length;
        int[] offsets = Arrays.stream(bounds).mapToInt(b -> (b[0] + b[1]) / 2).toArray();
        double[] probability = new double[n];
        Arrays.fill(probability, 1.0 / n);
        double cost = 0;
        for (int round = 0; round < 40; round++) {
            double[] sum = new double[n];
            double[] weight = new double[n];
            Arrays.fill(weight, 1);
            cost = 0;
            for (int bin = 0; bin < counts.length; bin++) {
                double x = (bin - RANGE) / (double) BINS_PER_SIXTEENTH;
                int best = 0;
                double least = Double.POSITIVE_INFINITY;
                for (int k = 0; k < n; k++) {
                    double error = (x - offsets[k]) / 16;
                    double price = error * error - LAMBDA * Math.log(probability[k]) / Math.log(2);
                    if (price < least) {
                        least = price;
                        best = k;
                    }
                }
                weight[best] += counts[bin];
                sum[best] += counts[bin] * x;
                cost += counts[bin] * least;
            }
            double total = Arrays.stream(weight).sum();
            for (int k = 0; k < n; k++) {
                probability[k] = weight[k] / total;
                offsets[k] = Math.max(bounds[k][0],
                        Math.min(bounds[k][1], weight[k] > 1 ? (int) Math.round(sum[k] / weight[k]) : offsets[k]));
            }
        }
        return new Split(offsets, probability, cost);
    }
}
