// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.Levels;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.Source;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.profile.transform.TileGrid;
import org.semimage.profile.transform.TransformPayload;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The quantized coefficients of a picture of the transform profile, which are integers and the same for every decoder (FORMAT.md,
 * sections 8 to 10): what they are before the synthesis network, after the last layer that is there.
 *
 * <p>Their digest is that of sixteenths of a quantizer step as signed 32 bits, the lower byte first: the planes of the low band by
 * component, then from level 6 to level 1 the bands by component and orientation, each of them row by row over the whole padded picture.
 * Gray pictures have component 0 alone, and so has level 1 without fine colour.
 */
final class Coefficients {

    private static final int UNITS = 16;

    /** The finest level that shares a stream with those above it is one coarser. */
    private static final int TILE_LEVELS = 3;

    private final SemHeader header;
    private final TransformPayload payload;
    private final TransformModel model;
    private final List<Rectangle> tiles;
    private final List<SymbolDecoder> opened = new ArrayList<>();

    private final UnaryOperator<SymbolDecoder> tap;

    private Coefficients(SemHeader header, TransformPayload payload, TransformModel model, UnaryOperator<SymbolDecoder> tap) {
        this.tap = tap;
        this.header = header;
        this.payload = payload;
        this.model = model;
        this.tiles = tiles(payload.tiles());
    }

    /**
     * The digest of a file's coefficients; null if one is beyond 2^24 sixteenths, which single precision does not tell apart.
     *
     * @throws IIOException if the payload is malformed
     */
    static String digest(SemFile file) throws IIOException {
        List<float[]> planes = planes(pyramid(file, UnaryOperator.identity()), file.header().format().isGray());
        return planes.stream().allMatch(Coefficients::exact) ? Digests.of(bytes(planes)) : null;
    }

    /**
     * A file's coefficients in quantizer steps.
     *
     * @param tap may put itself before every stream
     * @throws IIOException if the payload is malformed
     */
    static Pyramid pyramid(SemFile file, UnaryOperator<SymbolDecoder> tap) throws IIOException {
        SemHeader header = file.header();
        byte[] bytes = file.chunk(Chunk.TRANSFORM).orElseThrow().payload();
        TransformPayload payload = TransformPayload.parse(bytes, header);
        try (Models.Lease<TransformModel> lease = Models.transform(header.model())) {
            Coefficients coefficients = new Coefficients(header, payload, lease.model(), tap);
            try {
                return coefficients.whole();
            } finally {
                coefficients.opened.forEach(SymbolDecoder::close);
            }
        }
    }

    private static List<Rectangle> tiles(TileGrid grid) {
        List<Rectangle> tiles = new ArrayList<>();
        for (int y = 0; y < grid.height(); y += grid.tileHeight()) {
            for (int x = 0; x < grid.width(); x += grid.tileWidth()) {
                tiles.add(new Rectangle(x, y, Math.min(grid.tileWidth(), grid.width() - x), Math.min(grid.tileHeight(),
                        grid.height() - y)));
            }
        }
        return tiles;
    }

    private int perLayer() {
        return tiles.size() == 1 ? 1 : (TILE_LEVELS + 1) * tiles.size();
    }

    private int lastLayer() {
        return Math.max(0, payload.segments().size() - 1) / perLayer();
    }

    private SymbolDecoder open(int layer, int tile, int level) {
        int index = layer * perLayer() + (tiles.size() == 1 ? 0 : Math.max(0, TILE_LEVELS + 1 - level) * tiles.size() + tile);
        TransformPayload.Segment segment = payload.segment(index);
        SymbolDecoder decoder = tap.apply(model.prior().coder(layer).decoder(segment.bytes(), segment.from(), segment.to(),
                segment.lanes()));
        opened.add(decoder);
        return decoder;
    }

    private static boolean exact(float[] plane) {
        for (float value : plane) {
            if (Math.abs(value) * UNITS > 1 << 24) {
                return false;
            }
        }
        return true;
    }

