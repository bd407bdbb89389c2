// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.semimage.compute.backend.KernelsProvider;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.kernel.Kernels;

/** Offers {@link CudaKernels} to {@link org.semimage.compute.backend.Backends} where there is an NVIDIA driver. Linux only. */
public final class CudaKernelsProvider implements KernelsProvider {

    /** Built from {@code kernels.cu} if there was an nvcc. */
    private static final String IMAGE = "kernels.fatbin";

    private static final String DRIVER = "libcuda.so.1";
    private static final Path DRIVER_VERSION = Path.of("/proc/driver/nvidia/version");
    private static final Path WSL_DEVICE = Path.of("/dev/dxg");

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Kernels create() throws UnavailableException {
        if (!Files.exists(DRIVER_VERSION) && !Files.exists(WSL_DEVICE)) {
            throw new UnavailableException("there is no NVIDIA driver: neither " + DRIVER_VERSION + " nor " + WSL_DEVICE + " exists");
        }
        return new CudaKernels(DRIVER, image());
    }

    private static byte[] image() throws UnavailableException {
        try (InputStream in = CudaKernelsProvider.class.getResourceAsStream(IMAGE)) {
            if (in == null) {
                throw new UnavailableException("it was built without nvcc");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UnavailableException("its kernels cannot be read", e);
        }
    }
}
