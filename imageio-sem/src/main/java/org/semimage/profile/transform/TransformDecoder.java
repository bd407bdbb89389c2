// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.Kept;
import org.semimage.compute.prior.Levels;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.Source;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.SemHeader;
import org.semimage.model.TransformModel;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.transform.WindowSynthesis.LowBand;
import org.semimage.profile.transform.WindowSynthesis.Part;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Decodes a picture or part of it: the coarse levels of the tiles around the part, then row by row the fine ones, or column by column
 * where the part is much wider than high. At any time no more than three rows or columns of tiles have fine coefficients.
 */
final class TransformDecoder {

    private static final int TILE_LEVELS = StreamOrder.TILE_LEVELS;

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
    private final WindowSynthesis windows;
    private boolean endsEarly;

    /** A decoder that leaves out layers behind {@code lastLayer}; for one call of {@link #decode}. */
    TransformDecoder(TransformModel model, SemHeader header, TransformPayload payload, int lastLayer, Watcher watcher) {
        this.model = model;
        this.header = header;
        this.payload = payload;
        this.watcher = watcher;
        this.cancellation = watcher.cancellation();
        this.tiles = payload.tiles();
        this.lastLayer = Math.min(lastLayer, payload.lastLayer());
        this.windows = new WindowSynthesis(model, header.format(), payload, this.lastLayer, cancellation);
        this.endsEarly = this.lastLayer < Math.min(lastLayer, payload.refinements());
    }

    /** What the layers of some parts give: coefficients in the last one's steps, and every layer's context for the levels that follow. */
    private record Layers(List<Pyramid> coefficients, List<List<byte[]>> contexts) {
    }

    /**
     * What the coarse levels give.
     *
     * @param low3     level 3's low band of part of the picture, in units of the picture's step
     * @param contexts by tile, of each layer
     * @param streams  by tile, of each layer; a picture in one piece goes on with them
     */
    private record Coarse(LowBand low3, Map<Integer, List<byte[]>> contexts, Map<Integer, List<SymbolDecoder>> streams) {
    }

    /**
     * What a part is decoded from, by layer.
     *
     * @param contexts what the levels before hand down
     * @param symbols  decoders of each level
     * @param kept     part of it whose coefficients are wanted, in samples of the picture
     */
    private record Input(List<byte[]> contexts, List<List<SymbolDecoder>> symbols, Rectangle kept) {
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
            Coarse coarse = decodeCoarse(tiles.blocksAround(request.region(), WindowSynthesis.MARGIN + COARSE_MARGIN), decoders);
            watcher.checkpoint(0.1f);
            if (finest > TILE_LEVELS) {
                windows.write(coarse.low3, request, sink);
            } else {
                decodeTiles(request, finest, coarse, sink);
            }
            endsEarly |= anyExhausted(decoders);
            if (endsEarly) {
                watcher.warning("The payload ends early: the picture is decoded as far as it goes");
            }
        } finally {
            windows.close();
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
        List<Input> inputs = new ArrayList<>();
        for (int tile : wanted) {
            List<byte[]> none = Collections.nCopies(lastLayer + 1, new byte[0]);
            inputs.add(new Input(none, allOf(Levels.COARSE, streams.get(tile)), tiles.tile(tile)));
        }
        Layers layers = decode(Levels.COARSE, places, inputs);
        Pyramid inWindow = Pyramid.zero(window.height, window.width, Pyramid.LEVELS, TILE_LEVELS + 1);
        for (int i = 0; i < wanted.size(); i++) {
            List<byte[]> ofTile = new ArrayList<>();
            for (List<byte[]> layer : layers.contexts) {
                ofTile.add(layer.get(i));
            }
            contexts.put(wanted.get(i), ofTile);
            Transforms.copy(layers.coefficients.get(i), places.get(i), inWindow, window, Pyramid.LEVELS, TILE_LEVELS + 1);
        }
        windows.steps(window).dequantize(inWindow, inWindow, Pyramid.LEVELS, TILE_LEVELS + 1);
        float[][] low3 = Wavelet97.synthesise(inWindow, Pyramid.LEVELS, TILE_LEVELS, inWindow.low(), cancellation);
        return new Coarse(new LowBand(window, low3), contexts, streams);
    }

    /** By layer, one stream for all levels. */
    private static List<List<SymbolDecoder>> allOf(Levels levels, List<SymbolDecoder> streams) {
        List<List<SymbolDecoder>> symbols = new ArrayList<>();
        for (SymbolDecoder stream : streams) {
            symbols.add(Collections.nCopies(levels.order().length, stream));
        }
        return symbols;
    }

