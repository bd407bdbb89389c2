// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.semimage.cli.TestPicture;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;

/**
 * Milliseconds that the prior takes for a drawn picture of 0.39 megapixels, with its symbols: what is left of coding are wavelet and
 * networks.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0")
@State(Scope.Benchmark)
public class PriorBenchmark {

    private static final int WIDTH = 768;
    private static final int HEIGHT = 512;
    private static final int QUALITY = 100;
    private static final float LAMBDA = 0.1f;

    /** What runs the prior, by its name. */
    @Param({"java", "native"})
    public String backend;

    private Models.Lease<TransformModel> lease;
    private IntegerPrior prior;
    private Latents latents;
    private Pyramid coefficients;

    /** Encodes a drawn picture, and decodes it once for the coefficients. */
    @Setup
    public void encodePicture() throws IOException {
        System.setProperty(Backends.PROPERTY, backend);
        lease = Models.transform(Models.TRANSFORM);
        prior = lease.model().prior();
        latents = Latents.of(TestPicture.draw(WIDTH, HEIGHT, 1), 0.5f);
        coefficients = decode();
    }

    /** Gives the model back. */
    @TearDown
    public void close() {
        lease.close();
    }

    /** Gives the coefficients, so that nothing is optimized away. */
    @Benchmark
    public Pyramid decode() {
        byte[] stream = latents.stream();
        try (SymbolDecoder symbols = prior.coder(0).decoder(stream, 0, stream.length, latents.lanes())) {
            return prior.decode(HEIGHT, WIDTH, false, false, QUALITY, symbols);
        }
    }

    /** Gives the stream, so that nothing is optimized away. */
    @Benchmark
    public byte[] encode() {
        return prior.coder(0).encode(prior.quantize(coefficients, false, QUALITY, LAMBDA).allSteps(), latents.lanes());
    }
}
