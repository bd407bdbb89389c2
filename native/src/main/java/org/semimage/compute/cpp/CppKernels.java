package org.semimage.compute.cpp;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.ByRef;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.CriticalRegion;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Binding of {@code sem/kernels.h} and {@code sem/entropy.h}; its library is built from this class. Callers check the arguments:
 * C++ does not.
 */
@Platform(include = {"sem/kernels.h", "sem/entropy.h"}, compiler = "cpp17", library = "jnisemkernels")
@Namespace("sem")
final class CppKernels {

    private CppKernels() {
    }

    @Name("best_instruction_set")
    static native int bestInstructionSet();

    static native void convolve(int instructionSet, int threads, @Const byte[] weights, int inputs, int outputs, int kernel,
                                @Const byte[] input, int height, int width, int[] sums);

    static native void activate(int instructionSet, @Const int[] sums, @Const byte[] shifts, int channels, int area, byte[] output);

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class EntropyTables extends Pointer {

        EntropyTables(int[] sizes, int[] frequencies) {
            allocate(sizes, frequencies);
        }

        private native void allocate(@Const int[] sizes, @Const int[] frequencies);
    }

    /** Refers to its tables, which must not be freed before. */
    static final class EntropyDecoder extends Pointer {

        EntropyDecoder(EntropyTables tables, int instructionSet, byte[] bytes, int lanes) {
            allocate(tables, instructionSet, bytes, bytes.length, lanes);
        }

        private native void allocate(@Const @ByRef EntropyTables tables, int instructionSet, @Const byte[] bytes, int size, int lanes);

        @CriticalRegion
        native int decode(@Const byte[] scales, int[] symbols, int from, int to);

        @Cast("bool")
        native boolean exhausted();
    }

    /** Refers to its tables, which must not be freed before. */
    static final class EntropyEncoder extends Pointer {

        EntropyEncoder(EntropyTables tables, int lanes) {
            allocate(tables, lanes);
        }

        private native void allocate(@Const @ByRef EntropyTables tables, int lanes);

        @CriticalRegion
        native void push(@Const int[] symbols, @Const byte[] scales, int from, int to);

        native @Cast("int64_t") long size();

        native void write(byte[] out);
    }
}