    /** All layers of some parts, one layer after the other. */
    private Layers decode(Levels levels, List<Rectangle> places, List<Input> inputs) {
        List<Pyramid> coefficients = List.of();
        List<Cells> cells = List.of();
        List<List<byte[]>> handedDown = new ArrayList<>();
        for (int layer = 0; layer <= lastLayer; layer++) {
            List<Source> sources = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                Rectangle place = places.get(i);
                BatchItem item = new BatchItem(levels, place.height, place.width, header.format().isGray(), payload.fineColour(),
                        payload.qualityIndex(layer), inputs.get(i).contexts.get(layer));
                Rectangle kept = inputs.get(i).kept;
                sources.add(new Source(item, inputs.get(i).symbols.get(layer),
                        new Kept(kept.y - place.y, kept.x - place.x, kept.height, kept.width)));
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

    private void decodeTiles(DecodeRequest request, int finest, Coarse coarse, PixelSink sink) throws IIOException {
        List<Part> decoded = new ArrayList<>();
        boolean across = request.region().width > WIDE * (long) request.region().height;
        List<Rectangle> strips = across ? tiles.columnsOf(request.region()) : tiles.rowsOf(request.region());
        Rectangle all = tiles.blocksAround(request.region(), WindowSynthesis.MARGIN);
        float done = 0;
        for (Rectangle strip : strips) {
            Rectangle around = tiles.blocksAround(strip, WindowSynthesis.MARGIN);
            decodeMissing(around, all.intersection(new Rectangle(around.x, around.y, all.width, all.height)), finest, coarse, decoded);
            List<Rectangle> places = across ? tiles.rowsOf(strip) : tiles.columnsOf(strip);
            for (int first = 0; first < places.size(); first += AT_ONCE) {
                List<Rectangle> some = places.subList(first, Math.min(places.size(), first + AT_ONCE));
                windows.write(some, request, finest, coarse.low3, decoded, sink);
                done += (float) some.size() / (strips.size() * places.size());
                watcher.checkpoint(0.1f + 0.9f * done);
            }
        }
    }

    /** What the synthesis network adds to levels 3 to 1 of each tile, in order, in the wavelet's own units. */
    List<Pyramid> corrections() {
        List<SymbolDecoder> decoders = new ArrayList<>();
        try {
            Coarse coarse = decodeCoarse(tiles.all(), decoders);
            List<Part> decoded = new ArrayList<>();
            decodeMissing(tiles.all(), tiles.all(), 1, coarse, decoded);
            return tiles.places().stream().map(place -> windows.correction(place, coarse.low3, decoded)).toList();
        } finally {
            close(decoders);
        }
    }

    /**
     * Decodes the tiles of a strip, some at a time, and forgets what nobody needs any more.
     *
     * @param wanted  what this strip and those that follow need
     * @param decoded parts of tiles; those of the strip are put in
     */
    private void decodeMissing(Rectangle strip, Rectangle wanted, int finest, Coarse coarse, List<Part> decoded) {
        List<Part> needed = new ArrayList<>();
        for (Part part : decoded) {
            if (part.place().intersects(wanted)) {
                needed.add(part.within(wanted, finest));
            }
        }
        decoded.clear();
        decoded.addAll(needed);
        List<Integer> missing = new ArrayList<>(tiles.touching(strip));
        for (Part part : decoded) {
            missing.remove((Integer) part.tile());
        }
        int together = Math.max(AT_ONCE, Runtime.getRuntime().availableProcessors());
        for (int first = 0; first < missing.size(); first += together) {
            List<Integer> some = missing.subList(first, Math.min(missing.size(), first + together));
            List<Rectangle> kept = new ArrayList<>();
            for (int tile : some) {
                // Refinement layers go on from all coefficients of a tile.
                kept.add(lastLayer == 0 ? Part.worthKeeping(tiles.tile(tile), wanted) : tiles.tile(tile));
            }
            List<Pyramid> coefficients = decodeFine(some, kept, finest, coarse);
            for (int i = 0; i < some.size(); i++) {
                decoded.add(new Part(some.get(i), kept.get(i), coefficients.get(i)).within(wanted, finest));
            }
        }
    }

    private List<Pyramid> decodeFine(List<Integer> some, List<Rectangle> kept, int finest, Coarse coarse) {
        List<SymbolDecoder> opened = new ArrayList<>();
        try {
            Levels levels = finest == 1 ? Levels.FINE : finest == 2 ? Levels.HALF : Levels.QUARTER;
            List<Input> inputs = new ArrayList<>();
            for (int i = 0; i < some.size(); i++) {
                inputs.add(new Input(coarse.contexts.get(some.get(i)), payload.order().isInOnePiece()
                        ? allOf(levels, coarse.streams.get(0)) : openLevels(opened, some.get(i), levels), kept.get(i)));
            }
            Layers results = decode(levels, placesOf(some), inputs);
            endsEarly |= anyExhausted(opened);
            return results.coefficients;
        } finally {
            close(opened);
        }
    }

    private List<List<SymbolDecoder>> openLevels(List<SymbolDecoder> opened, int tile, Levels levels) {
        List<List<SymbolDecoder>> layers = new ArrayList<>();
        for (int layer = 0; layer <= lastLayer; layer++) {
            List<SymbolDecoder> ofLayer = new ArrayList<>();
            for (int level : levels.order()) {
                ofLayer.add(open(opened, layer, payload.segment(layer, tile, level)));
            }
            layers.add(ofLayer);
        }
        return layers;
    }
}
