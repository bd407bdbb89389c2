// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.network.SynthesisWindow;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.PixelFormat;
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
import java.util.List;

/**
 * From a decoder's coefficients to pixels, window by window: synthesis network, inverse wavelet, colour transform. Windows and strips of
 * pixels are computed in rooms that are used again, so that memory is what some of them take. Serves one thread, and uses many; rooms
 * are freed by {@link #close}.
 */
final class WindowSynthesis implements AutoCloseable {

    /**
     * Samples around a place that its pixels are computed from: 32 by the wavelet, 80 by the synthesis network, whose outer layers add
     * little.
     */
    static final int MARGIN = 64;

    private static final int LEVELS = StreamOrder.TILE_LEVELS;

    private final TransformModel model;
    private final PixelFormat format;
    private final TransformPayload payload;
    private final TileGrid tiles;
    private final RelativeSteps relative;
    private final int qualityIndex;
    private final float step;
    private final Cancellation cancellation;
    private final List<WindowRoom> windowRooms = new ArrayList<>();
    private final List<SynthesisWindow> synthesisWindows = new ArrayList<>();
    private PixelPlanes pixels;

    /** Level 3's low band of part of the picture, in units of the picture's step. */
    record LowBand(Rectangle place, float[][] planes) {
    }

    /**
     * Coefficients of levels 3 to 1, or fewer, in quantizer steps.
     *
     * @param tile  that they are of
     * @param place all of the tile, or part of it
     */
    record Part(int tile, Rectangle place, Pyramid coefficients) {

        /** What is wanted of a place, if that is little; else all. */
        static Rectangle worthKeeping(Rectangle place, Rectangle wanted) {
            Rectangle common = place.intersection(wanted);
            return 2L * common.width * common.height > (long) place.width * place.height ? place : common;
        }

        /** What is wanted of it, if that is little; else all. */
        Part within(Rectangle wanted, int finest) {
            Rectangle common = worthKeeping(place, wanted);
            if (common.equals(place)) {
                return this;
            }
            Pyramid some = Pyramid.zero(common.height, common.width, LEVELS, finest, coefficients.fineColour());
            Transforms.copy(coefficients, place, some, common, LEVELS, finest);
            return new Part(tile, common, some);
        }
    }

    /** What reconstructs a picture's coefficients with layers up to {@code lastLayer}. */
    WindowSynthesis(TransformModel model, PixelFormat format, TransformPayload payload, int lastLayer, Cancellation cancellation) {
        this.model = model;
        this.format = format;
        this.payload = payload;
        this.tiles = payload.tiles();
        this.relative = model.relativeSteps(payload.wholeQualityIndex());
        this.qualityIndex = payload.qualityIndex(lastLayer);
        this.step = QualityIndex.step(qualityIndex);
        this.cancellation = cancellation;
    }

    QuantizerSteps steps(Rectangle part) {
        return new QuantizerSteps(relative, payload.gains(), part);
    }

    /** Writes a region for which level 3's low band is enough. */
    void write(LowBand low3, DecodeRequest request, PixelSink sink) throws IIOException {
        write(low3.planes, low3.place, request.region(), request, sink);
    }

