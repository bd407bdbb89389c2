// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.semimage.container.Chunk;
import org.semimage.container.ProfileId;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;

import javax.imageio.stream.ImageInputStream;
import java.awt.Dimension;
import java.io.IOException;

/**
 * What can be compared of a picture.
 *
 * @param way   where its coded files come from
 * @param size  at which it is coded, upright
 * @param least bytes of its coded files, about
 * @param most  bytes of them
 */
record Subject(Way way, Dimension size, long least, long most) {

    /** Where coded files come from. */
    enum Way {

        /** The picture is a file of the profile transform, which is cut. */
        CUT,

        /** The picture is a file without pixels, which is as large as it is. */
        WHOLE,

        /** The picture is coded anew. */
        CODED
    }

    /** The fewest bytes that make a file with descriptors. */
    private static final int LEAST_CODED = 60;

    /** Pixels a byte of the largest file that is coded: 4 bits per pixel. */
    private static final int PIXELS_A_BYTE = 2;

    /** Bytes of a transform payload that nothing can be decoded without, about. */
    private static final int LEAST_PAYLOAD = 100;

    /**
     * Looks at the head of a picture.
     *
     * @param width at which pictures are compared, at most
     * @throws IOException if it is damaged or too large
     */
    static Subject of(Picture picture, int width, AbortSwitch abort) throws IOException {
        try (ImageInputStream in = picture.open()) {
            Way way = way(picture, in, abort);
            in.seek(0);
            Dimension size = Renditions.withReader(in, abort, reader -> {
                Dimension stored = Renditions.size(reader, picture.maxPixels());
                Orientation orientation = Orientation.of(reader);
                return orientation.upright(way == Way.CODED ? orientation.scaled(stored, width) : stored);
            });
            if (way == Way.CODED) {
                long pixels = (long) size.width * size.height;
                return new Subject(way, size, LEAST_CODED, Math.max(2 * LEAST_CODED, pixels / PIXELS_A_BYTE));
            }
            in.seek(0);
            SemOutline outline = SemParser.outline(in);
            long end = in.getStreamPosition();
            long payload = outline.entries().stream().filter(entry -> entry.tag() == Chunk.TRANSFORM)
                    .mapToLong(SemOutline.Entry::length).sum();
            return new Subject(way, size, Math.min(end, end - payload + LEAST_PAYLOAD), end);
        }
    }

    private static Way way(Picture picture, ImageInputStream in, AbortSwitch abort) throws IOException {
        if (!picture.isSem()) {
            return Way.CODED;
        }
        ProfileId profile = Renditions.withReader(in, abort, reader -> SemParser.parseHeader(in).profile());
        return profile == ProfileId.TRANSFORM ? Way.CUT : profile.isSemantic() ? Way.WHOLE : Way.CODED;
    }
}
