// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.semimage.compute.Cancellation;
import org.semimage.compute.NativeLibraries;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolArguments;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.KernelArguments;
import org.semimage.compute.prior.JavaPriorLevels;
import org.semimage.compute.prior.PriorKernels;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorWeights;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * The kernels in C++: SSE2, AVX2 or AVX-512 with VNNI on x86-64, NEON with or without dot products on ARM, whichever the processor
 * has; plain C++ elsewhere.
 *
 * <p>A call may use several threads, at most one per processor, which end with it. Arrays are copied on the way in, and the
 * results on the way out; those of the symbol coders are used in place.
 */
public final class CppKernels implements PriorKernels {

    /** System property that forces an instruction set, by its name in lower case; read when the backend is made. */
    public static final String INSTRUCTIONS = "org.semimage.instructions";

    /** What the library chooses its inner loops by; the ordinals are those of {@code sem::InstructionSet}. */
    enum InstructionSet { PORTABLE, SSE2, AVX2, AVX512_VNNI, NEON, NEON_DOT }

    private static final class Library {
        static final InstructionSet BEST;
        static final Throwable FAILURE;
        static final Path FOLDER;

        static {
            InstructionSet best = null;
            Throwable failure = null;
            Path folder = null;
            try {
                folder = NativeLibraries.load(CppLibrary.class).orElse(null);
                best = InstructionSet.values()[CppLibrary.bestInstructionSet()];
            } catch (LinkageError | RuntimeException e) {
                failure = e;
            }
            BEST = best;
            FAILURE = failure;
            FOLDER = folder;
        }
    }

    private final InstructionSet instructionSet;
    private final Map<ScaleTables, CppLibrary.EntropyTables> entropyTables = new WeakHashMap<>();

    private CppKernels(InstructionSet instructionSet) {
        this.instructionSet = instructionSet;
    }

    /**
     * The kernels for this processor, or those that {@link #INSTRUCTIONS} names.
     *
     * @throws UnavailableException if there is no library for this platform, it does not load, or the processor lacks what is named
     */
    public static CppKernels load() throws UnavailableException {
        requireLibrary();
        try {
            return load(wanted());
        } catch (IllegalArgumentException e) {
            throw new UnavailableException(e.getMessage());
        }
    }

    private static InstructionSet wanted() {
        String name = System.getProperty(INSTRUCTIONS);
        if (name == null) {
            return Library.BEST;
        }
        for (InstructionSet set : InstructionSet.values()) {
            if (set.name().toLowerCase(Locale.ROOT).equals(name)) {
                return set;
            }
        }
        throw new IllegalArgumentException(INSTRUCTIONS + " is '" + name + "', which is no instruction set; there are "
                + Arrays.toString(InstructionSet.values()).toLowerCase(Locale.ROOT));
    }

    /** The kernels with an instruction set that may be less than the processor's. */
    static CppKernels load(InstructionSet instructionSet) throws UnavailableException {
        requireLibrary();
        if (!CppLibrary.hasInstructionSet(instructionSet.ordinal())) {
            throw new UnavailableException("this processor has no " + instructionSet);
        }
        return new CppKernels(instructionSet);
    }

    private static void requireLibrary() throws UnavailableException {
        if (Library.FAILURE != null) {
            throw new UnavailableException("the library does not load", Library.FAILURE);
        }
    }

    /** The file that says that they work here: with the instruction set that {@link #load()} takes, under this system. */
    static Optional<Path> passed() {
        if (Library.FOLDER == null) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder("passed-" + wanted() + "-");
        for (char c : System.getProperty("os.version").toCharArray()) {
            name.append(c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._-".indexOf(c) >= 0 ? c : '_');
        }
        return Optional.of(Library.FOLDER.resolve(name.toString()));
    }

    InstructionSet instructionSet() {
        return instructionSet;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation) {
        cancellation.check();
        KernelArguments.checkConvolve(conv, input, height, width, sums);
        CppLibrary.convolve(instructionSet.ordinal(), Runtime.getRuntime().availableProcessors(),
                conv.weights(), conv.inputs(), conv.outputs(), conv.kernel(), input, height, width, sums);
    }

    @Override
    public void activate(int[] sums, byte[] shifts, int area, byte[] output) {
        KernelArguments.checkActivate(sums, shifts, area, output);
        CppLibrary.activate(instructionSet.ordinal(), sums, shifts, shifts.length, area, output);
    }

    @Override
    public byte[] encode(ScaleTables tables, List<SymbolStep> steps, int lanes) {
        SymbolArguments.checkLanes(lanes);
        steps.forEach(step -> SymbolArguments.checkEncode(tables, step.symbols(), step.rows()));
        CppLibrary.EntropyTables cppTables = entropyTables(tables);
        try (CppLibrary.EntropyEncoder encoder = new CppLibrary.EntropyEncoder(cppTables, lanes)) {
            int run = CppSymbolDecoder.GROUPS_PER_CALL * lanes;
            for (int s = steps.size() - 1; s >= 0; s--) {
                SymbolStep step = steps.get(s);
                int size = step.symbols().length;
                for (int from = (size - 1) / run * run; from >= 0 && from < size; from -= run) {
                    encoder.push(step.symbols(), step.rows(), size, from, from + Math.min(size - from, run));
                }
            }
            byte[] stream = new byte[Math.toIntExact(encoder.size())];
            encoder.write(stream);
            return stream;
        } finally {
            Reference.reachabilityFence(cppTables);
        }
    }

    @Override
    public SymbolDecoder decoder(ScaleTables tables, byte[] bytes, int from, int to, int lanes) {
        SymbolArguments.checkStream(bytes, from, to, lanes);
        return new CppSymbolDecoder(entropyTables(tables), Arrays.copyOfRange(bytes, from, to), lanes);
    }

    @Override
    public PriorLevels levels(PriorWeights weights) {
        return new CppPriorLevels(weights, instructionSet.ordinal(), new JavaPriorLevels(weights, this), entropyTables(weights.tables()));
    }

    /** Building them takes as long as coding ten thousand symbols; the garbage collector frees them after the tables in Java. */
    private synchronized CppLibrary.EntropyTables entropyTables(ScaleTables tables) {
        CppLibrary.EntropyTables made = entropyTables.get(tables);
        if (made == null) {
            int[] sizes = tables.sizes();
            // A caller's PointerScope must not free what later calls use.
            made = new CppLibrary.EntropyTables(sizes, tables.allFrequencies(), sizes.length / ScaleTables.TABLES).retainReference();
            entropyTables.put(tables, made);
        }
        return made;
    }

    /** Name and instruction set. */
    @Override
    public String toString() {
        return "native (C++, " + instructionSet + ")";
    }
}
