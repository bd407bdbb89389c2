// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

import org.semimage.compute.kernel.Kernels;

import java.nio.file.Path;
import java.util.Optional;

/** Offers an implementation of {@link Kernels}; found by {@link Backends} through {@link java.util.ServiceLoader}. */
public interface KernelsProvider {

    /** The name that forces it, {@code -Dorg.semimage.backend=}, and that its kernels bear. */
    String name();

    /**
     * Makes the kernels ready for use. Called at most once in a process.
     *
     * @throws UnavailableException if this machine or this build lacks what they need
     */
    Kernels create() throws UnavailableException;

    /**
     * A file that is there if the kernels have passed the self-test before, on this machine and with the same code; asked for after
     * {@link #create}. Empty if nothing can be said of earlier processes: then each tests them.
     */
    default Optional<Path> passed() {
        return Optional.empty();
    }
}
