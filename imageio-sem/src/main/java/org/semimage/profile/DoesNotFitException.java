// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import javax.imageio.IIOException;

/** No file of a profile is as small as asked for. */
public final class DoesNotFitException extends IIOException {

    private static final long serialVersionUID = 1;

    /** @param message says how small the smallest file is */
    public DoesNotFitException(String message) {
        super(message);
    }

    /** What is said of a caption whose file takes more bytes than it may. */
    public static DoesNotFitException ofCaption(int most, int bytes) {
        return new DoesNotFitException("the caption does not fit into " + most + " bytes; the file takes " + bytes);
    }
}
