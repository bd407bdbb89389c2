// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.javacpp.Loader;
import org.semimage.compute.NativeLibraries;
import org.semimage.compute.backend.UnavailableException;

import java.io.IOException;
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
            NativeLibraries.chooseFolder();
            NativeLibraries.uninterrupted(() -> {
                extractAll();
                return Loader.load(org.bytedeco.pytorch.global.torch.class);
            });
            return null;
        } catch (LinkageError | IOException | RuntimeException e) {
            return new UnavailableException("libtorch does not load", e);
        }
    }

    /**
     * Extracts libtorch's libraries before any is loaded. The loader extracts them one by one as it loads; libtorch.so would then
     * find a libtorch_cpu.so of the system's, of any version, before its own is there, and crash the process.
     */
    private static void extractAll() throws IOException {
        for (String extension : new String[] {"", "-gpu"}) {
            Loader.cacheResources(org.bytedeco.pytorch.global.torch.class, "/org/bytedeco/pytorch/" + Loader.getPlatform() + extension
                    + "/");
        }
    }

    /** Why libtorch cannot be used, or empty if it can. */
    public static Optional<Throwable> unavailable() {
        return Optional.ofNullable(FAILURE);
    }

    /**
     * Returns if libtorch can be used.
     *
     * @throws IllegalStateException if libtorch cannot be used; its cause says why
     */
    static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException("these networks need libtorch: " + FAILURE.getMessage(), FAILURE);
        }
    }
}
