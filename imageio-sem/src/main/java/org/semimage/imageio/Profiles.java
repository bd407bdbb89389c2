// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.ProfileId;
import org.semimage.profile.Profile;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.lossless.LosslessProfile;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.IIOException;

/** The profiles that this build can encode and decode. */
public final class Profiles {

    private Profiles() {
    }

    /**
     * The profile of an identifier.
     *
     * @throws IIOException if this build knows the profile by name only
     */
    public static Profile of(ProfileId id) throws IIOException {
        return switch (id) {
            case TRANSFORM -> new TransformProfile();
            case LOSSLESS -> new LosslessProfile();
            case GENERATIVE -> new GenerativeProfile();
            case CAPTION, DESCRIPTOR -> new SemanticProfile(id);
        };
    }
}
