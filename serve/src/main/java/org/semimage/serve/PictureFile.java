// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * A picture that may be served.
 *
 * @param name     as clients call it
 * @param path     the file itself, without symbolic links
 * @param type     its media type
 * @param bytes    its length
 * @param modified when it was changed last
 * @param identity what changes when the file is another
 */
record PictureFile(String name, Path path, String type, long bytes, Instant modified, String identity) {

    /** The media type of the format. */
    static final String SEM = "image/sem";

    private static final int TAG_BYTES = 15;

    static PictureFile of(String name, Path path, String type, BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        return new PictureFile(name, path, type, attributes.size(), modified,
                attributes.fileKey() + "/" + attributes.size() + "/" + modified);
    }

    boolean isSem() {
        return type.equals(SEM);
    }

    /** The strong entity tag of what is made of the file: with quotes, another for another file or other parameters. */
    String tag(String parameters) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((name + "\n" + identity + "\n" + parameters).getBytes(StandardCharsets.UTF_8));
            return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TAG_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