    private Pyramid whole() {
        Pyramid whole = Pyramid.zero(payload.tiles().height(), payload.tiles().width(), Pyramid.LEVELS, 1, payload.fineColour());
        for (int tile = 0; tile < tiles.size(); tile++) {
            decode(tile, whole);
        }
        return whole;
    }

    private static List<float[]> planes(Pyramid whole, boolean gray) {
        List<float[]> planes = new ArrayList<>(List.of(whole.low()).subList(0, gray ? 1 : 3));
        for (int level = Pyramid.LEVELS; level > 0; level--) {
            List<float[]> bands = List.of(whole.detail()[level - 1]);
            planes.addAll(gray ? bands.subList(0, 3) : bands);
        }
        return planes;
    }

    private static byte[] bytes(List<float[]> planes) {
        ByteBuffer bytes = ByteBuffer.allocate(planes.stream().mapToInt(plane -> plane.length).sum() * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] plane : planes) {
            for (float value : plane) {
                bytes.putInt(Math.round(value * UNITS));
            }
        }
        return bytes.array();
    }

    private void decode(int tile, Pyramid whole) {
        List<List<SymbolDecoder>> shared = new ArrayList<>();
        for (int layer = 0; layer <= lastLayer(); layer++) {
            shared.add(Collections.nCopies(Levels.COARSE.order().length, open(layer, tile, Pyramid.LEVELS)));
        }
        List<byte[]> contexts = decode(Levels.COARSE, tile, Collections.nCopies(lastLayer() + 1, new byte[0]), shared, whole);
        List<List<SymbolDecoder>> own = new ArrayList<>();
        for (int layer = 0; layer <= lastLayer(); layer++) {
            List<SymbolDecoder> levels = new ArrayList<>();
            for (int level : Levels.FINE.order()) {
                levels.add(tiles.size() == 1 ? shared.get(layer).get(0) : open(layer, tile, level));
            }
            own.add(levels);
        }
        decode(Levels.FINE, tile, contexts, own, whole);
    }

    /** All layers of some levels of a tile; returns what each layer hands down. */
    private List<byte[]> decode(Levels levels, int tile, List<byte[]> contexts, List<List<SymbolDecoder>> symbols, Pyramid whole) {
        Rectangle place = tiles.get(tile);
        List<byte[]> handedDown = new ArrayList<>();
        Pyramid coefficients = null;
        Cells cells = null;
        for (int layer = 0; layer <= lastLayer(); layer++) {
            Source source = new Source(new BatchItem(levels, place.height, place.width, header.format().isGray(), payload.fineColour(),
                    payload.qualityIndex(layer), contexts.get(layer)), symbols.get(layer));
            if (layer == 0) {
                Coded<Pyramid> base = model.prior().decode(List.of(source), Cancellation.NEVER).get(0);
                handedDown.add(base.context());
                coefficients = base.coefficients();
            } else {
                Cells before = layer == 1 ? Cells.of(coefficients) : cells;
                Coded<Cells> refined = model.prior().decodeRefinement(List.of(new Refinement<>(source, before)), Cancellation.NEVER).get(0);
                handedDown.add(refined.context());
                cells = refined.coefficients();
                coefficients = cells.coefficients();
            }
        }
        for (int level : levels.order()) {
            copy(coefficients.bands(level), place, level == 0 ? Pyramid.LEVELS : level, whole.bands(level), whole.width());
        }
        return handedDown;
    }

    private static void copy(float[][] from, Rectangle place, int shift, float[][] to, int wholeWidth) {
        int width = place.width >> shift;
        for (int band = 0; band < Math.min(from.length, to.length); band++) {
            for (int i = 0; i < from[band].length; i++) {
                to[band][((place.y >> shift) + i / width) * (wholeWidth >> shift) + (place.x >> shift) + i % width] = from[band][i];
            }
        }
    }
}
