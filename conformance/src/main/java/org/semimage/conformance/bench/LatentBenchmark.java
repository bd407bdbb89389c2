// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import com.sun.management.OperatingSystemMXBean;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.Json;
import org.semimage.model.LatentPack;
import org.semimage.torch.network.ClipConfig;
import org.semimage.torch.network.ClipTextEncoder;
import org.semimage.torch.network.KlAutoEncoder;
import org.semimage.torch.network.KlConfig;
import org.semimage.torch.network.Placement;
import org.semimage.torch.network.UNet;
import org.semimage.torch.network.UNetConfig;
import org.semimage.torch.network.Weights;
import org.semimage.torch.pack.DirectoryPack;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Time and memory of networks in the shapes of Stable Diffusion 1.5 with random weights, and of a tiny autoencoder. One process a line,
 * as the peak of resident memory is the process's.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.LatentBenchmark -Dbench="unet|kl|text|DIR float32|bfloat16 WIDTHxHEIGHT [RUNS]"};
 * DIR holds the files of a tiny autoencoder. More than one run is preceded by one that is not counted.
 */
public final class LatentBenchmark {

    private static final String UNET = """
            {"attention_head_dim": 8, "block_out_channels": [320, 640, 1280, 1280], "cross_attention_dim": 768}""";
    private static final String KL = """
            {"block_out_channels": [128, 256, 512, 512], "layers_per_block": 2,
             "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
             "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]}""";
    private static final String CLIP = """
            {"vocab_size": 49408, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}""";

    private LatentBenchmark() {
    }

    /** Normal weights with variance 1 / inputs. */
    private static final class RandomWeights extends Weights {

        private final Placement placement;

        private RandomWeights(Placement placement) {
            this.placement = placement;
        }

        @Override
        public Tensor get(String name, long... shape) {
            long inputs = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            try (Tensor normal = torch.randn(shape)) {
                normal.mul_(new Scalar(1 / Math.sqrt(inputs)));
                return normal.to(new Device(placement.device()), Weights.computed(placement), false, true, new MemoryFormatOptional());
            }
        }
    }

    /**
     * Prints one row of a table for each call of the network: least seconds, median processor seconds of all threads together (which
     * other work on the machine disturbs less), peak of resident memory so far in MB.
     */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(3, arguments, "LatentBenchmark unet|text|kl|PACK float32|bfloat16|float16 WIDTHxHEIGHT [RUNS]");
        Placement placement = new Placement("cpu", Placement.Precision.valueOf(arguments[1].toUpperCase(Locale.ROOT)));
        int width = Integer.parseInt(arguments[2].split("x")[0]);
        int height = Integer.parseInt(arguments[2].split("x")[1]);
        int runs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
        switch (arguments[0]) {
            case "unet" -> {
                try (UNet unet = new UNet(UNetConfig.parse("unet", json(UNET)), new RandomWeights(placement), placement)) {
                    print("weights", arguments, new double[1], new double[1]);
                    TextEmbedding text = new TextEmbedding(77, 768, new float[77 * 768]);
                    measure("step", arguments, runs, () -> unet.predict(noise(4, height / 8, width / 8), 500, text));
                }
            }
            case "text" -> {
                try (ClipTextEncoder clip = new ClipTextEncoder(ClipConfig.parse("text", json(CLIP)), new RandomWeights(placement),
                        placement)) {
                    measure("text", arguments, runs, () -> clip.encode(new int[77]));
                }
            }
            case "kl" -> {
                try (AutoEncoder kl = new KlAutoEncoder(KlConfig.parse("vae", json(KL)), new RandomWeights(placement), placement)) {
                    both(kl, arguments, width, height, runs);
                }
            }
            default -> {
                try (LatentPack pack = DirectoryPack.open(Path.of(arguments[0]), placement)) {
                    both(pack.autoEncoder(), arguments, width, height, runs);
                }
            }
        }
    }

    private static void both(AutoEncoder autoEncoder, String[] arguments, int width, int height, int runs) throws IOException {
        print("weights", arguments, new double[1], new double[1]);
        int stride = autoEncoder.stride();
        measure("decode", arguments, runs, () -> autoEncoder.decode(noise(autoEncoder.channels(), height / stride, width / stride)));
        measure("encode", arguments, runs, () -> autoEncoder.encode(noise(3, height, width)));
    }

    private static Json json(String text) {
        return Json.parse(text);
    }

    private static Planes noise(int channels, int height, int width) {
        Planes planes = Planes.of(channels, height, width);
        for (int i = 0; i < planes.data().length; i++) {
            planes.data()[i] = (float) Math.sin(i * 12.9898) % 1;
        }
        return planes;
    }

    private static void measure(String what, String[] arguments, int runs, Supplier<?> call) throws IOException {
        double[] wall = new double[runs];
        double[] processor = new double[runs];
        for (int i = runs == 1 ? 0 : -1; i < runs; i++) {
            long start = System.nanoTime();
            long startProcessor = processorTime();
            call.get();
            if (i >= 0) {
                wall[i] = (System.nanoTime() - start) / 1e9;
                processor[i] = (processorTime() - startProcessor) / 1e9;
            }
        }
        print(what, arguments, wall, processor);
    }

    private static long processorTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void print(String what, String[] arguments, double[] wall, double[] processor) throws IOException {
        Arrays.sort(wall);
        Arrays.sort(processor);
        long peak = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
        System.out.println(String.format(Locale.ROOT, "| %s | %s | %s | %s | %.2f | %.2f | %d |", arguments[0], arguments[1], arguments[2],
                what, wall[0], processor[processor.length / 2], peak / 1024));
    }
}
