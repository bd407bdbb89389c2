// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** A picture that clients may ask for: a file of the folder, or one that was uploaded. */
interface Picture {

    /** The media type of the format. */
    String SEM = "image/sem";

    /** Bytes of a digest that tags keep. */
    int TAG_BYTES = 15;

    /** As clients call it. */
    String name();

    /** As texts for people call it. */
    String title();

    /** Whether others may see it, caches among them. */
    boolean isPublic();

    /** Its media type. */
    String type();

    /** Its length. */
    long bytes();

    /** When it was changed last. */
    Instant modified();

    /** What changes when the picture is another. */
    String identity();

    /** What it shows, if that was said beside it. */
    default Optional<String> caption() {
        return Optional.empty();
    }

    /** The most pixels of which it is decoded. */
    long maxPixels();

    /**
     * The bytes, from the first on.
     *
     * @throws IOException if they cannot be read
     */
    ImageInputStream open() throws IOException;

    /** Whether it is a SEM file. */
    default boolean isSem() {
        return type().equals(SEM);
    }

    /** The strong entity tag of what is made of the picture: with quotes, another for another picture or other parameters. */
    default String tag(String parameters) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((name() + "\n" + identity() + "\n" + parameters).getBytes(StandardCharsets.UTF_8));
            return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TAG_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
