// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds the caption in IPTC's older metadata, the Information Interchange Model. Read leniently, as {@link Exif}. */
public final class Iptc {

    private static final int RESOURCE_SIGNATURE = 0x3842494D; // 8BIM
    private static final int RESOURCE_IIM = 0x0404;
    private static final int DATASET = 0x1C;
    private static final int CHARACTER_SET = 1 << 8 | 90;
    private static final int CAPTION = 2 << 8 | 120;

    private Iptc() {
    }

    /** The caption in a block of Photoshop image resources, as JPEG files hold it behind {@code Photoshop 3.0} and a NUL. */
    public static Optional<String> captionOfResources(byte[] resources) {
        ByteBuffer in = ByteBuffer.wrap(resources);
        while (in.remaining() >= 12 && in.getInt() == RESOURCE_SIGNATURE) {
            int id = in.getShort();
            int name = in.get() & 0xFF;
            skip(in, name + (name + 1 & 1));
            long length = in.remaining() < 4 ? 0 : in.getInt() & 0xFFFFFFFFL;
            if (length > in.remaining()) {
                return Optional.empty();
            }
            if (id == RESOURCE_IIM) {
                byte[] model = new byte[(int) length];
                in.get(model);
                return captionOfModel(model);
            }
            skip(in, length + (length & 1));
        }
        return Optional.empty();
    }

    /** The caption in the model's own bytes, as TIFF files hold them. */
    public static Optional<String> captionOfModel(byte[] model) {
        ByteBuffer in = ByteBuffer.wrap(model);
        Charset charset = StandardCharsets.ISO_8859_1;
        while (in.remaining() >= 5 && in.get() == DATASET) {
            int id = in.getShort();
            int length = in.getShort() & 0xFFFF;
            if (length > in.remaining()) {
                return Optional.empty();
            }
            byte[] value = new byte[length];
            in.get(value);
            if (id == CHARACTER_SET && new String(value, StandardCharsets.ISO_8859_1).equals("\033%G")) {
                charset = StandardCharsets.UTF_8;
            }
            if (id == CAPTION) {
                return Optional.of(new String(value, charset).replace("\0", "").strip()).filter(text -> !text.isEmpty());
            }
        }
        return Optional.empty();
    }

    private static void skip(ByteBuffer in, long bytes) {
        in.position((int) Math.min(in.limit(), in.position() + bytes));
    }
}
