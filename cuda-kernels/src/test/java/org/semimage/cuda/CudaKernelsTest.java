// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.entropy.EntropyCoderTest;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.kernel.KernelsTest;
import org.semimage.compute.prior.PriorLevelsTest;

/** The kernels on a device where there is one, and everywhere on a driver that emulates one. */
class CudaKernelsTest {

    private static final Path EMULATED_DRIVER = EmulatedKernelsProvider.driver();

    private static void assumeEmulatedDriver() {
        assumeTrue(Files.exists(EMULATED_DRIVER), "There was no g++ to build the emulated driver");
    }

    private static CudaKernels emulated(String image) throws UnavailableException {
        return new CudaKernels(EMULATED_DRIVER.toString(), (image + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    private static Kernels onDevice() {
        try {
            return Backends.of("cuda");
        } catch (IllegalStateException e) {
            return abort(e.getMessage());
        }
    }

    private static CudaKernels shared;

    private static Kernels onEmulatedDevice() {
        assumeEmulatedDriver();
        if (shared == null) {
            try {
                shared = emulated("emulated");
            } catch (UnavailableException e) {
                throw new AssertionError(e);
            }
        }
        return shared;
    }

    /** The emulated driver aborts the process if device memory is left. */
    @AfterAll
    static void close() {
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }

    @Nested
    class LayersOnDevice extends KernelsTest {

        @Override
        protected Kernels kernels() {
            return onDevice();
        }

        @Override
        protected String name() {
            return "cuda";
        }
    }

    @Nested
    class EntropyCoderOnDevice extends EntropyCoderTest {

        @Override
        protected Kernels kernels() {
            return onDevice();
        }
    }

    @Nested
    class PriorLevelsOnDevice extends PriorLevelsTest {

        @Override
        protected Kernels kernels() {
            return onDevice();
        }
    }

    @Nested
    class EmulatedConvolutions extends KernelsTest {

        @Override
        protected Kernels kernels() {
            return onEmulatedDevice();
        }

        @Override
        protected String name() {
            return "cuda";
        }
    }

    @Nested
    class EmulatedEntropyCoder extends EntropyCoderTest {

        @Override
        protected Kernels kernels() {
            return onEmulatedDevice();
        }
    }

    @Nested
    class EmulatedPriorLevels extends PriorLevelsTest {

        @Override
        protected Kernels kernels() {
            return onEmulatedDevice();
        }
    }

    @Test
    void anImageThatTheDriverRefusesIsUnavailable() {
        assumeEmulatedDriver();
        UnavailableException e = assertThrows(UnavailableException.class, () -> emulated("nonsense").close());
        assertTrue(e.getMessage().contains("cuModuleLoadData: CUDA_ERROR_INVALID_VALUE (1)"), e.getMessage());
    }

    @Test
    void aMissingDriverIsUnavailable() {
        UnavailableException e = assertThrows(UnavailableException.class, () -> new CudaKernels("/nowhere/libcuda.so.1", new byte[1]));
        assertTrue(e.getMessage().contains("CUDA"), e.getMessage());
    }

    @Test
    void withoutDriverTheBackendSaysSo() {
        assumeTrue(!Files.exists(Path.of("/proc/driver/nvidia/version")) && !Files.exists(Path.of("/dev/dxg")), "there is a driver");
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Backends.of("cuda"));
        assertTrue(e.getMessage().startsWith("Backend 'cuda' is not available: there is no NVIDIA driver"), e.getMessage());
    }

    @Test
    void saysWhichDeviceItUses() throws UnavailableException {
        assumeEmulatedDriver();
        try (CudaKernels kernels = emulated("emulated")) {
            assertEquals("cuda (emulated)", kernels.toString());
        }
    }
}
