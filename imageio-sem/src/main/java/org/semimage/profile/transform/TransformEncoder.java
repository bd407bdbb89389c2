// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.prior.LayerCoder;
import org.semimage.compute.prior.Levels;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.Target;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.SemHeader;
import org.semimage.model.TransformModel;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSource;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Encodes one picture at any quality, tile by tile: the coarse levels of all tiles, then the fine ones of some tiles at a time. The wavelet
 * runs once for a picture of moderate size, and again for each encoding of a larger one, whose coefficients are not kept.
 */
final class TransformEncoder {

    /** The coarse levels, which are at hand for all of the picture, are above this one. */
    private static final int TILE_LEVELS = StreamOrder.TILE_LEVELS;

    /** Samples around a tile that its coefficients depend on: 28 by the wavelet. */
    private static final int WAVELET_MARGIN = 32;

    /** Samples around a tile that they depend on if the analysis network looks at its neighbourhood; whole blocks of a gain. */
    private static final int NETWORK_MARGIN = 128;

    /** The most samples of a picture whose coefficients are kept. */
    private static final int MAX_KEPT = 1 << 24;

    /** The most samples of tiles whose fine levels are coded together, unless a single tile has more. */
    private static final int MAX_TOGETHER = 1 << 23;

    /** Price of a bit in squared steps; the rate-distortion curve's slope at high rate is 0.1155. */
    private static final float LAMBDA = 0.1f;

    /** The share of a correction that targets leave to the network; with all of it rounding follows the network's noise. */
    private static final float LOOP_SHARE = 0.3f;

    private final TransformModel model;
    private final PixelSource source;
    private final TileGrid tiles;
    private final IntFunction<GainMap> gains;
    private final Watcher watcher;
    private final Cancellation cancellation;
    private Analysis analysis;

    /**
     * Coefficients of a picture.
     *
     * @param qualityIndex what the analysis network was told
     * @param colour  of the finest level
     * @param coarse  of levels 6 to 4 of the whole picture
     * @param kept    of levels 3 to 1 of each tile; null for tiles whose coefficients are computed when they are needed
     */
    private record Analysis(int qualityIndex, FineColour colour, Pyramid coarse, Pyramid[] kept) {
    }

    /** Levels 3 to 1 of a tile, and its part of the low band of level 3. */
    private record TileCoefficients(Pyramid fine, float[][] low3) {
    }

    /** An encoder of one picture; gains are asked for by quality index. */
    TransformEncoder(TransformModel model, PixelSource source, TileGrid tiles, IntFunction<GainMap> gains, Watcher watcher) {
        this.model = model;
        this.source = source;
        this.tiles = tiles;
        this.gains = gains;
        this.watcher = watcher;
        this.cancellation = watcher.cancellation();
    }

    /**
     * The picture at a quality index in one layer or several, as one that is coded at its own size.
     *
     * @param from progress before,
     * @param to progress after
     */
    TransformPayload encode(int qualityIndex, boolean progressive, float from, float to) throws IIOException {
        int refinements = refinements(qualityIndex, progressive);
        StreamOrder order = new StreamOrder(tiles.count(), 1 + refinements);
        TransformPayload.Segment[] segments = new TransformPayload.Segment[order.count()];
        code(qualityIndex, refinements, (layer, parts) -> {
            LayerCoder coder = model.prior().coder(layer);
            List<Kernels.Stream> streams = parts.stream()
                    .map(part -> new Kernels.Stream(part.steps, TransformPayload.lanesFor(coder.bits(part.steps)))).toList();
            List<byte[]> coded = coder.encodeAll(streams);
            for (int i = 0; i < coded.size(); i++) {
                segments[order.index(layer, parts.get(i).tile, parts.get(i).level)] =
                        TransformPayload.Segment.of(streams.get(i).lanes(), coded.get(i));
            }
        }, from, to);
        return new TransformPayload(qualityIndex - IntegerPrior.QUALITY_INDEX_PER_LAYER * refinements, 0, tiles, gains.apply(qualityIndex),
                hasFineColour(analysis(qualityIndex), qualityIndex), refinements, List.of(segments));
    }

