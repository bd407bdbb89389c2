// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import javax.imageio.IIOException;
import java.nio.ByteBuffer;

/**
 * The file of a thumbnail, of which the header is known to be good.
 *
 * @param bytes    a PNG or JPEG file
 * @param isPng    whether it is a PNG file
 * @param width    1..{@link #MAX_SIDE}
 * @param height   1..{@link #MAX_SIDE}
 */
public record ThumbnailFile(byte[] bytes, boolean isPng, int width, int height) {

    /** The longest side that a thumbnail may have (FORMAT.md, "Thumbnail"). */
    public static final int MAX_SIDE = 512;

    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int PNG_HEADER = 0x49484452; // IHDR
    private static final int PNG_SIZE = 16;

    private static final int JPEG_SIGNATURE = 0xFFD8;
    private static final int START_OF_SCAN = 0xDA;

    /**
     * Reads a file's header.
     *
     * @throws IIOException if it is neither PNG nor JPEG, ends within its header, or is too large
     */
    public static ThumbnailFile of(byte[] file) throws IIOException {
        ByteBuffer in = ByteBuffer.wrap(file);
        boolean isPng = file.length >= Long.BYTES && in.getLong(0) == PNG_SIGNATURE;
        if (!isPng && (file.length < 2 || (in.getShort(0) & 0xFFFF) != JPEG_SIGNATURE)) {
            throw new IIOException("is neither a JPEG nor a PNG file");
        }
        long width = 0;
        long height = 0;
        int frame = isPng ? -1 : frame(in);
        if (isPng && file.length >= PNG_SIZE + 2 * Integer.BYTES && in.getInt(PNG_SIZE - Integer.BYTES) == PNG_HEADER) {
            width = in.getInt(PNG_SIZE) & 0xFFFFFFFFL;
            height = in.getInt(PNG_SIZE + Integer.BYTES) & 0xFFFFFFFFL;
        } else if (frame > 0 && frame + 7 <= file.length) {
            height = in.getShort(frame + 3) & 0xFFFF;
            width = in.getShort(frame + 5) & 0xFFFF;
        }
        if (width == 0 || height == 0) {
            throw new IIOException("is a thumbnail without a size");
        }
        if (Math.max(width, height) > MAX_SIDE) {
            throw new IIOException("is a thumbnail of " + width + "x" + height + " pixels, at most " + MAX_SIDE + " to the side expected");
        }
        return new ThumbnailFile(file, isPng, (int) width, (int) height);
    }

    /** Where the segment of a JPEG file's frame begins, behind its marker; -1 if it is not there. */
    private static int frame(ByteBuffer in) {
        int at = 2;
        while (at + 4 <= in.capacity() && (in.get(at) & 0xFF) == 0xFF) {
            int marker = in.get(at + 1) & 0xFF;
            boolean isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (isFrame || marker == START_OF_SCAN) {
                return isFrame ? at + 2 : -1;
            }
            // Markers may be padded, and those of 01 and D0..D7 stand alone.
            boolean alone = marker == 0xFF || marker == 0x01 || marker >= 0xD0 && marker <= 0xD7;
            at += marker == 0xFF ? 1 : alone ? 2 : 2 + (in.getShort(at + 2) & 0xFFFF);
        }
        return -1;
    }
}
