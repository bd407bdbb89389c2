// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

/** Kernels that this machine or this build cannot run. The message says what is missing, down to the first cause. */
public final class UnavailableException extends Exception {

    /**
     * Says what is missing, without a cause.
     *
     * @param message what is missing, for a user to read
     */
    public UnavailableException(String message) {
        super(message);
    }

    /**
     * Says what is missing, and why.
     *
     * @param message what is missing, for a user to read; messages of the cause and its causes follow it
     */
    public UnavailableException(String message, Throwable cause) {
        super(message + reasons(cause), cause);
    }

    /** Each cause, unless one before it has said the same. */
    private static String reasons(Throwable failure) {
        StringBuilder reasons = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (reasons.indexOf(cause.toString()) < 0) {
                reasons.append(": ").append(cause);
            }
        }
        return reasons.toString();
    }
}
