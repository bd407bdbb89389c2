// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import com.sun.management.OperatingSystemMXBean;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.WholePicture;
import org.semimage.profile.transform.GainMap;
import org.semimage.profile.transform.QualityIndex;
import org.semimage.profile.transform.QuantizerSteps;
import org.semimage.profile.transform.TileGrid;
import org.semimage.profile.transform.TransformPayload;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.ImageIO;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints what the stages of the transform profile take for a picture in one piece, next to the whole through ImageIO: elapsed
 * milliseconds, and those of the processor in all threads together, which other work on the machine disturbs less but systems count in
 * units of up to 10 ms. Many rounds in one process.
 */
public final class TransformStages {

    private static final int WARM_UP = 15;
    private static final int ROUNDS = 25;
    private static final int TILED_WARM_UP = 2;
    private static final int TILED_ROUNDS = 3;
    private static final float QUALITY = 0.4f;

    /** The tune of the pack that the stages take. */
    private static final EncodeOptions OPTIONS = EncodeOptions.ofQuality(QUALITY).withTune(Tune.PSNR);
    private static final float LAMBDA = 0.1f;

    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** A stage. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private final Map<String, List<long[]>> times = new LinkedHashMap<>();

    private TransformStages() {
    }

    private <T> T time(String stage, Work<T> work) throws IOException {
        long processor = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        T result = work.run();
        long elapsed = System.nanoTime() - start;
        times.computeIfAbsent(stage, s -> new ArrayList<>()).add(new long[] {elapsed, PROCESS.getProcessCpuTime() - processor});
        return result;
    }

    private void print(String title, int warmUp) {
        System.out.println(title);
        times.forEach((stage, all) -> {
            List<long[]> warm = all.subList(warmUp, all.size());
            System.out.printf(Locale.ROOT, "  %-24s elapsed %6.1f median %6.1f least   processor %6.1f mean%n", stage, median(warm),
                    least(warm), warm.stream().mapToLong(t -> t[1]).average().orElse(0) / 1e6);
        });
        times.clear();
    }

    private static double median(List<long[]> all) {
        return all.stream().mapToLong(t -> t[0]).sorted().skip(all.size() / 2).findFirst().orElse(0) / 1e6;
    }

    private static double least(List<long[]> all) {
        return all.stream().mapToLong(t -> t[0]).min().orElse(0) / 1e6;
    }

    private void decodeStages(TransformModel model, PixelPlanes planes) throws IOException {
        SemFile file = new TransformProfile().encode(planes, OPTIONS, Watcher.NONE);
        byte[] bytes = file.chunk(Chunk.TRANSFORM).orElseThrow().payload();
        int height = Pyramid.padded(planes.height());
        int width = Pyramid.padded(planes.width());
        Rectangle whole = new Rectangle(width, height);
        TransformPayload payload = time("parse", () -> TransformPayload.parse(bytes, file.header()));
        int qualityIndex = payload.qualityIndex(0);
        QuantizerSteps steps = new QuantizerSteps(model.relativeSteps(payload.wholeQualityIndex()), payload.gains(), whole);
        TransformPayload.Segment segment = payload.segment(0);
        Pyramid decoded;
        try (SymbolDecoder symbols = model.prior().coder(0).decoder(segment.bytes(), segment.from(), segment.to(), segment.lanes())) {
            decoded = time("prior", () -> model.prior().decode(height, width, false, payload.fineColour(), qualityIndex, symbols));
        }
        float[][] low = time("low band of level 3", () -> {
            steps.dequantize(decoded, decoded, Pyramid.LEVELS, 4);
            return Wavelet97.synthesise(decoded, Pyramid.LEVELS, 3, decoded.low(), Cancellation.NEVER);
        });
        float[] packed = time("pack", () -> PackedCoefficients.pack(low, decoded));
        float[] correction = time("network", () -> model.synthesis().correction(packed, height / 8, width / 8, qualityIndex));
        time("add correction", () -> {
            PackedCoefficients.add(correction, low, decoded);
            return null;
        });
        time("dequantize", () -> {
            steps.dequantize(decoded, decoded, 3, 1);
            return null;
        });
        float[][] components = time("inverse wavelet", () -> Wavelet97.synthesise(decoded, 3, 0, low, Cancellation.NEVER));
        PixelPlanes pixels = PixelPlanes.blank(planes.width(), planes.height(), planes.format());
        time("colour", () -> {
            ColourTransform.inverse(components, width, new Rectangle(planes.width(), planes.height()), QualityIndex.step(qualityIndex),
                    pixels);
            return null;
        });
        time("to image", () -> Images.toImage(pixels));
        time("TransformProfile.decode", () -> WholePicture.decode(new TransformProfile(), file, Watcher.NONE));
    }

    private void encodeStages(TransformModel model, BufferedImage image) throws IOException {
        PixelPlanes planes = time("from image", () -> Images.toPlanes(image));
        int height = Pyramid.padded(planes.height());
        int width = Pyramid.padded(planes.width());
        int qualityIndex = QualityIndex.ofQuality(QUALITY);
        float[][] components = time("colour", () -> ColourTransform.forward(planes, height, width));
        Pyramid pyramid = time("wavelet", () -> Wavelet97.analyse(components, height, width));
        QuantizerSteps steps = new QuantizerSteps(model.relativeSteps(qualityIndex), GainMap.NONE, new Rectangle(width, height));
        Pyramid target = Pyramid.zero(height, width);
        time("to steps", () -> {
            steps.quantize(pyramid, target, Pyramid.LEVELS, 1, QualityIndex.step(qualityIndex));
            return null;
        });
        List<SymbolStep> coded = time("prior", () -> model.prior().quantize(target, false, qualityIndex, LAMBDA)).allSteps();
        time("code lengths", () -> model.prior().coder(0).bits(coded));
        time("entropy coder", () -> model.prior().coder(0).encodeAll(List.of(new Kernels.Stream(coded, 16))));
        time("TransformProfile.encode", () -> new TransformProfile().encode(planes, OPTIONS, Watcher.NONE));
    }

    private void whole(BufferedImage image) throws IOException {
        byte[] file = time("ImageIO.write", () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "sem", out);
            return out.toByteArray();
        });
        time("ImageIO.read", () -> ImageIO.read(new ByteArrayInputStream(file)));
    }

    /**
     * Prints a table of stages and their times.
     *
     * @param args pictures, or folders of them; of those that are coded in tiles the whole alone is measured
     */
    public static void main(String[] args) throws IOException {
        Arguments.require(1, args, "TransformStages PICTURES");
        ImageIO.setUseCache(false);
        for (Path name : Arguments.pictures(List.of(args))) {
            BufferedImage image = ImageIO.read(name.toFile());
            TransformStages stages = new TransformStages();
            if (TileGrid.of(image.getHeight(), image.getWidth()).isTiled()) {
                for (int round = 0; round < TILED_WARM_UP + TILED_ROUNDS; round++) {
                    stages.whole(image);
                }
                stages.print(name + ", through ImageIO", TILED_WARM_UP);
                continue;
            }
            PixelPlanes planes = Images.toPlanes(image);
            try (Models.Lease<TransformModel> lease = Models.transform(Models.TRANSFORM)) {
                for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                    stages.decodeStages(lease.model(), planes);
                }
                stages.print(name + ", decoding", WARM_UP);
                for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                    stages.encodeStages(lease.model(), image);
                }
                stages.print(name + ", encoding", WARM_UP);
            }
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                stages.whole(image);
            }
            stages.print(name + ", through ImageIO", WARM_UP);
        }
    }
}
