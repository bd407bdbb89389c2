// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.ProfileId;

import javax.imageio.IIOException;

/** What the user sees when a profile fails for reasons that are not the picture's. */
final class ProfileFailure {

    private ProfileFailure() {
    }

    /**
     * @param doing   "decode" or "encode"
     * @param failure a {@link RuntimeException}, {@link LinkageError} or {@link OutOfMemoryError}; kept as the cause
     */
    static IIOException wrap(String doing, ProfileId profile, int width, int height, Throwable failure) {
        String reason = failure.toString().lines().findFirst().orElse("unknown failure");
        return new IIOException("cannot " + doing + " " + width + "x" + height + " pixels in profile '" + profile.label() + "': " + reason,
                failure);
    }
}
