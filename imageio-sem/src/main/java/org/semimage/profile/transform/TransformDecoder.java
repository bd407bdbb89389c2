// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.compute.Watcher;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.Levels;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.Source;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.SemHeader;
import org.semimage.model.RelativeSteps;
import org.semimage.model.TransformModel;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.Downscale;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Decodes a picture or part of it: the coarse levels of the tiles around the part, then row by row the fine ones, or column by column
 * where the part is much wider than high. At any time no more than three rows or columns of tiles have fine coefficients.
 */
final class TransformDecoder {

    private static final int TILE_LEVELS = StreamOrder.TILE_LEVELS;

    /**
     * Samples around a place that its pixels are computed from: 32 by the wavelet, 80 by the synthesis network, whose outer layers add
     * little.
     */
    private static final int MARGIN = 64;

    /** Samples around a place that its part of level 3's low band is computed from, by the wavelet's levels 4 to 6. */
    private static final int COARSE_MARGIN = 4 * ((1 << 3) + (1 << 4) + (1 << 5));

    /** A part is decoded column by column if its width is more than so many times its height. */
    private static final int WIDE = 2;

    /** Tiles whose pixels are computed at a time: while one does what takes a single thread, another has the other processors. */
    private static final int AT_ONCE = 2;

    private final TransformModel model;
    private final SemHeader header;
    private final TransformPayload payload;
    private final Watcher watcher;
    private final Cancellation cancellation;
    private final TileGrid tiles;
    private final int lastLayer;
    private final RelativeSteps relative;
    private final float step;
    private boolean endsEarly;

    /** A decoder that leaves out layers behind {@code lastLayer}. */
    TransformDecoder(TransformModel model, SemHeader header, TransformPayload payload, int lastLayer, Watcher watcher) {
        this.model = model;
        this.header = header;
        this.payload = payload;
        this.watcher = watcher;
        this.cancellation = watcher.cancellation();
        this.tiles = payload.tiles();
        this.lastLayer = Math.min(lastLayer, payload.lastLayer());
        this.relative = model.relativeSteps(payload.wholeQualityIndex());
        this.step = QualityIndex.step(payload.qualityIndex(this.lastLayer));
        this.endsEarly = this.lastLayer < Math.min(lastLayer, payload.refinements());
    }

    /** What the layers of some parts give: coefficients in the last one's steps, and every layer's context for the levels that follow. */
    private record Layers(List<Pyramid> coefficients, List<List<byte[]>> contexts) {
    }

    /**
     * What the coarse levels give.
     *
     * @param window   part of the picture
     * @param low3     its low band of level 3, in units of the picture's step
     * @param contexts by tile, of each layer
     * @param streams  by tile, of each layer; a picture in one piece goes on with them
     */
    private record Coarse(Rectangle window, float[][] low3, Map<Integer, List<byte[]>> contexts,
            Map<Integer, List<SymbolDecoder>> streams) {
    }

    /**
     * Pixels of part of the picture.
     *
     * @param x, y their place in the picture at the request's scale
     */
    private record Pixels(PixelPlanes planes, int x, int y) {
    }

    /** Gives the decoders of a part's levels in a layer. */
    private interface Symbols {
        List<SymbolDecoder> of(int layer, int part);
    }

    /**
     * Decodes what is asked for; alpha is left at zero.
     *
     * @throws IIOException if the sink fails
     */
    void decode(DecodeRequest request, PixelSink sink) throws IIOException {
        int finest = Integer.numberOfTrailingZeros(request.scale()) + 1;
        List<SymbolDecoder> decoders = new ArrayList<>();
        try {
            Coarse coarse = decodeCoarse(tiles.blocksAround(request.region(), MARGIN + COARSE_MARGIN), decoders);
            watcher.checkpoint(0.1f);
            if (finest > TILE_LEVELS) {
                Pixels pixels = pixels(coarse.low3, coarse.window, request.region(), request);
                sink.write(pixels.planes, pixels.x, pixels.y);
            } else {
                decodeTiles(request, finest, coarse, sink);
            }
            endsEarly |= anyExhausted(decoders);
            if (endsEarly) {
                watcher.warning("The payload ends early: the picture is decoded as far as it goes");
            }
        } finally {
            close(decoders);
        }
    }

