// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import javax.imageio.IIOException;

/** A key that opens an endpoint. It leaves this object in a request's header alone. */
final class ApiKey {

    private static final String MASK = "(key)";

    private final String secret;

    private ApiKey(String secret) {
        this.secret = secret;
    }

    /**
     * A key as it stands in the environment.
     *
     * @param variable where it stands there, for messages
     * @throws IIOException if it is none that a header can hold; the message does not tell it
     */
    static ApiKey of(String value, String variable) throws IIOException {
        String secret = value.strip();
        if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IIOException("environment variable " + variable + " is no key: empty, or not of printable ASCII without spaces");
        }
        return new ApiKey(secret);
    }

    /** What the header {@code Authorization} says. */
    String authorization() {
        return "Bearer " + secret;
    }

    /** A text that somebody sent, without the key in it. */
    String maskedIn(String text) {
        return text.replace(secret, MASK);
    }

    @Override
    public String toString() {
        return MASK;
    }
}
