// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.generate.Descriptors;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.WholePicture;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.text.TextCodec;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Pictures without pixels: texts and descriptors. */
final class SemanticTargets {

    private static final int MOST_SIDE = 2048;

    /** What is drawn takes longer than what is decoded, so that few are. */
    private static final int MOST_DRAWN = 48;

    private SemanticTargets() {
    }

    /** What is a text comes back as the same bytes, and every string as the same string. */
    static void text(FuzzInput in) throws IOException {
        TextCodec codec = Models.textCodec();
        if (in.flag()) {
            String text = new String(in.rest(), StandardCharsets.UTF_16BE);
            Found.unless(codec.decode(codec.encode(text)).equals(text), "a text does not come back");
            return;
        }
        String text = codec.decode(in.rest());
        Found.unless(text.length() <= TextCodec.MAX_LENGTH, "a text of " + text.length() + " characters");
        Found.unless(codec.decode(codec.encode(text)).equals(text), "a decoded text does not come back");
    }

    /** Numbers are finite, and a prefix says nothing else than the whole. */
    static void descriptors(FuzzInput in) throws IOException {
        int width = 1 + in.below(MOST_SIDE);
        int height = 1 + in.below(MOST_SIDE);
        int cut = in.u8();
        boolean truncated = in.flag();
        byte[] payload = in.rest();
        SemanticProfile profile = new SemanticProfile(ProfileId.DESCRIPTOR);
        SemFile file = file(payload, width, height, truncated);
        Descriptors whole = SemanticProfile.content(file).descriptors().orElseThrow();
        for (float[] plane : whole.layout()) {
            for (float value : plane) {
                Found.unless(Float.isFinite(value), "an amplitude that is no number");
            }
        }
        if (payload.length > 0) {
            prefix(whole, file(Arrays.copyOf(payload, payload.length - Math.min(payload.length, cut)), width, height, true));
        }
        if (width <= MOST_DRAWN && height <= MOST_DRAWN) {
            PixelPlanes drawn = WholePicture.decode(profile, file, SynthesisPolicy.PLAIN, new Watcher() { });
            Found.unless(drawn.width() == width && drawn.height() == height, "a picture of another size");
        }
    }

    private static void prefix(Descriptors whole, SemFile cut) throws IOException {
        Optional<Descriptors> fewer;
        try {
            fewer = SemanticProfile.content(cut).descriptors();
        } catch (IIOException refused) {
            FuzzTarget.checkRefusal(refused);
            return;
        }
        Descriptors less = fewer.orElseThrow();
        Found.unless(less.layoutCount() <= whole.layoutCount() && less.textureCount() <= whole.textureCount(), "a prefix says more");
        for (int c = 0; c < less.layout().length; c++) {
            for (int i = 0; i < less.layout()[c].length; i++) {
                float value = less.layout()[c][i];
                Found.unless(value == 0 || value == whole.layout()[c][i], "a prefix says something else");
            }
        }
    }

    private static SemFile file(byte[] payload, int width, int height, boolean truncated) {
        SemHeader header = new SemHeader(ProfileId.DESCRIPTOR, width, height, PixelFormat.RGB, ModelRef.NONE);
        return new SemFile(header, List.of(new Chunk(Chunk.DESCRIPTORS, payload)), truncated);
    }
}
