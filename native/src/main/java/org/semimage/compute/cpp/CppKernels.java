package org.semimage.compute.cpp;

import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** Binding of {@code sem/kernels.h}; its library is built from this class. Callers check the arguments: C++ does not. */
@Platform(include = "sem/kernels.h", compiler = "cpp17", library = "jnisemkernels")
@Namespace("sem")
final class CppKernels {

    private CppKernels() {
    }

    @Name("best_instruction_set")
    static native int bestInstructionSet();

    static native void convolve(int instructionSet, int threads, @Const byte[] weights, int inputs, int outputs, int kernel,
                                @Const byte[] input, int height, int width, int[] sums);

    static native void activate(int instructionSet, @Const int[] sums, @Const byte[] shifts, int channels, int area, byte[] output);
}
