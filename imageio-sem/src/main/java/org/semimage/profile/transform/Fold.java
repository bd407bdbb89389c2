// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.container.PixelFormat;
import org.semimage.container.SemHeader;
import org.semimage.container.Slices;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.EncodeOptions.RegionOfInterest;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;

/**
 * How a thin picture is coded: cut along its longer side into slices that lie side by side ({@link Slices}). Other pictures are coded
 * as they are.
 */
record Fold(Slices slices) {

    static Fold of(SemHeader header) {
        return of(header.width(), header.height());
    }

    static Fold of(int width, int height) {
        return new Fold(Slices.of(width, height));
    }

    boolean isFolded() {
        return slices.count() > 1;
    }

    /** Columns of what is coded. */
    int codedWidth() {
        return slices.codedWidth();
    }

    /** Rows of what is coded. */
    int codedHeight() {
        return slices.codedHeight();
    }

    private int width() {
        return slices.width();
    }

    private int height() {
        return slices.height();
    }

    private int length() {
        return slices.length();
    }

    /** The header with the size of what is coded. */
    SemHeader coded(SemHeader header) {
        return new SemHeader(header.profile(), codedWidth(), codedHeight(), header.format(), header.model());
    }

    /** What is coded of a picture; behind the last slice's end its last row or column repeats. */
    PixelSource coded(PixelSource picture) {
        return !isFolded() ? picture : new PixelSource() {
            @Override
            public int width() {
                return codedWidth();
            }

            @Override
            public int height() {
                return codedHeight();
            }

            @Override
            public PixelFormat format() {
                return picture.format();
            }

            @Override
            public PixelPlanes read(Rectangle region) throws IIOException {
                PixelPlanes part = PixelPlanes.blank(region.width, region.height, format());
                for (int slice = 0; slice < slices.count(); slice++) {
                    Rectangle common = codedSlice(slice).intersection(region);
                    if (!common.isEmpty()) {
                        copy(picture, slice, common, part, region);
                    }
                }
                return part;
            }
        };
    }

    private void copy(PixelSource picture, int slice, Rectangle common, PixelPlanes part, Rectangle region) throws IIOException {
        Rectangle wanted = inPicture(slice, common);
        Rectangle there = wanted.intersection(new Rectangle(width(), height()));
        if (there.isEmpty()) {  // behind the end
            there = slices.isUpright() ? new Rectangle(wanted.x, height() - 1, wanted.width, 1)
                    : new Rectangle(width() - 1, wanted.y, 1, wanted.height);
        }
        PixelPlanes from = picture.read(there);
        for (int p = 0; p < part.samples().length; p++) {
            for (int y = 0; y < common.height; y++) {
                int row = Math.min(y, there.height - 1) * there.width;
                int to = (common.y - region.y + y) * region.width + common.x - region.x;
                for (int x = 0; x < common.width; x++) {
                    part.samples()[p][to + x] = from.samples()[p][row + Math.min(x, there.width - 1)];
                }
            }
        }
    }

    /** A sink for parts of the coded picture; hands on those of their pixels that lie in a region of the picture. */
    PixelSink picture(Rectangle region, PixelSink sink) {
        return (part, x, y) -> {
            Rectangle place = new Rectangle(x, y, part.width(), part.height());
            for (int slice = 0; slice < slices.count(); slice++) {
                Rectangle common = codedSlice(slice).intersection(place);
                Rectangle wanted = inPicture(slice, common).intersection(region);
                if (!common.isEmpty() && !wanted.isEmpty()) {
                    Rectangle from = inCoded(slice, wanted);
                    from.translate(-x, -y);
                    sink.write(part.crop(from), wanted.x, wanted.y);
                }
            }
        };
    }

    /** The part of the coded picture that a region of the picture needs. */
    Rectangle coded(Rectangle region) {
        return places(region).stream().reduce(Rectangle::union).orElseThrow();
    }

    /** Regions of interest of the coded picture. */
    List<RegionOfInterest> coded(List<RegionOfInterest> interest) {
        return interest.stream().flatMap(roi -> places(roi.area()).stream()
                .map(place -> new RegionOfInterest(place, roi.gain(), roi.isProtected()))).toList();
    }

    /** Where a region lies in the coded picture, slice by slice. */
    private List<Rectangle> places(Rectangle region) {
        if (!isFolded()) {
            return List.of(region);
        }
        List<Rectangle> places = new ArrayList<>();
        for (int slice = 0; slice < slices.count(); slice++) {
            Rectangle common = inPicture(slice, codedSlice(slice)).intersection(region);
            if (!common.isEmpty()) {
                places.add(inCoded(slice, common));
            }
        }
        return places;
    }

    private Rectangle codedSlice(int slice) {
        return slices.isUpright() ? new Rectangle(slice * width(), 0, width(), length())
                : new Rectangle(0, slice * height(), length(), height());
    }

    private Rectangle inPicture(int slice, Rectangle coded) {
        return moved(coded, slice);
    }

    private Rectangle inCoded(int slice, Rectangle picture) {
        return moved(picture, -slice);
    }

    /** By so many slices: away from the others that it lies beside, and along the picture. */
    private Rectangle moved(Rectangle place, int by) {
        Rectangle moved = new Rectangle(place);
        moved.translate(by * (slices.isUpright() ? -width() : length()), by * (slices.isUpright() ? length() : -height()));
        return moved;
    }
}
