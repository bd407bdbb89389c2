// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What a server serves, and where.
 *
 * @param folder the folder of the pictures; what lies outside it is never served
 * @param host   the address to listen at
 * @param port   0 for one that is free
 * @param maxAge how long clients may keep an answer without asking again
 * @param limits what the server does at most
 * @param uploads what clients may send
 */
public record ServeOptions(Path folder, String host, int port, Duration maxAge, Limits limits, Uploads uploads) {

    /**
     * Which pictures clients may send. They are kept in memory alone.
     *
     * @param pictures that are kept at once; 0 if clients may send none
     * @param bytes    the most of a picture
     * @param total    the most bytes of all that are kept
     * @param life     how long each is kept
     */
    public record Uploads(int pictures, int bytes, long total, Duration life) {

        /** Clients may send none. */
        public static final Uploads NONE = new Uploads(0, 0, 0, Duration.ofMinutes(10));

        /** 16 pictures of 16 MiB, 64 MiB together, for 10 minutes. */
        public static final Uploads DEFAULT = new Uploads(16, 1 << 24, 1 << 26, Duration.ofMinutes(10));

        /** @throws IllegalArgumentException if a number is negative, or the time shorter than a millisecond */
        public Uploads {
            if (pictures < 0 || bytes < 0 || total < 0 || life.toMillis() < 1) {
                throw new IllegalArgumentException("numbers of uploads are not negative, and kept for a millisecond at least");
            }
        }
    }

    /**
     * What the server does at most.
     *
     * @param decodings   pictures that are decoded at once, at least 1
     * @param waiting     requests that wait for a decoding, at least 1; more are refused
     * @param timeout     how long a request may wait and be decoded, together
     * @param stopTimeout how long a server that stops lets requests finish
     * @param maxWidth    the widest picture that is made, in pixels
     */
    public record Limits(int decodings, int waiting, Duration timeout, Duration stopTimeout, int maxWidth) {

        /** As many decodings as processors, 64 requests that wait, 30 seconds, 20 to stop, 4096 pixels. */
        public static final Limits DEFAULT = new Limits(Runtime.getRuntime().availableProcessors(), 64, Duration.ofSeconds(30),
                Duration.ofSeconds(20), 4096);

        /** @throws IllegalArgumentException if a number or a time is not positive */
        public Limits {
            if (decodings < 1 || waiting < 1 || maxWidth < 1) {
                throw new IllegalArgumentException("decodings, waiting requests and width must be at least 1");
            }
            if (timeout.toMillis() < 1 || stopTimeout.toMillis() < 1) {
                throw new IllegalArgumentException("times must be at least a millisecond");
            }
        }
    }

    /** @throws IllegalArgumentException if the port is none, or the age negative */
    public ServeOptions {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(uploads, "uploads");
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port + ", not 0..65535");
        }
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("the age is negative");
        }
    }
}
