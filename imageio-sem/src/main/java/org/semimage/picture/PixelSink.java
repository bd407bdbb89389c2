// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/** Where a profile puts decoded pixels, part by part. */
@FunctionalInterface
public interface PixelSink {

    /**
     * @param part pixels in the picture's format, good until the call ends
     * @param x    column of the decoded picture (at the scale asked for) of the part's first column
     * @param y    row of the decoded picture of the part's first row
     * @throws IIOException if they cannot be taken
     */
    void write(PixelPlanes part, int x, int y) throws IIOException;

    /** Puts parts into a picture whose first sample is the decoded picture's at a place. */
    static PixelSink into(PixelPlanes picture, int left, int top) {
        return (part, x, y) -> {
            Rectangle common = new Rectangle(x - left, y - top, part.width(), part.height())
                    .intersection(new Rectangle(picture.width(), picture.height()));
            for (int p = 0; p < part.samples().length; p++) {
                for (int row = common.y; row < common.y + common.height; row++) {
                    System.arraycopy(part.samples()[p], (row + top - y) * part.width() + common.x + left - x,
                            picture.samples()[p], row * picture.width() + common.x, common.width);
                }
            }
        };
    }
}
