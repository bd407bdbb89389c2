package org.semimage.compute.cpp;

import org.bytedeco.javacpp.Loader;
import org.semimage.compute.IntConv;
import org.semimage.compute.KernelArguments;
import org.semimage.compute.Kernels;
import org.semimage.compute.UnavailableException;

/**
 * The kernels in C++: AVX2 or AVX-512 with VNNI where the processor has them, plain C++ elsewhere.
 *
 * <p>A call may use several threads, at most one per processor, which end with it. Arrays are copied on the way in, and the
 * results on the way out.
 */
public final class NativeKernels implements Kernels {

    /** What the library chooses its inner loops by; the ordinals are those of {@code sem::InstructionSet}. */
    enum InstructionSet { PORTABLE, AVX2, AVX512_VNNI }

    private static final class Library {
        static final InstructionSet BEST;
        static final LinkageError FAILURE;

        static {
            InstructionSet best = null;
            LinkageError failure = null;
            try {
                Loader.load(CppKernels.class);
                best = InstructionSet.values()[CppKernels.bestInstructionSet()];
            } catch (LinkageError e) {
                failure = e;
            }
            BEST = best;
            FAILURE = failure;
        }
    }

    private final InstructionSet instructionSet;

    private NativeKernels(InstructionSet instructionSet) {
        this.instructionSet = instructionSet;
    }

    /**
     * The kernels for this processor.
     *
     * @throws UnavailableException if there is no library for this platform, or it does not load
     */
    public static NativeKernels load() throws UnavailableException {
        return new NativeKernels(best());
    }

    /** The kernels with an instruction set that may be less than the processor's. */
    static NativeKernels load(InstructionSet instructionSet) throws UnavailableException {
        if (instructionSet.compareTo(best()) > 0) {
            throw new UnavailableException("this processor has no " + instructionSet);
        }
        return new NativeKernels(instructionSet);
    }

    private static InstructionSet best() throws UnavailableException {
        if (Library.FAILURE != null) {
            throw new UnavailableException("the C++ library is not there or does not load", Library.FAILURE);
        }
        return Library.BEST;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums) {
        KernelArguments.checkConvolve(conv, input, height, width, sums);
        CppKernels.convolve(instructionSet.ordinal(), Runtime.getRuntime().availableProcessors(),
                conv.weights(), conv.inputs(), conv.outputs(), conv.kernel(), input, height, width, sums);
    }

    @Override
    public void activate(int[] sums, byte[] shifts, int area, byte[] output) {
        KernelArguments.checkActivate(sums, shifts, area, output);
        CppKernels.activate(instructionSet.ordinal(), sums, shifts, shifts.length, area, output);
    }

    /** Name and instruction set. */
    @Override
    public String toString() {
        return "native (C++, " + instructionSet + ")";
    }
}
