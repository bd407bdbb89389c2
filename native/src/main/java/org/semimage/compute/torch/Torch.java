package org.semimage.compute.torch;

import org.bytedeco.javacpp.Loader;

import java.util.Optional;

/**
 * Whether libtorch is there. Touching this class is what loads it, a second or so; nothing on the way to a picture's size or
 * metadata does.
 */
public final class Torch {

    private static final Throwable FAILURE = load();

    private Torch() {
    }

    private static Throwable load() {
        try {
            Loader.load(org.bytedeco.pytorch.global.torch.class);
            return null;
        } catch (LinkageError | RuntimeException e) {
            return e;
        }
    }

    /** Why libtorch cannot be used, or empty if it can. */
    public static Optional<Throwable> unavailable() {
        return Optional.ofNullable(FAILURE);
    }
}
