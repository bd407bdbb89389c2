// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import java.util.stream.Stream;

/** Says why a source is put into quarantine. */
final class BadPictureException extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    BadPictureException(Reason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    /** Of a failure; one that is or was caused by a lack of memory has that reason, as readers wrap it. */
    BadPictureException(Reason reason, Throwable cause) {
        super(cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage(), cause);
        boolean memory = Stream.iterate(cause, one -> one != null, Throwable::getCause).anyMatch(OutOfMemoryError.class::isInstance);
        this.reason = memory ? Reason.OUT_OF_MEMORY : reason;
    }

    Reason reason() {
        return reason;
    }
}