    /**
     * The picture in one layer again. The synthesis network adds corrections to an earlier encoding at the same quality index; a share of
     * them is left out of the targets, as the encoder need not pay for what the decoder guesses. Empty if the picture is too large for
     * its coefficients to be kept.
     */
    Optional<TransformPayload> encodeAgain(TransformPayload before, SemHeader header) throws IIOException {
        Analysis open = analysis(before.qualityIndex());
        if (Arrays.stream(open.kept).anyMatch(Objects::isNull)) {
            return Optional.empty();
        }
        List<Pyramid> corrections = new TransformDecoder(model, header, before, 0, Watcher.silent(cancellation)).corrections();
        Pyramid[] targets = new Pyramid[open.kept.length];
        for (int tile = 0; tile < targets.length; tile++) {
            targets[tile] = less(open.kept[tile], corrections.get(tile));
        }
        analysis = new Analysis(before.qualityIndex(), open.colour, open.coarse, targets);
        TransformPayload again = encode(before.qualityIndex(), false, 1, 1);
        analysis = open;
        return Optional.of(again);
    }

    /** What an encoding in one layer costs by the measure of its rounding: squared error and priced bytes. */
    static double cost(TransformPayload payload, double squaredError) {
        double step = QualityIndex.step(payload.qualityIndex());
        return squaredError + LAMBDA * step * step * 8 * payload.toBytes().length;
    }

    /** Coefficients less a share of what the decoder will add to them. */
    private static Pyramid less(Pyramid coefficients, Pyramid corrections) {
        Pyramid target = Pyramid.zero(coefficients.height(), coefficients.width(), TILE_LEVELS, 1, coefficients.fineColour());
        for (int level = 0; level < TILE_LEVELS; level++) {
            for (int band = 0; band < target.detail()[level].length; band++) {
                float[] from = coefficients.detail()[level][band];
                float[] added = band < corrections.detail()[level].length ? corrections.detail()[level][band] : new float[from.length];
                for (int i = 0; i < from.length; i++) {
                    target.detail()[level][band][i] = from[i] - LOOP_SHARE * added[i];
                }
            }
        }
        return target;
    }

    /** Layers after the base layer: as many as there can be, so that the base is as coarse as can be. */
    private static int refinements(int qualityIndex, boolean progressive) {
        return progressive ? qualityIndex / IntegerPrior.QUALITY_INDEX_PER_LAYER : 0;
    }

    /** The ideal length of the picture's streams at a quality index, in bytes. */
    double idealBytes(int qualityIndex, boolean progressive, float from, float to) throws IIOException {
        double[] bits = new double[1];
        code(qualityIndex, refinements(qualityIndex, progressive), (layer, parts) -> {
            LayerCoder coder = model.prior().coder(layer);
            parts.forEach(part -> bits[0] += coder.bits(part.steps));
        }, from, to);
        return bits[0] / 8;
    }

    /**
     * The symbols of a stream.
     *
     * @param level a level that the stream holds
     */
    private record Part(int tile, int level, List<SymbolStep> steps) {
    }

    /** Takes a layer's streams as they come, several at a time. */
    private interface StreamTaker {
        void take(int layer, List<Part> parts);
    }

    /**
     * What a layer hands on.
     *
     * @param steps   of each level
     * @param cells   what a decoder will know; null in a picture of one layer, which needs none
     * @param context of finer levels
     */
    private record Layer(List<List<SymbolStep>> steps, Cells cells, byte[] context) {
    }

