// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.javacpp.annotation.ByRef;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.CriticalRegion;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

import java.nio.IntBuffer;

/**
 * Binding of the C++ kernels, entropy coder, prior, coefficient network and synthesis; its library is built from this class. Callers
 * check the arguments: C++ does not.
 */
@Platform(include = {"sem/kernels.h", "sem/entropy_decoder.h", "sem/entropy_encoder.h", "sem/prior.h", "sem/coefficient_net.h",
        "sem/synthesis_window.h"},
        compiler = "cpp17", library = "jnisemkernels")
@Namespace("sem")
final class CppLibrary {

    private CppLibrary() {
    }

    @Name("best_instruction_set")
    static native int bestInstructionSet();

    @Name("has_instruction_set")
    static native @Cast("bool") boolean hasInstructionSet(int instructionSet);

    static native void convolve(int instructionSet, int threads, @Const byte[] weights, int inputs, int outputs, int kernel,
                                @Const byte[] input, int height, int width, int[] sums);

    static native void activate(int instructionSet, @Const int[] sums, @Const byte[] shifts, int channels, int area, byte[] output);

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class EntropyTables extends Pointer {

        EntropyTables(int[] sizes, int[] frequencies, int quantizers) {
            allocate(sizes, frequencies, quantizers);
        }

        private native void allocate(@Const int[] sizes, @Const int[] frequencies, int quantizers);
    }

    /** Refers to its tables, which must not be freed before. */
    static final class EntropyDecoder extends Pointer {

        EntropyDecoder(EntropyTables tables, byte[] bytes, int lanes) {
            allocate(tables, bytes, bytes.length, lanes);
        }

        private native void allocate(@Const @ByRef EntropyTables tables, @Const byte[] bytes, int size, int lanes);

        @CriticalRegion
        native int decode(@Const byte[] scaleIndices, int[] symbols, int size, int from, int to);

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
        native void push(@Const int[] symbols, @Const byte[] rows, int size, int from, int to);

        native @Cast("int64_t") long size();

        native void write(byte[] out);
    }

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class SymbolCosts extends Pointer {

        SymbolCosts(int[] sizes, float[] bits) {
            allocate(sizes, bits);
        }

        private native void allocate(@Const int[] sizes, @Const float[] bits);
    }

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class RefinementTables extends Pointer {

        RefinementTables(byte[] cells, byte[] expected, float[] bits) {
            allocate(cells, expected, bits);
        }

        private native void allocate(@Const byte[] cells, @Const byte[] expected, @Const float[] bits);
    }

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class PriorLevel extends Pointer {

        PriorLevel(int instructionSet, int phases, byte[] compand) {
            allocate(instructionSet, phases, compand);
        }

        private native void allocate(int instructionSet, int phases, @Const byte[] compand);

        @Name("add_context")
        native void addContext(@Const byte[] weights, int inputs, int outputs, @Const int[] bias, @Const byte[] shifts,
                               @Const byte[] qualityBias);

        @Name("add_symbol_step")
        native void addSymbolStep(@Const int[] channels, int count, @Const byte[] hiddenWeights, int hidden, @Const int[] hiddenBias,
                                  @Const byte[] hiddenShifts, @Const byte[] outWeights, @Const int[] outBias, @Const byte[] outShifts);

        @Name("add_symbols")
        native void addSymbols(@Const byte[] weights, int outputs);

        @Name("add_up")
        native void addUp(@Const byte[] hiddenWeights, int hidden, @Const int[] hiddenBias, @Const byte[] hiddenShifts,
                          @Const byte[] weights, int outputs, @Const int[] bias, @Const byte[] shifts);

        native void quantize(int threads, int height, int width, @Cast("bool") boolean gray, int qualityIndex, float lambda,
                             @Const @ByRef SymbolCosts costs, @Cast("const int8_t*") BytePointer context, @Const FloatPointer target,
                             IntPointer symbols, @Cast("int8_t*") BytePointer rows, FloatPointer decoded, @Cast("int8_t*") BytePointer next,
                             IntBuffer cancelled);

        native void decode(int threads, int height, int width, @Cast("bool") boolean gray, int qualityIndex,
                           @Cast("const int8_t*") BytePointer context, @ByRef EntropyDecoder decoder, FloatPointer decoded,
                           @Cast("int8_t*") BytePointer next, IntBuffer cancelled);

        native void refine(int threads, int height, int width, @Cast("bool") boolean gray, int qualityIndex, float lambda,
                           @Const @ByRef RefinementTables refinement, @Cast("const int8_t*") BytePointer context, @Const IntPointer cells,
                           @Const FloatPointer target, IntPointer symbols, @Cast("int8_t*") BytePointer classes, IntPointer refined,
                           @Cast("int8_t*") BytePointer next, IntBuffer cancelled);

        @Name("decode_refinement")
        native void decodeRefinement(int threads, int height, int width, @Cast("bool") boolean gray, int qualityIndex,
                                     @Const @ByRef RefinementTables refinement, @Cast("const int8_t*") BytePointer context,
                                     @Const IntPointer cells, @ByRef EntropyDecoder decoder, IntPointer refined,
                                     @Cast("int8_t*") BytePointer next, IntBuffer cancelled);
    }

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class CoefficientNet extends Pointer {

        CoefficientNet(int instructionSet) {
            allocate(instructionSet);
        }

        private native void allocate(int instructionSet);

        @Name("add_convolution")
        native void addConvolution(int threads, int inputs, int outputs, @Const float[] weights, @Const float[] bias);

        /** With weights by the bits of binary16. */
        @CriticalRegion
        @Name("add_convolution")
        native void addConvolution(int threads, int inputs, int outputs, @Const short[] weights, @Const float[] bias);

        native void run(int threads, @Const float[] packed, int height, int width, @Const float[] qualityShift,
                        @Const float[] qualityFactor, float knee, float slope, int low, float unit, float[] output, IntBuffer cancelled);

        native void correct(int threads, FloatPointer bands, int height, int width, @Const float[] qualityShift,
                            @Const float[] qualityFactor, float knee, float slope, int low, float unit, @Const float[] heard,
                            IntBuffer cancelled);
    }

    /** Freed by {@link Pointer#close}, or by the garbage collector. */
    static final class SynthesisWindow extends Pointer {

        SynthesisWindow(int instructionSet) {
            allocate(instructionSet);
        }

        private native void allocate(int instructionSet);

        native void begin(int height, int width, @Cast("bool") boolean fineColour);

        native FloatPointer bands();

        @CriticalRegion
        native void put(int level, int channel, @Const float[] from, int first, int stride, int top, int left, int rows, int columns);

        native void scale(int threads, int level, @Cast("bool") boolean multiply, @Const float[] steps, @Const float[] gains, int cell);

        native void join(int threads, IntBuffer cancelled);

        @Name("rows_together")
        native int rowsTogether();

        /** Samples plane by plane, which the next call overwrites. */
        native ShortPointer pixels(int threads, int from, int to, int left, int columns, float step, @Cast("bool") boolean gray);
    }
}
