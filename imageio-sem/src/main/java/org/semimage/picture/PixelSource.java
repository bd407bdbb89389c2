// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/** A picture to encode, of which a profile reads as much at a time as it needs; {@link PixelPlanes} are one that is there already. */
public interface PixelSource {

    /** {@link #readAll} reads about so many pixels at a time. */
    int READ_PIXELS = 1 << 18;

    /** Columns, at least 1. */
    int width();

    /** Rows, at least 1. */
    int height();

    /** Of all parts that {@link #read} gives. */
    PixelFormat format();

    /**
     * Part of the picture; a profile may ask for the same part more than once.
     *
     * @param region not empty, inside the picture
     * @throws IIOException if the pixels cannot be had
     */
    PixelPlanes read(Rectangle region) throws IIOException;

    /**
     * The whole picture.
     *
     * @throws IIOException if the pixels cannot be had
     * @throws java.util.concurrent.CancellationException if the request is made before all is read
     */
    default PixelPlanes readAll(Cancellation cancellation) throws IIOException {
        short[][] samples = new short[format().planes()][];
        for (int p = 0; p < samples.length; p++) {
            cancellation.check();
            samples[p] = new short[Math.multiplyExact(width(), height())];
        }
        PixelPlanes all = new PixelPlanes(width(), height(), format(), samples);
        PixelSink sink = PixelSink.into(all, 0, 0);
        int rows = Math.max(1, READ_PIXELS / width());
        for (int y = 0; y < height(); y += rows) {
            cancellation.check();
            sink.write(read(new Rectangle(0, y, width(), Math.min(rows, height() - y))), 0, y);
        }
        return all;
    }

    /** A picture that is already there, as a source. */
    static PixelSource of(PixelPlanes planes) {
        return planes;
    }
}
