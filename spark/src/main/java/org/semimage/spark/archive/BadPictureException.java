// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

/** Says why a source is put into quarantine. */
final class BadPictureException extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    BadPictureException(Reason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    BadPictureException(Reason reason, Throwable cause) {
        super(cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage(), cause);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
