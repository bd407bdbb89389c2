// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.generate.Descriptors;
import org.semimage.imageio.Profiles;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.WholePicture;
import org.semimage.profile.semantic.SemanticProfile;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** This library, in the same process. */
final class LibraryDecoder implements TestedDecoder {

    private static final double SHOWN = 1e4;

    @Override
    public String name() {
        return "this library";
    }

    @Override
    public Outcome decode(Path file, Duration limit) {
        FutureTask<Outcome> task = new FutureTask<>(() -> decode(Files.readAllBytes(file)));
        Thread thread = new Thread(task, "conformance " + file.getFileName());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Outcome.failed("took longer than " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            return Outcome.failed(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        }
    }

    /**
     * Decodes all pictures of a file.
     *
     * @param bytes the file
     * @throws IOException if something goes wrong that is not the file's fault
     */
    static Outcome decode(byte[] bytes) throws IOException {
        List<Outcome.Shown> pictures = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            do {
                SemFile file = SemParser.parse(in);
                pictures.add(show(file, warnings));
            } while (SemParser.startsPicture(in));
        } catch (IIOException e) {
            return Outcome.refused(e.getMessage());
        }
        return new Outcome(null, null, !warnings.isEmpty(), pictures, false);
    }

    private static Outcome.Shown show(SemFile file, List<String> warnings) throws IOException {
        SemHeader header = file.header();
        Latents latents = header.profile() == ProfileId.GENERATIVE ? Latents.of(header.model()) : null;
        PixelPlanes samples = latents != null ? null : samples(file, warnings);
        if (file.truncated()) {
            warnings.add("truncated");
        }
        boolean semantic = header.profile().isSemantic();
        Ancillary ancillary = Ancillary.of(file.chunks());
        ancillary.faults().stream().filter(fault -> !fault.contains("is unknown")
                && !fault.contains("the first counts")).forEach(warnings::add);
        String text = null;
        Due.Numbers numbers = null;
        if (semantic) {
            SemanticProfile.Content content = SemanticProfile.content(file);
            text = content.caption().orElse(null);
            numbers = content.descriptors().map(LibraryDecoder::numbers).orElse(null);
        }
        String coefficients = header.profile() == ProfileId.TRANSFORM ? Coefficients.digest(file) : null;
        return new Outcome.Shown(new Due.Picture(header.profile().label(), header.width(), header.height(), planes(header.format()),
                header.format().bitDepth(), header.model().toString(), null, coefficients, latents == null ? null : latents.due(file), text,
                numbers, metadata(ancillary)), samples);
    }

    /** A picture's samples. */
    static PixelPlanes samples(SemFile file, List<String> warnings) throws IOException {
        return WholePicture.decode(Profiles.of(file.header().profile()), file, new Watcher() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        });
    }

    /** What planes are called in JSON. */
    static String planes(PixelFormat format) {
        return (format.isGray() ? "gray" : "rgb") + (format.hasAlpha() ? "+alpha" : "");
    }

    private static Due.Metadata metadata(Ancillary ancillary) {
        if (ancillary.chunks().isEmpty()) {
            return null;
        }
        List<List<String>> texts = ancillary.texts().stream().map(text -> List.of(text.keyword(), text.language(), text.value())).toList();
        return new Due.Metadata(ancillary.icc().map(Digests::of).orElse(null), ancillary.exif().map(Digests::of).orElse(null),
                ancillary.xmp().map(Digests::of).orElse(null), texts.isEmpty() ? null : texts, ancillary.thumbnails().size());
    }

    private static Due.Numbers numbers(Descriptors descriptors) {
        List<double[]> amplitudes = new ArrayList<>();
        for (int c = 0; c < descriptors.layout().length; c++) {
            float[] plane = descriptors.layout()[c];
            for (int i = 0; i < plane.length; i++) {
                if (plane[i] != 0) {
                    amplitudes.add(new double[] {c, i / descriptors.columns(), i % descriptors.columns(), shown(plane[i])});
                }
            }
        }
        double[] texture = descriptors.textureCount() == 0 ? null : Arrays.stream(descriptors.texture()).flatMap(Arrays::stream)
                .flatMapToDouble(regions -> {
                    double[] values = new double[regions.length];
                    Arrays.setAll(values, i -> shown(regions[i]));
                    return Arrays.stream(values);
                }).toArray();
        return new Due.Numbers(descriptors.columns(), descriptors.rows(), descriptors.layoutCount(), descriptors.textureCount(), amplitudes,
                texture);
    }

    private static double shown(float value) {
        return Math.round(value * SHOWN) / SHOWN;
    }
}
