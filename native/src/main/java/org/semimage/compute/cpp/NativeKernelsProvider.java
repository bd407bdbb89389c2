package org.semimage.compute.cpp;

import org.semimage.compute.Kernels;
import org.semimage.compute.KernelsProvider;
import org.semimage.compute.UnavailableException;

/** Offers {@link NativeKernels} to {@link org.semimage.compute.Backends}. */
public final class NativeKernelsProvider implements KernelsProvider {

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Kernels create() throws UnavailableException {
        return NativeKernels.load();
    }
}
