// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;


/**
 * The short form of the container, for profiles whose whole file is a few dozen bytes: one byte for most sizes, one payload
 * without a tag, a checksum of a byte (FORMAT.md, "Micro form").
 */
final class MicroForm {

    /** Set in the form byte if ancillary chunks and an end byte follow the payload. */
    static final int CHUNKS_FOLLOW = 0x80;

    /** The size code that two numbers follow. */
    static final int EXPLICIT_SIZE = 0;

    private static final int[] LONG_SIDES = {128, 256, 320, 512, 640, 768, 800, 1024, 1280, 1600, 1920, 2048, 3840, 4032};
    private static final int[][] SHAPES = {{1, 1}, {5, 4}, {4, 3}, {3, 2}, {16, 9}, {4, 5}, {3, 4}, {2, 3}, {9, 16}};

    /** The highest size code. */
    static final int MAX_CODE = LONG_SIDES.length * SHAPES.length;

    private MicroForm() {
    }

    /** Whether files of a profile have this form. */
    static boolean isOf(ProfileId profile) {
        return profile.isSemantic();
    }

    /** The tag under which the payload is held in memory; it is not written. */
    static char payloadTag(ProfileId profile) {
        return profile == ProfileId.CAPTION ? Chunk.CAPTION : Chunk.DESCRIPTORS;
    }

    /** Columns and rows of a size code of 1..{@link #MAX_CODE}. */
    static int[] size(int code) {
        int longSide = LONG_SIDES[(code - 1) / SHAPES.length];
        int[] shape = SHAPES[(code - 1) % SHAPES.length];
        int shortSide = (2 * longSide * Math.min(shape[0], shape[1]) / Math.max(shape[0], shape[1]) + 1) / 2;
        return shape[0] >= shape[1] ? new int[] {longSide, shortSide} : new int[] {shortSide, longSide};
    }

    /** The code of a size, {@link #EXPLICIT_SIZE} if it has none. */
    static int code(int width, int height) {
        for (int code = 1; code <= MAX_CODE; code++) {
            int[] size = size(code);
            if (size[0] == width && size[1] == height) {
                return code;
            }
        }
        return EXPLICIT_SIZE;
    }

    /**
     * Checks that the micro form can say what a header does.
     *
     * @throws IllegalArgumentException if a header cannot be written in this form
     */
    static void check(SemHeader header) {
        if (header.format() != PixelFormat.RGB || !header.model().equals(ModelRef.NONE)) {
            throw new IllegalArgumentException("the micro form holds RGB pictures without model only, not " + header);
        }
    }

    /** CRC-8/AUTOSAR: polynomial 0x2F, initial value and final exclusive-or 0xFF, highest bit first. */
    static int checksum(byte[]... parts) {
        int crc = 0xFF;
        for (byte[] part : parts) {
            for (byte b : part) {
                crc ^= b & 0xFF;
                for (int i = 0; i < 8; i++) {
                    crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0x2F) & 0xFF : crc << 1;
                }
            }
        }
        return crc ^ 0xFF;
    }
}