    private static boolean anyExhausted(List<SymbolDecoder> decoders) {
        for (SymbolDecoder decoder : decoders) {
            if (decoder.exhausted()) {
                return true;
            }
        }
        return false;
    }

    private static void close(List<SymbolDecoder> decoders) {
        for (SymbolDecoder decoder : decoders) {
            decoder.close();
        }
    }

    private List<Rectangle> placesOf(List<Integer> some) {
        List<Rectangle> places = new ArrayList<>();
        for (int tile : some) {
            places.add(tiles.tile(tile));
        }
        return places;
    }

    private SymbolDecoder open(List<SymbolDecoder> decoders, int layer, TransformPayload.Segment segment) {
        SymbolDecoder decoder = model.prior().coder(layer).decoder(segment.bytes(), segment.from(), segment.to(), segment.lanes());
        decoders.add(decoder);
        return decoder;
    }

    private Coarse decodeCoarse(Rectangle window, List<SymbolDecoder> decoders) {
        List<Integer> wanted = tiles.touching(window);
        List<Rectangle> places = placesOf(wanted);
        Map<Integer, List<SymbolDecoder>> streams = new TreeMap<>();
        Map<Integer, List<byte[]>> contexts = new TreeMap<>();
        for (int tile : wanted) {
            List<SymbolDecoder> ofTile = new ArrayList<>();
            for (int layer = 0; layer <= lastLayer; layer++) {
                ofTile.add(open(decoders, layer, payload.segment(layer, tile, Pyramid.LEVELS)));
            }
            streams.put(tile, ofTile);
        }
        Layers layers = decode(Levels.COARSE, places, (layer, part) -> new byte[0],
                (layer, part) -> Collections.nCopies(4, streams.get(wanted.get(part)).get(layer)));
        Pyramid inWindow = Pyramid.zero(window.height, window.width, Pyramid.LEVELS, TILE_LEVELS + 1);
        for (int i = 0; i < wanted.size(); i++) {
            List<byte[]> ofTile = new ArrayList<>();
            for (List<byte[]> layer : layers.contexts) {
                ofTile.add(layer.get(i));
            }
            contexts.put(wanted.get(i), ofTile);
            Transforms.copy(layers.coefficients.get(i), places.get(i), inWindow, window, Pyramid.LEVELS, TILE_LEVELS + 1);
        }
        steps(window).dequantize(inWindow, inWindow, Pyramid.LEVELS, TILE_LEVELS + 1);
        return new Coarse(window, Wavelet97.synthesise(inWindow, Pyramid.LEVELS, TILE_LEVELS, inWindow.low(), cancellation), contexts,
                streams);
    }

    /** What the levels before hand down to a part in a layer. */
    private interface Contexts {
        byte[] of(int layer, int part);
    }

