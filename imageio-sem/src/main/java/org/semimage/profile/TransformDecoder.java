package org.semimage.profile;

import org.semimage.compute.IntegerPrior;
import org.semimage.compute.IntegerPrior.Levels;
import org.semimage.compute.PackedCoefficients;
import org.semimage.compute.Pyramid;
import org.semimage.compute.SymbolDecoder;
import org.semimage.compute.Wavelet97;
import org.semimage.container.SemHeader;
import org.semimage.model.TransformModel;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decodes a picture or part of it: the coarse levels of the whole picture, then row by row the tiles that the part touches. At any
 * time only three rows of tiles have coefficients.
 */
final class TransformDecoder {

    private static final int TILE_LEVELS = TransformEncoder.TILE_LEVELS;

    /** Samples around a tile that its pixels are computed from: 32 by the wavelet, 80 by the synthesis network, whose outer layers add little. */
    private static final int MARGIN = 64;

    private final TransformModel model;
    private final SemHeader header;
    private final TransformPayload payload;
    private final Watcher watcher;
    private final TileGrid tiles;
    private final float step;
    private boolean endsEarly;

    TransformDecoder(TransformModel model, SemHeader header, TransformPayload payload, Watcher watcher) {
        this.model = model;
        this.header = header;
        this.payload = payload;
        this.watcher = watcher;
        this.tiles = payload.tiles();
        this.step = QuantizerSteps.of(payload.quality());
    }

    /** Decodes what is asked for; alpha is left at zero. @throws IIOException if the sink fails */
    void decode(DecodeRequest request, PixelSink sink) throws IIOException {
        int finest = Integer.numberOfTrailingZeros(request.scale()) + 1;
        List<SymbolDecoder> decoders = new ArrayList<>();
        try {
            SymbolDecoder first = open(decoders, payload.segment(0));
            IntegerPrior.Part whole = new IntegerPrior.Part(Levels.COARSE, tiles.height(), tiles.width(), header.format().isGray(), payload.quality(),
                    new byte[0]);
            IntegerPrior.Decoded top = model.prior().decode(List.of(new IntegerPrior.Source(whole, Collections.nCopies(4, first)))).get(0);
            float[][] low3 = low3(top.coefficients());
            Transforms.checkpoint(watcher, 0.1f);
            if (finest > TILE_LEVELS) {
                write(low3, new Rectangle(tiles.width(), tiles.height()), request.region(), request, sink);
            } else {
                decodeTiles(request, finest, top.context(), low3, first, sink);
            }
            endsEarly |= decoders.stream().anyMatch(SymbolDecoder::exhausted);
            if (endsEarly) {
                watcher.warning("The payload ends early: the picture is decoded as far as it goes");
            }
        } finally {
            decoders.forEach(SymbolDecoder::close);
        }
    }

    private SymbolDecoder open(List<SymbolDecoder> decoders, TransformPayload.Segment segment) {
        SymbolDecoder decoder = model.prior().decoder(segment.bytes(), segment.from(), segment.to(), segment.lanes());
        decoders.add(decoder);
        return decoder;
    }

    /** The low band of level 3 of the whole picture, in units of the picture's step. */
    private float[][] low3(Pyramid coarse) {
        steps(new Rectangle(tiles.width(), tiles.height())).dequantize(coarse, coarse, Pyramid.LEVELS, TILE_LEVELS + 1);
        return Wavelet97.synthesise(coarse, Pyramid.LEVELS, TILE_LEVELS, coarse.low());
    }

    private QuantizerSteps steps(Rectangle part) {
        return new QuantizerSteps(model, payload.gains().factors(part));
    }

    private void decodeTiles(DecodeRequest request, int finest, byte[] context, float[][] low3, SymbolDecoder first, PixelSink sink)
            throws IIOException {
        Map<Integer, Pyramid> decoded = new TreeMap<>();
        List<Integer> wanted = tiles.touching(request.region());
        int done = 0;
        for (int tile : wanted) {
            Rectangle window = tiles.around(tile, MARGIN);
            decodeMissing(rowOf(tile, wanted), finest, context, first, decoded);
            Pyramid fine = Pyramid.zero(window.height, window.width, TILE_LEVELS, finest);
            for (int neighbour : tiles.touching(window)) {
                for (int level = finest; level <= TILE_LEVELS; level++) {
                    Transforms.copy(decoded.get(neighbour).detail()[level - 1], tiles.tile(neighbour), fine.detail()[level - 1], window, level);
                }
            }
            float[][] low = new float[3][(window.height >> TILE_LEVELS) * (window.width >> TILE_LEVELS)];
            Transforms.copy(low3, new Rectangle(tiles.width(), tiles.height()), low, window, TILE_LEVELS);
            write(synthesise(fine, low, finest, steps(window)), window, tiles.tile(tile).intersection(request.region()), request, sink);
            done++;
            Transforms.checkpoint(watcher, 0.1f + 0.9f * done / wanted.size());
        }
    }

