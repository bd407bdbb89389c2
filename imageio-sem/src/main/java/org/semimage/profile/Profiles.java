package org.semimage.profile;

import javax.imageio.IIOException;

/** The profiles that this build can encode and decode. */
public final class Profiles {

    private Profiles() {
    }

    /** @throws IIOException if this build knows the profile by name only */
    public static Profile of(ProfileId id) throws IIOException {
        if (id == ProfileId.TRANSFORM) {
            return new TransformProfile();
        }
        if (id == ProfileId.CAPTION || id == ProfileId.DESCRIPTOR) {
            return new SemanticProfile(id);
        }
        throw new IIOException("profile '" + id.label() + "' is not supported by this version");
    }
}
