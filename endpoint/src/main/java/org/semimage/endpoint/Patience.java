// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import org.semimage.compute.Cancellation;

import java.io.InterruptedIOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before a call is made again. */
final class Patience {

    /** How often a waiting thread looks whether it should stop. */
    static final long LOOK_MILLIS = 10;

    private static final long FIRST_MILLIS = 500;
    private static final long MOST_MILLIS = 16_000;

    private Patience() {
    }

    /**
     * The wait before another attempt: twice as long each time, of which chance takes up to a half, so that callers who failed together
     * do not come back together.
     *
     * @param attempt how many were made
     */
    static Duration before(int attempt) {
        long most = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    /** What the header {@code Retry-After} asks for, in seconds or as a date; absent if it says nothing that makes sense. */
    static Optional<Duration> asked(HttpHeaders headers, ZonedDateTime now) {
        Optional<String> said = headers.firstValue("Retry-After").map(String::strip);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        if (said.get().matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Integer.parseInt(said.get())));
        }
        try {
            Duration until = Duration.between(now, ZonedDateTime.parse(said.get(), DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Waits.
     *
     * @throws java.util.concurrent.CancellationException if the request to stop is made
     * @throws InterruptedIOException if the thread is interrupted, which it stays
     */
    static void pause(Duration wait, Cancellation cancellation) throws InterruptedIOException {
        long end = System.nanoTime() + wait.toNanos();
        try {
            for (long left = wait.toNanos(); left > 0; left = end - System.nanoTime()) {
                cancellation.check();
                Thread.sleep(Math.min(LOOK_MILLIS, left / 1_000_000 + 1));
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** What a thread that was interrupted throws; it stays interrupted. */
    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
