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

    /** The same of a file in which other things than the picture take so many bytes, of all that are asked for. */
    public DoesNotFitException beside(long others, int all) {
        return new DoesNotFitException(getMessage() + "; of the " + all + " bytes asked for, metadata takes " + others);
    }
}
