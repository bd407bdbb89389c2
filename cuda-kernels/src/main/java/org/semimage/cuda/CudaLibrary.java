// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.ByRef;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;
import org.semimage.compute.NativeLibraries;

/**
 * Binding of {@code cuda_device.h}, {@code cuda_entropy.h} and {@code cuda_prior.h}; its library is built from this class. Callers
 * check the arguments: C++ does not. What is on the device is freed by {@link Pointer#close}, or by the garbage collector; objects made
 * of others keep what they need of them.
 */
@Platform(include = "cuda_prior.h", compiler = "cpp17", link = "dl", library = "jnisemcuda")
@Namespace("sem")
final class CudaLibrary {

    private CudaLibrary() {
    }

    /** The first device. */
    static final class CudaDevice extends Pointer {

        static {
            NativeLibraries.load(CudaLibrary.class);
        }

        CudaDevice(String driverPath, byte[] image) {
            allocate(driverPath, image);
        }

        private native void allocate(String driverPath, @Const byte[] image);

        native @Cast("const char*") String name();

        native void convolve(@Const byte[] weights, int inputs, int outputs, int kernel, @Const byte[] input, int height, int width,
                             int[] sums);

        native void activate(@Const int[] sums, @Const byte[] shifts, int channels, int area, byte[] output);
    }

    /** The scale tables. */
    static final class CudaTables extends Pointer {

        CudaTables(CudaDevice device, int[] sizes, int[] frequencies, float[] costs, int quantizers) {
            allocate(device, sizes, frequencies, costs, quantizers);
        }

        private native void allocate(@Const @ByRef CudaDevice device, @Const int[] sizes, @Const int[] frequencies, @Const float[] costs,
                                     int quantizers);
    }

    /** A stream's decoder. */
    static final class CudaDecoder extends Pointer {

        CudaDecoder(CudaTables tables, byte[] bytes, int lanes) {
            allocate(tables, bytes, bytes.length, lanes);
        }

        private native void allocate(@Const @ByRef CudaTables tables, @Const byte[] bytes, int size, int lanes);

        native int decode(@Const byte[] scaleIndices, int[] symbols, int size);

        native @Cast("bool") boolean exhausted();
    }

    /** Streams that are encoded. */
    static final class CudaStreams extends Pointer {

        CudaStreams(CudaTables tables, int[] symbols, byte[] rows, int[] sizes, int[] counts, int[] lanes) {
            allocate(tables, symbols, rows, symbols.length, sizes, counts, lanes, lanes.length);
        }

        private native void allocate(@Const @ByRef CudaTables tables, @Const int[] symbols, @Const byte[] rows, int symbolCount,
                                     @Const int[] sizes, @Const int[] counts, @Const int[] lanes, int size);

        native @Cast("int64_t") long size(int i);

        native void write(int i, byte[] out);
    }

    /** The prior's weights and levels. */
    static final class CudaPrior extends Pointer {

        CudaPrior(CudaTables tables, byte[] compand, int[] low) {
            allocate(tables, compand, low);
        }

        private native void allocate(@Const @ByRef CudaTables tables, @Const byte[] compand, @Const int[] low);

        @Name("add_context")
        native void addContext(int level, @Const byte[] weights, int inputs, int outputs, @Const int[] bias, @Const byte[] shifts,
                               @Const byte[] qualityBias);

        @Name("add_symbol_step")
        native void addSymbolStep(int level, @Const int[] channels, int count, @Const byte[] hiddenWeights, int hidden,
                                  @Const int[] hiddenBias, @Const byte[] hiddenShifts, @Const byte[] outWeights, @Const int[] outBias,
                                  @Const byte[] outShifts, @Const byte[] symbols);

        @Name("add_up")
        native void addUp(int level, @Const byte[] hiddenWeights, int hidden, @Const int[] hiddenBias, @Const byte[] hiddenShifts,
                          @Const byte[] outWeights, int outputs, @Const int[] outBias, @Const byte[] outShifts);

        native void run(int level, int count, @Const int[] shapes, @Const float[] lambdas, @Cast("const int64_t*") long[] decoders,
                        @Const byte[] contexts, float[] bands, int[] symbols, byte[] rows, byte[] next);
    }
}