    private void code(int qualityIndex, int refinements, StreamTaker taker, float from, float to) throws IIOException {
        Analysis coefficients = analysis(qualityIndex);
        boolean fineColour = hasFineColour(coefficients, qualityIndex);
        int base = qualityIndex - IntegerPrior.QUALITY_INDEX_PER_LAYER * refinements;
        List<Integer> qualityIndices = IntStream.rangeClosed(0, refinements)
                .mapToObj(layer -> base + IntegerPrior.QUALITY_INDEX_PER_LAYER * layer).toList();
        List<Pyramid> coarse = new ArrayList<>();
        for (Rectangle place : tiles.places()) {
            Pyramid part = Pyramid.zero(place.height, place.width, Pyramid.LEVELS, TILE_LEVELS + 1);
            Transforms.copy(coefficients.coarse, tiles.all(), part, place, Pyramid.LEVELS, TILE_LEVELS + 1);
            coarse.add(part);
        }
        List<List<Layer>> top = code(Levels.COARSE, tiles.places(), coarse, fineColour, qualityIndices, (layer, part) -> new byte[0]);
        for (int layer = 0; layer <= refinements && tiles.isTiled(); layer++) {
            List<Layer> parts = top.get(layer);
            taker.take(layer, IntStream.range(0, parts.size())
                    .mapToObj(tile -> new Part(tile, Pyramid.LEVELS, allSteps(parts.get(tile)))).toList());
        }
        int together = Math.max(1, MAX_TOGETHER / (tiles.tileHeight() * tiles.tileWidth()));
        for (int group = 0; group < tiles.count(); group += together) {
            int first = group;
            List<Rectangle> places = new ArrayList<>();
            List<Pyramid> fine = new ArrayList<>();
            for (int tile = first; tile < Math.min(tiles.count(), first + together); tile++) {
                watcher.checkpoint(from + (to - from) * tile / tiles.count());
                places.add(tiles.tile(tile));
                fine.add(coefficients.kept[tile] != null ? coefficients.kept[tile] : tileCoefficients(tile, qualityIndex).fine);
            }
            List<List<Layer>> layers = code(Levels.FINE, places, fine, fineColour, qualityIndices,
                    (layer, part) -> top.get(layer).get(first + part).context);
            for (int layer = 0; layer <= refinements; layer++) {
                for (int i = 0; i < places.size(); i++) {
                    int tile = first + i;
                    Layer part = layers.get(layer).get(i);
                    taker.take(layer, tiles.isTiled()
                            ? StreamOrder.fineLevels()
                                    .mapToObj(level -> new Part(tile, level, part.steps.get(TILE_LEVELS - level))).toList()
                            : List.of(new Part(0, Pyramid.LEVELS,
                                    Stream.concat(allSteps(top.get(layer).get(0)).stream(), allSteps(part).stream()).toList())));
                }
            }
        }
        watcher.checkpoint(to);
    }

    /** What the levels before hand down to a part in a layer. */
    private interface Contexts {
        byte[] of(int layer, int part);
    }