    /** All layers of some parts, one layer after the other. */
    private Layers decode(Levels levels, List<Rectangle> places, Contexts contexts, Symbols symbols) {
        List<Pyramid> coefficients = List.of();
        List<Cells> cells = List.of();
        List<List<byte[]>> handedDown = new ArrayList<>();
        for (int layer = 0; layer <= lastLayer; layer++) {
            List<Source> sources = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                Rectangle place = places.get(i);
                BatchItem item = new BatchItem(levels, place.height, place.width, header.format().isGray(), payload.fineColour(),
                        payload.qualityIndex(layer), contexts.of(layer, i));
                sources.add(new Source(item, symbols.of(layer, i)));
            }
            if (layer == 0) {
                List<Coded<Pyramid>> decoded = model.prior().decode(sources, cancellation);
                coefficients = coefficients(decoded);
                handedDown.add(contexts(decoded));
                cells = lastLayer > 0 ? coefficients.stream().map(Cells::of).toList() : cells;
            } else {
                List<Cells> before = cells;
                List<Coded<Cells>> refined = model.prior().decodeRefinement(IntStream.range(0, places.size())
                        .mapToObj(i -> new Refinement<>(sources.get(i), before.get(i))).toList(), cancellation);
                cells = coefficients(refined);
                handedDown.add(contexts(refined));
            }
        }
        return new Layers(lastLayer > 0 ? cells.stream().map(Cells::coefficients).toList() : coefficients, handedDown);
    }

    private static <C> List<C> coefficients(List<Coded<C>> all) {
        List<C> coefficients = new ArrayList<>();
        for (Coded<C> one : all) {
            coefficients.add(one.coefficients());
        }
        return coefficients;
    }

    private static <C> List<byte[]> contexts(List<Coded<C>> all) {
        List<byte[]> contexts = new ArrayList<>();
        for (Coded<C> one : all) {
            contexts.add(one.context());
        }
        return contexts;
    }

    private QuantizerSteps steps(Rectangle part) {
        return new QuantizerSteps(relative, payload.gains(), part);
    }

    private void decodeTiles(DecodeRequest request, int finest, Coarse coarse, PixelSink sink) throws IIOException {
        Map<Integer, Pyramid> decoded = new TreeMap<>();
        boolean across = request.region().width > WIDE * (long) request.region().height;
        List<Rectangle> strips = across ? tiles.columnsOf(request.region()) : tiles.rowsOf(request.region());
        float done = 0;
        for (Rectangle strip : strips) {
            decodeMissing(tiles.blocksAround(strip, MARGIN), finest, coarse, decoded);
            List<Rectangle> places = across ? tiles.rowsOf(strip) : tiles.columnsOf(strip);
            for (int first = 0; first < places.size(); first += AT_ONCE) {
                List<Rectangle> some = places.subList(first, Math.min(places.size(), first + AT_ONCE));
                List<Pixels> results = Concurrently.map(some, place -> pixels(place, request, finest, coarse, decoded));
                for (Pixels pixels : results) {
                    sink.write(pixels.planes, pixels.x, pixels.y);
                }
                done += (float) some.size() / (strips.size() * places.size());
                watcher.checkpoint(0.1f + 0.9f * done);
            }
        }
    }

    private Pixels pixels(Rectangle place, DecodeRequest request, int finest, Coarse coarse, Map<Integer, Pyramid> decoded) {
        Rectangle window = tiles.blocksAround(place, MARGIN);
        return pixels(synthesise(fine(window, finest, decoded), low3(window, coarse), finest, steps(window)), window, place, request);
    }

    /** The coefficients of a window, to be changed: a copy, but for a whole picture in one piece, which nobody else needs. */
    private Pyramid fine(Rectangle window, int finest, Map<Integer, Pyramid> decoded) {
        Pyramid whole = decoded.get(0);
        boolean colours = payload.fineColour() && !header.format().isGray();
        if (!tiles.isTiled() && window.equals(tiles.tile(0)) && (finest > 1 || whole.fineColour() == colours)) {
            return whole;
        }
        Pyramid fine = Pyramid.zero(window.height, window.width, TILE_LEVELS, finest, colours);
        for (int tile : tiles.touching(window)) {
            Transforms.copy(decoded.get(tile), tiles.tile(tile), fine, window, TILE_LEVELS, finest);
        }
        return fine;
    }

    private static float[][] low3(Rectangle window, Coarse coarse) {
        float[][] low = new float[3][(window.height >> TILE_LEVELS) * (window.width >> TILE_LEVELS)];
        Transforms.copy(coarse.low3, coarse.window, low, window, TILE_LEVELS);
        return low;
    }

    /** What the synthesis network adds to levels 3 to 1 of each tile, in order, in the wavelet's own units. */
    List<Pyramid> corrections() {
        List<SymbolDecoder> decoders = new ArrayList<>();
        try {
            Coarse coarse = decodeCoarse(tiles.all(), decoders);
            Map<Integer, Pyramid> decoded = new TreeMap<>();
            decodeMissing(tiles.all(), 1, coarse, decoded);
            return tiles.places().stream().map(place -> correction(place, coarse, decoded)).toList();
        } finally {
            close(decoders);
        }
    }

    private Pyramid correction(Rectangle place, Coarse coarse, Map<Integer, Pyramid> decoded) {
        Rectangle window = tiles.blocksAround(place, MARGIN);
        QuantizerSteps steps = steps(window);
        float[][] low = low3(window, coarse);
        steps.gain(low, TILE_LEVELS, window.width >> TILE_LEVELS, true);
        float[] correction = correction(low, fine(window, 1, decoded), steps);
        Pyramid added = Pyramid.zero(window.height, window.width, TILE_LEVELS, 1);
        PackedCoefficients.add(correction, low, added);
        steps.dequantize(added, added, TILE_LEVELS, 1);
        Pyramid inside = Pyramid.zero(place.height, place.width, TILE_LEVELS, 1);
        Transforms.copy(added, window, inside, place, TILE_LEVELS, 1);
        for (float[][] bands : inside.detail()) {
            Transforms.multiply(bands, step);
        }
        return inside;
    }

    /** What the synthesis network says of coefficients in quantizer steps. */
    private float[] correction(float[][] low, Pyramid fine, QuantizerSteps steps) {
        float[] correction = model.synthesis().correction(PackedCoefficients.pack(low, fine), fine.height() >> TILE_LEVELS,
                fine.width() >> TILE_LEVELS, payload.qualityIndex(lastLayer), cancellation);
        steps.fade(correction);
        return correction;
    }

    /** Decodes the tiles of a strip together, and forgets those before it. */
    private void decodeMissing(Rectangle strip, int finest, Coarse coarse, Map<Integer, Pyramid> decoded) {
        TreeSet<Integer> needed = new TreeSet<>(tiles.touching(strip));
        decoded.keySet().retainAll(needed);
        List<Integer> missing = new ArrayList<>(needed);
        missing.removeAll(decoded.keySet());
        if (missing.isEmpty()) {
            return;
        }
        List<SymbolDecoder> opened = new ArrayList<>();
        try {
            Levels levels = finest == 1 ? Levels.FINE : finest == 2 ? Levels.HALF : Levels.QUARTER;
            Layers results = decode(levels, placesOf(missing), (layer, part) -> coarse.contexts.get(missing.get(part)).get(layer),
                    (layer, part) -> payload.order().isInOnePiece()
                            ? Collections.nCopies(levels.order().length, coarse.streams.get(0).get(layer))
                            : openLevels(opened, layer, missing.get(part), levels));
            for (int i = 0; i < missing.size(); i++) {
                decoded.put(missing.get(i), results.coefficients.get(i));
            }
            endsEarly |= anyExhausted(opened);
        } finally {
            close(opened);
        }
    }

    private List<SymbolDecoder> openLevels(List<SymbolDecoder> opened, int layer, int tile, Levels levels) {
        List<SymbolDecoder> ofTile = new ArrayList<>();
        for (int level : levels.order()) {
            ofTile.add(open(opened, layer, payload.segment(layer, tile, level)));
        }
        return ofTile;
    }

    /** Component planes of a window in units of the picture's step, at the size of level {@code finest - 1}. */
    private float[][] synthesise(Pyramid fine, float[][] low, int finest, QuantizerSteps steps) {
        int width = fine.width() >> TILE_LEVELS;
        if (finest == 1) {
            steps.gain(low, TILE_LEVELS, width, true);
            PackedCoefficients.add(correction(low, fine, steps), low, fine);
            steps.gain(low, TILE_LEVELS, width, false);
        }
        steps.dequantize(fine, fine, TILE_LEVELS, finest);
        return Wavelet97.synthesise(fine, TILE_LEVELS, finest - 1, low, cancellation);
    }

    /** The pixels of a region that lies in a window, whose component planes have the request's scale. */
    private Pixels pixels(float[][] components, Rectangle window, Rectangle region, DecodeRequest request) {
        int scale = request.scale();
        Rectangle inside = new DecodeRequest(region, scale).scaledRegion();
        PixelPlanes pixels = PixelPlanes.blank(inside.width, inside.height, header.format());
        Rectangle inWindow = new Rectangle(inside.x - window.x / scale, inside.y - window.y / scale, inside.width, inside.height);
        float[][] averages = scale == 1 ? components
                : Downscale.area(components, window.height / scale, window.width / scale, Integer.numberOfTrailingZeros(scale));
        // A level of the wavelet doubles the mean.
        ColourTransform.inverse(averages, window.width / scale, inWindow, step / scale, pixels);
        return new Pixels(pixels, inside.x, inside.y);
    }
}
