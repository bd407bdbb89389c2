// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

/** A request that is not served as the client wishes, with the answer that says so. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * @param status HTTP's
     * @param text   a line for the client
     */
    Refusal(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