    /**
     * All layers of some parts.
     *
     * @param qualityIndices of the layers
     * @return for each layer its parts
     */
    private List<List<Layer>> code(Levels levels, List<Rectangle> places, List<Pyramid> coefficients, boolean fineColour,
                                   List<Integer> qualityIndices, Contexts contexts) {
        int whole = qualityIndices.get(qualityIndices.size() - 1);  // whose gains all layers share
        List<List<Layer>> layers = new ArrayList<>();
        for (int layer = 0; layer < qualityIndices.size(); layer++) {
            int qualityIndex = qualityIndices.get(layer);
            List<BatchItem> parts = new ArrayList<>();
            List<Pyramid> targets = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                Rectangle place = places.get(i);
                Pyramid target = Pyramid.zero(place.height, place.width, levels.coarsest(), levels.finest(), fineColour);
                steps(place, whole).quantize(coefficients.get(i), target, levels.coarsest(), levels.finest(),
                        QualityIndex.step(qualityIndex));
                parts.add(new BatchItem(levels, place.height, place.width, source.format().isGray(), fineColour, qualityIndex,
                        contexts.of(layer, i)));
                targets.add(target);
            }
            layers.add(code(parts, layer == 0 ? List.of() : layers.get(layer - 1), targets, qualityIndices.size() > 1));
        }
        return layers;
    }

    /** One layer of parts; there is none before the base layer. */
    private List<Layer> code(List<BatchItem> parts, List<Layer> before, List<Pyramid> targets, boolean refined) {
        List<Target> wanted = IntStream.range(0, parts.size()).mapToObj(i -> new Target(parts.get(i), targets.get(i), LAMBDA)).toList();
        if (before.isEmpty()) {
            return model.prior().quantize(wanted, cancellation).stream()
                    .map(q -> new Layer(q.steps(), refined ? Cells.of(q.coefficients()) : null, q.context())).toList();
        }
        List<Refinement<Target>> refinements = IntStream.range(0, wanted.size())
                .mapToObj(i -> new Refinement<>(wanted.get(i), before.get(i).cells)).toList();
        return model.prior().refine(refinements, cancellation).stream()
                .map(r -> new Layer(r.steps(), r.coefficients(), r.context())).toList();
    }

    private static List<SymbolStep> allSteps(Layer layer) {
        return layer.steps.stream().flatMap(List::stream).toList();
    }

    private QuantizerSteps steps(Rectangle part, int qualityIndex) {
        return new QuantizerSteps(model.relativeSteps(qualityIndex), gains.apply(qualityIndex), part);
    }

    /** The picture's coefficients; those at hand will do, unless the analysis network wants to know the quality. */
    private Analysis analysis(int qualityIndex) throws IIOException {
        if (analysis == null || model.analysis().isPresent() && analysis.qualityIndex != qualityIndex) {
            boolean keep = (long) tiles.height() * tiles.width() <= MAX_KEPT;
            Pyramid[] kept = new Pyramid[tiles.count()];
            FineColour colour = new FineColour();
            float[][] low3 = new float[3][(tiles.height() >> TILE_LEVELS) * (tiles.width() >> TILE_LEVELS)];
            for (int tile = 0; tile < tiles.count(); tile++) {
                TileCoefficients coefficients = tileCoefficients(tile, qualityIndex);
                Transforms.copy(coefficients.low3, tiles.tile(tile), low3, tiles.all(), TILE_LEVELS);
                kept[tile] = keep ? coefficients.fine : null;
                colour.add(coefficients.fine);
                watcher.checkpoint(0.2f * (tile + 1) / tiles.count());
            }
            Pyramid coarse = Pyramid.zero(tiles.height(), tiles.width(), Pyramid.LEVELS, TILE_LEVELS + 1);
            System.arraycopy(Wavelet97.analyse(low3, TILE_LEVELS, Pyramid.LEVELS, coarse, cancellation), 0, coarse.low(), 0, 3);
            analysis = new Analysis(qualityIndex, colour, coarse, kept);
        }
        return analysis;
    }

    private boolean hasFineColour(Analysis of, int qualityIndex) {
        float[] steps = model.relativeSteps(qualityIndex).detail()[0].clone();
        for (int c = 0; c < steps.length; c++) {
            steps[c] *= QualityIndex.step(qualityIndex);
        }
        return of.colour.pays(steps);
    }

    private TileCoefficients tileCoefficients(int tile, int qualityIndex) throws IIOException {
        Rectangle place = tiles.tile(tile);
        Rectangle window = tiles.around(tile, model.analysis().isPresent() ? NETWORK_MARGIN : WAVELET_MARGIN);
        PixelPlanes pixels = source.read(window.intersection(new Rectangle(source.width(), source.height())));
        Pyramid fine = Pyramid.zero(window.height, window.width, TILE_LEVELS, 1, !source.format().isGray());
        float[][] low3 = Wavelet97.analyse(ColourTransform.forward(pixels, window.height, window.width), 0,
                TILE_LEVELS, fine, cancellation);
        if (model.analysis().isPresent()) {
            correct(model.analysis().get(), fine, low3, qualityIndex, steps(window, qualityIndex));
        }
        return window.equals(place) ? new TileCoefficients(fine, low3) : crop(fine, low3, window, place);
    }

    /** Lets the analysis network change coefficients of a window. */
    private void correct(CoefficientNet network, Pyramid fine, float[][] low3, int qualityIndex, QuantizerSteps steps) {
        float step = QualityIndex.step(qualityIndex);
        Pyramid inSteps = Pyramid.zero(fine.height(), fine.width(), TILE_LEVELS, 1, fine.fineColour());
        steps.quantize(fine, inSteps, TILE_LEVELS, 1, step);
        Transforms.multiply(low3, 1 / step);
        steps.gain(low3, TILE_LEVELS, true);
        network.correct(low3, inSteps, steps.heard(), qualityIndex, cancellation);
        steps.gain(low3, TILE_LEVELS, false);
        steps.dequantize(inSteps, fine, TILE_LEVELS, 1);
        for (float[][] bands : fine.detail()) {
            Transforms.multiply(bands, step);
        }
        Transforms.multiply(low3, step);
    }

    private static TileCoefficients crop(Pyramid fine, float[][] low3, Rectangle window, Rectangle place) {
        Pyramid cropped = Pyramid.zero(place.height, place.width, TILE_LEVELS, 1, fine.fineColour());
        Transforms.copy(fine, window, cropped, place, TILE_LEVELS, 1);
        float[][] low = new float[3][(place.height >> TILE_LEVELS) * (place.width >> TILE_LEVELS)];
        Transforms.copy(low3, window, low, place, TILE_LEVELS);
        return new TileCoefficients(cropped, low);
    }
}
