// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds the name that an ICC profile gives itself. Read leniently, as {@link Exif}. */
public final class IccDescription {

    private static final int TAG_COUNT = 128;
    private static final int DESCRIPTION = 0x64657363; // desc
    private static final int LOCALIZED = 0x6D6C7563; // mluc
    private static final int MAX_TAGS = 1000;

    private IccDescription() {
    }

    /** The description of an ICC profile, any bytes, in its first language; empty if it has none. */
    public static Optional<String> of(byte[] profile) {
        ByteBuffer in = ByteBuffer.wrap(profile);
        int tags = in.capacity() < TAG_COUNT + 4 ? 0 : Math.min(in.getInt(TAG_COUNT) & 0x7FFFFFFF, MAX_TAGS);
        for (int at = TAG_COUNT + 4; tags > 0 && at + 12 <= in.capacity(); at += 12, tags--) {
            if (in.getInt(at) == DESCRIPTION) {
                return text(in, in.getInt(at + 4) & 0xFFFFFFFFL);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(ByteBuffer in, long at) {
        if (at + 28 > in.capacity()) {
            return Optional.empty();
        }
        boolean localized = in.getInt((int) at) == LOCALIZED;
        long length = in.getInt((int) at + (localized ? 20 : 8)) & 0xFFFFFFFFL;
        long from = at + (localized ? in.getInt((int) at + 24) & 0xFFFFFFFFL : 12);
        if (from + length > in.capacity()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[(int) length];
        in.get((int) from, bytes);
        String text = new String(bytes, localized ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1).replace("\0", "").strip();
        return Optional.of(text).filter(name -> !name.isEmpty());
    }
}
