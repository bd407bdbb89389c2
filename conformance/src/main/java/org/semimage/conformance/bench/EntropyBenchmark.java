// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.io.IOException;
import java.util.List;
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
import org.semimage.cli.TestPicture;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolEncoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;

/** Symbols and stream bytes per second of the entropy coder: a drawn picture's, in as many lanes as the encoder chooses for their size. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-Xmx3g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"})
@State(Scope.Benchmark)
public class EntropyBenchmark {

    private static final float QUALITY = 0.5f;

    /** What codes, by the name that {@link Backends#of} takes. */
    @Param({"java", "native"})
    public String backend;

    /** Symbols of the payload. */
    @Param({"1024", "65536", "1048576", "16777216"})
    public int size;

    private Kernels kernels;
    private ScaleTables tables;
    private SymbolStep step;
    private byte[] scales;
    private int lanes;
    private byte[] stream;

    /** Counts what was coded; one for each thread and iteration. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Coded {

        /** Of all calls, so that JMH gives them per second. */
        public long symbols;
        /** Of the streams. */
        public long bytes;
    }

    /** Takes a symbol step of the size from a drawn picture, and encodes it once. */
    @Setup
    public void encodePicture() throws IOException {
        kernels = Backends.of(backend);
        Latents latents = Latents.of(TestPicture.draw(768, 512, 1), QUALITY);
        tables = latents.tables();
        step = latents.sample(size);
        scales = step.scaleIndices();
        lanes = SymbolEncoder.lanesFor((long) (tables.cost(step.rows(), step.symbols()) / 8));
        stream = kernels.encode(tables, List.of(step), lanes);
    }

    /** Gives the stream, so that nothing is optimized away. */
    @Benchmark
    public byte[] encode(Coded coded) {
        coded.symbols += size;
        coded.bytes += stream.length;
        return kernels.encode(tables, List.of(step), lanes);
    }

    /** Gives the symbols, so that nothing is optimized away. */
    @Benchmark
    public int[] decode(Coded coded) {
        int[] symbols = new int[size];
        try (SymbolDecoder decoder = kernels.decoder(tables, stream, 0, stream.length, lanes)) {
            coded.symbols += decoder.decode(scales, symbols);
            coded.bytes += stream.length;
        }
        return symbols;
    }
}
