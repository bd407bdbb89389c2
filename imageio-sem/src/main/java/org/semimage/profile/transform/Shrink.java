// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemHeader;
import org.semimage.picture.Doubled;
import org.semimage.picture.Halved;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions.RegionOfInterest;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;

/**
 * How a picture of very few bytes is coded: at half, a quarter or an eighth of its size (FORMAT.md, "Shrunk pictures").
 *
 * @param log2   0..3: of the picture's samples along a side to one that is coded
 * @param width  of the picture
 * @param height of the picture
 */
record Shrink(int log2, int width, int height) {

    /** The most that a payload can say. */
    static final int MAX = 3;

    /** Samples around a region that it is computed from; what the filter needs, at the size that is coded. */
    private static final int MARGIN = 8;

    /** Pixels of a strip, which are computed by one thread. */
    private static final int STRIP = 1 << 16;

    /** A small picture of no more samples is kept, as an encoder reads it again and again. */
    private static final int MAX_KEPT = 1 << 24;

    static Shrink of(SemHeader header, int log2) {
        return new Shrink(log2, header.width(), header.height());
    }

    /** Columns of what is coded. */
    int codedWidth() {
        return side(width, log2);
    }

    /** Rows of what is coded. */
    int codedHeight() {
        return side(height, log2);
    }

    private static int side(int side, int halvings) {
        return (side - 1 >> halvings) + 1;
    }

    /** The header with the size of what is coded. */
    SemHeader coded(SemHeader header) {
        return new SemHeader(header.profile(), codedWidth(), codedHeight(), header.format(), header.model());
    }

    /** What is coded of a picture; of alpha nothing, unless the picture is coded at its own size. */
    PixelSource coded(PixelSource picture, Cancellation cancellation) throws IIOException {
        PixelSource small = picture;
        for (int i = 0; i < log2; i++) {
            small = new Halved(small);
        }
        return log2 > 0 && (long) small.width() * small.height() <= MAX_KEPT ? small.readAll(cancellation) : small;
    }

    /** Regions of interest of what is coded. */
    List<RegionOfInterest> coded(List<RegionOfInterest> interest) {
        Rectangle picture = new Rectangle(width, height);
        return log2 == 0 ? interest : interest.stream().filter(roi -> roi.area().intersects(picture))
                .map(roi -> new RegionOfInterest(coded(roi.area().intersection(picture)), roi.gain(), roi.isProtected())).toList();
    }

    /** The samples that are coded of those of an area. */
    private Rectangle coded(Rectangle area) {
        int left = area.x >> log2;
        int top = area.y >> log2;
        return new Rectangle(left, top, (area.x + area.width - 1 >> log2) - left + 1, (area.y + area.height - 1 >> log2) - top + 1);
    }

    /** Whether what is asked for is larger than what is coded. */
    boolean enlarges(DecodeRequest request) {
        return request.scale() < 1 << log2;
    }

    /** What a request that is not larger wants of what is coded, in the same samples. */
    DecodeRequest coded(DecodeRequest request) {
        return new DecodeRequest(coded(request.region()), request.scale() >> log2);
    }

    /** The part of what is coded that a region of the picture needs. */
    Rectangle around(Rectangle region) {
        Rectangle around = coded(region);
        around.grow(MARGIN, MARGIN);
        return around.intersection(new Rectangle(codedWidth(), codedHeight()));
    }

    /**
     * Writes a request from what is coded, strip by strip; alpha is left at zero.
     *
     * @param small what {@link #around} says of the region
     * @param place of it
     * @throws IIOException if the sink fails
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    void enlarge(PixelPlanes small, Rectangle place, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        PixelSource enlarged = enlarged(small, place, Integer.numberOfTrailingZeros(request.scale()));
        Rectangle region = request.scaledRegion();
        int rows = Math.max(1, STRIP / region.width);
        int together = rows * Runtime.getRuntime().availableProcessors();
        for (int y = 0; y < region.height; y += together) {
            List<Rectangle> strips = new ArrayList<>();
            for (int from = y; from < Math.min(region.height, y + together); from += rows) {
                strips.add(new Rectangle(region.x, region.y + from, region.width, Math.min(rows, region.height - from)));
            }
            List<PixelPlanes> pixels = Concurrently.map(strips, enlarged::read);
            for (int i = 0; i < strips.size(); i++) {
                sink.write(pixels.get(i), region.x, strips.get(i).y);
            }
            watcher.cancellation().check();
        }
    }

    /** The picture at {@code 2^-scale} of its size. */
    PixelSource enlarged(PixelPlanes small, Rectangle place, int scale) {
        PixelSource enlarged = new Part(small, place, codedWidth(), codedHeight());
        for (int halvings = log2 - 1; halvings >= scale; halvings--) {
            enlarged = new Doubled(enlarged, side(width, halvings), side(height, halvings));
        }
        return enlarged;
    }

    /** A picture of which a part is there. */
    private record Part(PixelPlanes part, Rectangle place, int width, int height) implements PixelSource {

        @Override
        public PixelFormat format() {
            return part.format();
        }

        @Override
        public PixelPlanes read(Rectangle region) {
            return part.crop(new Rectangle(region.x - place.x, region.y - place.y, region.width, region.height));
        }
    }
}
