// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.generate.Services;
import org.semimage.generate.SourceType;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.container.ProfileId;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.profile.transform.TransformPayload;

import java.io.IOException;
import java.util.Optional;

/** What a reader says of a picture: its ancillary chunks and, of one whose pixels are made up, what its payload says. */
final class PictureMetadata {

    private PictureMetadata() {
    }

    /**
     * A picture's metadata. The coded pixels are loaded only where words stand in their place.
     *
     * @throws IOException if the picture is malformed, or the stream fails
     */
    static SemMetadata of(StoredPicture picture) throws IOException {
        ProfileId profile = picture.header().profile();
        boolean allowed = SynthesisPolicy.current() == SynthesisPolicy.ALLOW;
        if (profile == ProfileId.GENERATIVE && allowed) {
            SemFile file = picture.file(Cancellation.NEVER);
            SemMetadata plain = SemMetadata.of(file.header(), picture.entries(), picture.ancillary());
            return GenerativeProfile.usesDiffusion(file)
                    ? plain.synthesized(SourceType.COMPOSITE_TRAINED, GenerativeProfile.caption(file)) : plain;
        }
        if (profile.isSemantic()) {
            SemFile file = picture.file(Cancellation.NEVER);
            Optional<String> caption = SemanticProfile.content(file).caption();
            return SemMetadata.of(file.header(), picture.entries(), picture.ancillary())
                    .synthesized(SourceType.of(profile, allowed && isTrained(caption)), caption);
        }
        SemMetadata stored = SemMetadata.of(picture.header(), picture.entries(), picture.ancillary());
        return allowed && isRendered(picture) ? stored.synthesized(SourceType.COMPOSITE_TRAINED, Optional.empty()) : stored;
    }

    /** Whether a trained model makes the pixels of a file that has none, if that is allowed. */
    private static boolean isTrained(Optional<String> caption) {
        return Services.hasGenerator(caption) || SemImageReadParam.currentFidelity() > 0;
    }

    private static boolean isRendered(StoredPicture picture) throws IOException {
        SemHeader header = picture.header();
        if (header.profile() != ProfileId.TRANSFORM || SemImageReadParam.currentFidelity() == 0) {
            return false;
        }
        return picture.entries().stream().anyMatch(entry -> TransformPayload.isRendered(header, entry));
    }
}
