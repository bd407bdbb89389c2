// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the vectors: the same bytes each time. Transform pictures depend on floating point in the encoder, so that this holds for
 * kernels in Java alone.
 */
final class VectorMaker {

    /** What samples of the transform profile may differ by: FORMAT.md's 50 dB; three levels; a quarter of one in the mean. */
    private static final double PSNR = 50;
    private static final int LARGEST = 3;
    private static final double MEAN = 0.25;

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "FORMAT.md");
    private static final String PNG = ".png";

    private final Path folder;

    /** References by the hash of their samples, so that vectors with the same picture share one. */
    private final Map<String, String> references = new HashMap<>();

    /** A maker of vectors in {@code conformance/vectors} of a checkout. */
    VectorMaker(Path folder) {
        this.folder = folder;
    }

    /** The vectors whose bytes depend on integers alone. */
    static List<Plan> exactPlans() throws IOException {
        return join(ContainerVectors.all(), AncillaryVectors.all(), LosslessVectors.all(), SemanticVectors.all(), LatentVectors.all());
    }

    private static List<Plan> allPlans() throws IOException {
        return join(exactPlans(), TransformVectors.all(), HandmadeVectors.all());
    }

    @SafeVarargs
    private static List<Plan> join(List<Plan>... parts) {
        return Arrays.stream(parts).flatMap(List::stream).toList();
    }

    /**
     * Makes all files, in place of those that are there.
     *
     * @return how many vectors there are
     * @throws IOException if the folder cannot be written
     */
    int make() throws IOException {
        List<Plan> plans = allPlans();
        Map<String, byte[]> files = files(plans);
        Files.createDirectories(folder);
        for (Path old : present()) {
            if (!files.containsKey(old.getFileName().toString())) {
                Files.delete(old);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        return plans.size();
    }

    /** The names of files that are not as they are made, or not there, or too many. */
    List<String> differences() throws IOException {
        Map<String, byte[]> files = files(allPlans());
        List<String> different = differences(files);
        for (Path old : present()) {
            if (!files.containsKey(old.getFileName().toString())) {
                different.add(old.getFileName() + " is not made");
            }
        }
        return different;
    }

    /** The same of some vectors' files. */
    List<String> differences(Map<String, byte[]> files) throws IOException {
        List<String> different = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path there = folder.resolve(file.getKey());
            if (!Files.exists(there)) {
                different.add(file.getKey() + " is not there");
            } else if (!same(file.getKey(), file.getValue(), Files.readAllBytes(there))) {
                different.add(file.getKey() + " differs");
            }
        }
        return different;
    }

    /** PNG files by their samples, as libraries deflate in different ways. */
    private static boolean same(String name, byte[] a, byte[] b) throws IOException {
        return Arrays.equals(a, b) || name.endsWith(PNG) && Digests.samples(Png.read(a)).equals(Digests.samples(Png.read(b)));
    }

    private List<Path> present() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().matches(".*\\.(sem|json|png)")).sorted().toList();
        }
    }

    /**
     * The files of vectors, by name, and the table of requirements.
     *
     * @throws IllegalStateException if this library does not do with a vector what its plan says
     */
    Map<String, byte[]> files(List<Plan> plans) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (Plan plan : plans) {
            Outcome outcome = LibraryDecoder.decode(plan.sem());
            boolean refused = outcome.refusal() != null;
            if (refused != (plan.kind() == Plan.Kind.REFUSED) || !refused && plan.warned() != null
                    && !plan.warned().equals(outcome.warning())) {
                throw new IllegalStateException(plan.name() + ": " + (refused ? outcome.refusal() : "warning " + outcome.warning()));
            }
            List<Due.Picture> pictures = new ArrayList<>();
            for (int i = 0; i < outcome.pictures().size(); i++) {
                Outcome.Shown shown = outcome.pictures().get(i);
                pictures.add(shown.facts().with(samples(plan, i, shown.samples(), files)));
            }
            Due due = new Due(plan.about(), plan.requirements(), outcome.refusal(), outcome.warning(), refused ? null : pictures);
            if (files.put(plan.name() + ".sem", plan.sem()) != null) {
                throw new IllegalStateException("two vectors " + plan.name());
            }
            if (Traces.ALL.contains(plan.name())) {
                files.put(plan.name() + Traces.SUFFIX, Traces.of(plan.sem()).getBytes(StandardCharsets.UTF_8));
            }
            files.put(plan.name() + ".json", Vectors.json(due).getBytes(StandardCharsets.UTF_8));
        }
        Path document = folder.toAbsolutePath().resolve(DOCUMENT).normalize();
        files.put(Vectors.REQUIREMENTS, Vectors.json(Requirement.inDocument(document)).getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private Due.Samples samples(Plan plan, int picture, PixelPlanes samples, Map<String, byte[]> files) throws IOException {
        if (plan.kind() == Plan.Kind.FREE) {
            return new Due.Samples(null, null, null, null, null, null);
        }
        String hash = Digests.samples(samples);
        if (plan.kind() == Plan.Kind.EXACT) {
            if (picture == 0 && !hash.equals(Digests.samples(plan.source()))) {
                throw new IllegalStateException(plan.name() + " is not what it was made of");
            }
            return new Due.Samples(hash, null, null, null, null, null);
        }
        String key = samples.format() + " " + samples.width() + " " + hash;
        String reference = references.get(key);
        if (reference == null) {
            reference = plan.name() + (picture == 0 ? "" : "-" + picture) + PNG;
            references.put(key, reference);
            files.put(reference, Png.write(colours(samples)));
        }
        return new Due.Samples(null, reference, PSNR, LARGEST, MEAN, samples.format().hasAlpha() ? Digests.alpha(samples) : null);
    }

    /** A picture without its alpha, which its hash tells. */
    private static PixelPlanes colours(PixelPlanes samples) {
        return new PixelPlanes(samples.width(), samples.height(), PixelFormat.of(samples.format().isGray(), false,
                samples.format().bitDepth()),
                Arrays.copyOf(samples.samples(), samples.format().colourPlanes()));
    }
}
