// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.picture.PixelPlanes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal. */
final class Digests {

    private Digests() {
    }

    /** Of some bytes. */
    static String of(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of a picture's samples: pixel by pixel, of a pixel R, G, B or gray, then alpha; one byte each, of 16 bits the higher byte first. */
    static String samples(PixelPlanes picture) {
        return of(bytes(picture, picture.samples()));
    }

    /** Of a picture's alpha plane. */
    static String alpha(PixelPlanes picture) {
        return of(bytes(picture, picture.alpha()));
    }

    private static byte[] bytes(PixelPlanes picture, short[]... planes) {
        boolean wide = picture.format().bitDepth() > 8;
        byte[] bytes = new byte[planes[0].length * planes.length * (wide ? 2 : 1)];
        int at = 0;
        for (int i = 0; i < planes[0].length; i++) {
            for (short[] plane : planes) {
                if (wide) {
                    bytes[at++] = (byte) (plane[i] >> 8);
                }
                bytes[at++] = (byte) plane[i];
            }
        }
        return bytes;
    }
}
