// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.Kernels;

/** Multiply-adds per second of the integer convolutions, in the shapes that the prior has on a picture of a megapixel. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0")
@State(Scope.Benchmark)
public class ConvolutionBenchmark {

    /** What convolves, by the name that {@link Backends#of} takes. */
    @Param({"java", "native"})
    public String backend;

    /** Inputs, outputs, kernel, height, width: contexts and hidden layers from the coarsest level to the finest. */
    @Param({"6x96x3x16x16", "64x96x3x32x32", "96x96x1x64x64", "64x96x3x128x128", "48x64x3x256x256", "48x48x1x256x256", "32x48x3x256x256"})
    public String shape;

    private Kernels kernels;
    private IntConv conv;
    private int height;
    private int width;
    private byte[] input;
    private int[] sums;
    private long work;

    /** Counts the multiply-adds; one for each thread and iteration. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Done {

        /** Of all calls, so that JMH gives them per second. */
        public long multiplyAdds;
    }

    /** Draws weights and input of the shape. */
    @Setup
    public void fill() {
        kernels = Backends.of(backend);
        String[] sizes = shape.split("x");
        int inputs = Integer.parseInt(sizes[0]);
        int outputs = Integer.parseInt(sizes[1]);
        int kernel = Integer.parseInt(sizes[2]);
        height = Integer.parseInt(sizes[3]);
        width = Integer.parseInt(sizes[4]);
        Random random = new Random(1);
        byte[] weights = new byte[inputs * outputs * kernel * kernel];
        random.nextBytes(weights);
        conv = new IntConv(inputs, outputs, kernel, weights);
        input = new byte[inputs * height * width];
        random.nextBytes(input);
        sums = new int[outputs * height * width];
        work = (long) weights.length * height * width;
    }

    /** Gives the sums, {@code [channel][row][column]}, so that nothing is optimized away. */
    @Benchmark
    public int[] convolve(Done done) {
        done.multiplyAdds += work;
        kernels.convolve(conv, input, height, width, sums);
        return sums;
    }
}
