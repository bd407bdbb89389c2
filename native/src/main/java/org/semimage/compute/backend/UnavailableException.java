// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

/** Kernels that this machine or this build cannot run; the message says what is missing. */
public final class UnavailableException extends Exception {

    public UnavailableException(String message) {
        super(message);
    }

    public UnavailableException(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
