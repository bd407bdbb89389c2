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
 */
public record ServeOptions(Path folder, String host, int port, Duration maxAge, Limits limits) {

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
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port + ", not 0..65535");
        }
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("the age is negative");
        }
    }
}
