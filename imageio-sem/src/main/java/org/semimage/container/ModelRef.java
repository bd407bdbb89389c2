// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.util.HexFormat;

/**
 * The model pack that a payload needs: none, an embedded pack by number, or any pack by the first eight bytes of its
 * manifest's SHA-256.
 *
 * @param number 0 for none, 1..254 for an embedded pack, 255 for a digest
 * @param digest the first eight digest bytes, big-endian; 0 unless {@code number} is 255
 */
public record ModelRef(int number, long digest) {

    /** Of pictures that need no pack. */
    public static final ModelRef NONE = new ModelRef(0, 0);

    /** The embedded pack of the transform profile that is tuned for the eye. */
    public static final ModelRef PERCEPTUAL = new ModelRef(3, 0);

    static final int BY_DIGEST = 255;

    /**
     * Checks number and digest.
     *
     * @throws IllegalArgumentException if the number is not a byte, or a digest comes with another number than 255
     */
    public ModelRef {
        if (number < 0 || number > BY_DIGEST || number != BY_DIGEST && digest != 0) {
            throw new IllegalArgumentException("model " + number + ", digest " + Long.toHexString(digest));
        }
    }

    /** An embedded pack, 1..254. */
    public static ModelRef embedded(int number) {
        return new ModelRef(number, 0);
    }

    /**
     * A reference to an installed pack.
     *
     * @param digest the first eight bytes of the SHA-256 of an installed pack's manifest, big-endian
     */
    public static ModelRef ofDigest(long digest) {
        return new ModelRef(BY_DIGEST, digest);
    }

    /** Spelled out, as what a record has by itself takes a process that has just begun long to make. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ModelRef ref && number == ref.number && digest == ref.digest;
    }

    @Override
    public int hashCode() {
        return 31 * number + Long.hashCode(digest);
    }

    @Override
    public String toString() {
        return switch (number) {
            case 0 -> "none";
            case BY_DIGEST -> "sha256:" + HexFormat.of().toHexDigits(digest);
            default -> "embedded:" + number;
        };
    }
}