    /**
     * Writes the pixels of some places, which are computed together.
     *
     * @param finest level that the request's scale needs
     * @param parts  hold the coefficients of what lies around the places
     */
    void write(List<Rectangle> places, DecodeRequest request, int finest, LowBand low3, List<Part> parts, PixelSink sink)
            throws IIOException {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            indices.add(i);
        }
        if (finest == 1) {
            while (synthesisWindows.size() < places.size()) {
                synthesisWindows.add(model.synthesis().window());
            }
            for (int i : Concurrently.map(indices, index -> synthesised(index, places.get(index), low3, parts))) {
                writeStrips(synthesisWindows.get(i), places.get(i), sink);
            }
            return;
        }
        while (windowRooms.size() < places.size()) {
            windowRooms.add(new WindowRoom(mostSamples(request.region())));
        }
        List<float[][]> components = Concurrently.map(indices, i -> smaller(places.get(i), finest, low3, parts, windowRooms.get(i)));
        for (int i : indices) {
            write(components.get(i), tiles.blocksAround(places.get(i), MARGIN), places.get(i), request, sink);
        }
    }

    /** Samples of the largest window of a place in the region. */
    private int mostSamples(Rectangle region) {
        int most = 0;
        for (Rectangle row : tiles.rowsOf(region)) {
            for (Rectangle place : tiles.columnsOf(row)) {
                Rectangle window = tiles.blocksAround(place, MARGIN);
                most = Math.max(most, window.width * window.height);
            }
        }
        return most;
    }

    /** Gives its index when the window of a place is ready to be asked for pixels. */
    private int synthesised(int index, Rectangle place, LowBand low3, List<Part> parts) {
        Rectangle around = tiles.blocksAround(place, MARGIN);
        SynthesisWindow window = synthesisWindows.get(index);
        window.begin(around.height, around.width, payload.fineColour() && !format.isGray());
        window.put(0, low3.planes, patch(low3.place, around, LEVELS));
        for (Part part : parts) {
            for (int level = 1; level <= LEVELS && part.place.intersects(around); level++) {
                window.put(level, part.coefficients.bands(level), patch(part.place, around, level));
            }
        }
        window.synthesise(steps(around).synthesis(), qualityIndex, cancellation);
        return index;
    }

    /** What two parts of the picture have in common, on a level. */
    private static SynthesisWindow.Patch patch(Rectangle from, Rectangle to, int level) {
        Rectangle common = from.intersection(to);
        int stride = from.width >> level;
        return new SynthesisWindow.Patch((common.y - from.y >> level) * stride + (common.x - from.x >> level), stride,
                common.y - to.y >> level, common.x - to.x >> level, common.height >> level, common.width >> level);
    }

    /** Strip by strip; nothing of the picture's size is there but the coefficients. */
    private void writeStrips(SynthesisWindow window, Rectangle place, PixelSink sink) throws IIOException {
        Rectangle around = tiles.blocksAround(place, MARGIN);
        int top = place.y - around.y;
        int bottom = top + place.height;
        int together = window.rowsTogether();
        for (int from = top, to; from < bottom; from = to) {
            to = Math.min(bottom, (from / together + 1) * together);
            if (pixels == null || pixels.width() != place.width || pixels.height() != to - from) {
                pixels = PixelPlanes.blank(place.width, to - from, format);
            }
            window.pixels(from, to, place.x - around.x, place.width, step, format.isGray(), pixels.samples());
            sink.write(pixels, place.x, around.y + from);
            cancellation.check();
        }
    }

    /** Component planes of a window at the size of level {@code finest - 1}, without the network. */
    private float[][] smaller(Rectangle place, int finest, LowBand low3, List<Part> parts, WindowRoom room) {
        Rectangle window = tiles.blocksAround(place, MARGIN);
        Pyramid fine = fine(window, finest, parts, room);
        steps(window).dequantize(fine, fine, LEVELS, finest);
        return Wavelet97.synthesise(fine, LEVELS, finest - 1, low(window, low3), room::low, cancellation);
    }

    /** Writes a region that lies in a window, whose component planes have the request's scale. */
    private void write(float[][] components, Rectangle window, Rectangle region, DecodeRequest request, PixelSink sink)
            throws IIOException {
        int scale = request.scale();
        Rectangle inside = new DecodeRequest(region, scale).scaledRegion();
        PixelPlanes pixels = PixelPlanes.blank(inside.width, inside.height, format);
        Rectangle inWindow = new Rectangle(inside.x - window.x / scale, inside.y - window.y / scale, inside.width, inside.height);
        float[][] averages = Downscale.area(components, window.height / scale, window.width / scale, Integer.numberOfTrailingZeros(scale));
        // A level of the wavelet doubles the mean.
        ColourTransform.inverse(averages, window.width / scale, inWindow, step / scale, pixels);
        sink.write(pixels, inside.x, inside.y);
    }

    /** The coefficients of a window, to be changed: a copy, but for a whole picture in one piece, which nobody else needs. */
    private Pyramid fine(Rectangle window, int finest, List<Part> parts, WindowRoom room) {
        Pyramid whole = parts.get(0).coefficients;
        boolean colours = payload.fineColour() && !format.isGray();
        if (!tiles.isTiled() && window.equals(parts.get(0).place) && (finest > 1 || whole.fineColour() == colours)) {
            return whole;
        }
        Pyramid fine = room.fine(window, finest, colours);
        for (Part part : parts) {
            if (part.place.intersects(window)) {
                Transforms.copy(part.coefficients, part.place, fine, window, LEVELS, finest);
            }
        }
        return fine;
    }

    private static float[][] low(Rectangle window, LowBand low3) {
        float[][] low = new float[3][(window.height >> LEVELS) * (window.width >> LEVELS)];
        Transforms.copy(low3.planes, low3.place, low, window, LEVELS);
        return low;
    }

    /** What the synthesis network adds to levels 3 to 1 of a place, in the wavelet's own units. */
    Pyramid correction(Rectangle place, LowBand low3, List<Part> parts) {
        Rectangle window = tiles.blocksAround(place, MARGIN);
        QuantizerSteps steps = steps(window);
        float[][] low = low(window, low3);
        steps.gain(low, LEVELS, true);
        float[] correction = model.synthesis().correction(
                PackedCoefficients.pack(low, fine(window, 1, parts, new WindowRoom(window.width * window.height))),
                window.height >> LEVELS, window.width >> LEVELS, qualityIndex, cancellation);
        PackedCoefficients.fade(correction, steps.heard());
        Pyramid added = Pyramid.zero(window.height, window.width, LEVELS, 1);
        PackedCoefficients.add(correction, low, added);
        steps.dequantize(added, added, LEVELS, 1);
        Pyramid inside = Pyramid.zero(place.height, place.width, LEVELS, 1);
        Transforms.copy(added, window, inside, place, LEVELS, 1);
        for (float[][] bands : inside.detail()) {
            Transforms.multiply(bands, step);
        }
        return inside;
    }

    /** Frees what windows were synthesised in; later ones get rooms of their own. */
    @Override
    public void close() {
        for (SynthesisWindow window : synthesisWindows) {
            window.close();
        }
        synthesisWindows.clear();
    }
}
