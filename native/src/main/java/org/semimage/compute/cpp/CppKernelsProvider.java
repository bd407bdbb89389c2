// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.semimage.compute.backend.KernelsProvider;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.kernel.Kernels;

import java.nio.file.Path;
import java.util.Optional;

/** Offers {@link CppKernels} to {@link org.semimage.compute.backend.Backends}. */
public final class CppKernelsProvider implements KernelsProvider {

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Kernels create() throws UnavailableException {
        return CppKernels.load();
    }

    /** Beside the library, of which another content lies in another folder. */
    @Override
    public Optional<Path> passed() {
        return CppKernels.passed();
    }
}
