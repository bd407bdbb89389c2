// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.semimage.compute.backend.KernelsProvider;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.kernel.Kernels;

/** Offers the CUDA kernels on the emulated device, for programs that have this module's test classes on their class path. */
public final class EmulatedKernelsProvider implements KernelsProvider {

    private static final String IMAGE = "emulated\0";

    @Override
    public String name() {
        return "emulated";
    }

    @Override
    public Kernels create() throws UnavailableException {
        Path driver = driver();
        if (!Files.exists(driver)) {
            throw new UnavailableException("there was no g++ to build " + driver);
        }
        return new CudaKernels(driver.toString(), IMAGE.getBytes(StandardCharsets.US_ASCII));
    }

    /** The build puts it beside the test classes. */
    static Path driver() {
        try {
            Path classes = Path.of(EmulatedKernelsProvider.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.resolveSibling("emulated").resolve("libcuda-emulated.so");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the test classes are nowhere", e);
        }
    }
}
