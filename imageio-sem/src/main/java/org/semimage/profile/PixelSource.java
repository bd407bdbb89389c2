package org.semimage.profile;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/** A picture to encode, of which a profile reads as much at a time as it needs. */
public interface PixelSource {

    int width();

    int height();

    PixelPlanes.Format format();

    /**
     * Part of the picture; a profile may ask for the same part more than once.
     *
     * @param region not empty, inside the picture
     * @throws IIOException if the pixels cannot be had
     */
    PixelPlanes read(Rectangle region) throws IIOException;

    /** The whole picture. @throws IIOException if the pixels cannot be had */
    default PixelPlanes readAll() throws IIOException {
        return read(new Rectangle(width(), height()));
    }

    /** A picture that is already there. */
    static PixelSource of(PixelPlanes planes) {
        return new PixelSource() {
            @Override
            public int width() {
                return planes.width();
            }

            @Override
            public int height() {
                return planes.height();
            }

            @Override
            public PixelPlanes.Format format() {
                return planes.format();
            }

            @Override
            public PixelPlanes read(Rectangle region) {
                return planes.crop(region);
            }
        };
    }
}