    /** The wanted tiles of a tile's row. */
    private List<Integer> rowOf(int tile, List<Integer> wanted) {
        return wanted.stream().filter(other -> other / tiles.columns() == tile / tiles.columns()).toList();
    }

    /** Decodes what a row of tiles needs together, and forgets what no row after it does. */
    private void decodeMissing(List<Integer> row, int finest, byte[] context, SymbolDecoder first, Map<Integer, Pyramid> decoded) {
        TreeSet<Integer> needed = new TreeSet<>();
        row.forEach(tile -> needed.addAll(tiles.touching(tiles.around(tile, MARGIN))));
        decoded.keySet().removeIf(tile -> tile < needed.first());
        List<Integer> missing = needed.stream().filter(tile -> !decoded.containsKey(tile)).toList();
        if (missing.isEmpty()) {
            return;
        }
        List<SymbolDecoder> opened = new ArrayList<>();
        try {
            Levels levels = finest == 1 ? Levels.FINE : finest == 2 ? Levels.HALF : Levels.QUARTER;
            List<IntegerPrior.Source> sources = new ArrayList<>();
            for (int tile : missing) {
                Rectangle place = tiles.tile(tile);
                List<SymbolDecoder> symbols = new ArrayList<>();
                for (int level : levels.order()) {
                    symbols.add(tiles.isTiled() ? open(opened, payload.segment(payload.segmentOf(tile, level))) : first);
                }
                sources.add(new IntegerPrior.Source(new IntegerPrior.Part(levels, place.height, place.width, header.format().isGray(), payload.quality(),
                        Transforms.crop(context, tiles, place)), symbols));
            }
            List<IntegerPrior.Decoded> results = model.prior().decode(sources);
            for (int i = 0; i < missing.size(); i++) {
                decoded.put(missing.get(i), results.get(i).coefficients());
            }
            endsEarly |= opened.stream().anyMatch(SymbolDecoder::exhausted);
        } finally {
            opened.forEach(SymbolDecoder::close);
        }
    }

    /** Component planes of a window in units of the picture's step, at the size of level {@code finest - 1}. */
    private float[][] synthesise(Pyramid fine, float[][] low, int finest, QuantizerSteps steps) {
        int height = fine.height() >> TILE_LEVELS;
        int width = fine.width() >> TILE_LEVELS;
        if (finest == 1) {
            steps.gain(low, TILE_LEVELS, width, true);
            float[] correction = model.synthesis().correction(PackedCoefficients.pack(low, fine), height, width, payload.quality());
            PackedCoefficients.add(correction, low, fine);
            steps.gain(low, TILE_LEVELS, width, false);
        }
        steps.dequantize(fine, fine, TILE_LEVELS, finest);
        return Wavelet97.synthesise(fine, TILE_LEVELS, finest - 1, low);
    }

    /** Writes the pixels of a region that lies in a window, whose component planes have the request's scale. */
    private void write(float[][] components, Rectangle window, Rectangle region, DecodeRequest request, PixelSink sink) throws IIOException {
        int scale = request.scale();
        Rectangle inside = new DecodeRequest(region, scale).scaledRegion();
        PixelPlanes pixels = PixelPlanes.blank(inside.width, inside.height, header.format());
        Rectangle inWindow = new Rectangle(inside.x - window.x / scale, inside.y - window.y / scale, inside.width, inside.height);
        float[][] averages = scale == 1 ? components
                : Downscale.area(components, window.height / scale, window.width / scale, Integer.numberOfTrailingZeros(scale));
        // A level of the wavelet doubles the mean.
        ColourTransform.inverse(averages, window.width / scale, inWindow, step / scale, pixels);
        sink.write(pixels, inside.x, inside.y);
    }
}
