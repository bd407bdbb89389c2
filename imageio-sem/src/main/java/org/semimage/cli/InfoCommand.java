// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import org.semimage.container.Chunk;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemOutline;
import org.semimage.container.SemHeader;
import org.semimage.generate.Descriptors;
import org.semimage.generate.SourceType;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.profile.transform.TransformPayload;
import org.semimage.profile.transform.TransformProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem info}: says what a SEM file holds, from its container alone, or what the codec runs on. */
@Command(name = "info", description = "Says what a SEM file holds, without decoding it.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class InfoCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE.sem", arity = "0..1", description = "A SEM file; - for standard input.")
    private Path file;

    @Mixin
    private PictureChoice choice;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--runtime", description = "Say in place of a file which kernels run, and why no others.")
    private boolean runtime;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (runtime == (file != null) || runtime && choice.isMade()) {
            throw new ParameterException(spec.commandLine(), "either FILE.sem or --runtime, and --picture with FILE.sem");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (runtime) {
            RuntimeInfo info = RuntimeInfo.current();
            if (json) {
                out.println(gson().toJson(info));
            } else {
                info.print(out);
            }
            out.flush();
            return info.kernels() == null ? Sem.FAILED : 0;
        }
        StoredPicture.All all = StoredPicture.all(file);
        List<Info> pictures = new ArrayList<>();
        for (int index : choice.orAll(all.pictures().size(), file)) {
            pictures.add(inspect(index, all.pictures().get(index)));
        }
        FileInfo info = new FileInfo(file.toString(), all.bytes(), all.rest(), pictures);
        if (json) {
            out.println(gson().toJson(info));
        } else {
            print(info, all.pictures().size(), out);
        }
        out.flush();
        return 0;
    }

    private static Gson gson() {
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    }

    private static Info inspect(int index, StoredPicture picture) throws IOException {
        SemFile sem = picture.sem();
        SemHeader header = sem.header();
        return new Info(index + 1, SemHeader.VERSION, header.profile().label(), header.width(), header.height(),
                header.format().toString().toLowerCase(Locale.ROOT), header.format().planes(), header.format().bitDepth(),
                header.model().toString(), picture.offset(), picture.bytes(), 8.0 * picture.bytes() / header.width() / header.height(),
                sem.truncated(), entries(sem, picture.offset() + picture.headerBytes()), shrink(sem), protectedRegions(sem), meaning(sem),
                MetadataInfo.of(sem));
    }

    /** Protected regions as the command line takes them, or null. */
    private static List<String> protectedRegions(SemFile sem) {
        List<Rectangle> regions = TransformProfile.protectedRegions(sem);
        return regions.isEmpty() ? null : regions.stream().map(r -> r.x + "," + r.y + "," + r.width + "," + r.height).toList();
    }

    /** How much smaller than the picture is what is coded, or null. */
    private static Integer shrink(SemFile sem) {
        int shrink = sem.chunks().stream().map(SemOutline.Entry::of).mapToInt(TransformPayload::shrink).sum();
        return shrink == 0 ? null : shrink;
    }

    private static List<Entry> entries(SemFile sem, long from) {
        List<Entry> entries = new ArrayList<>();
        long offset = from;
        for (Chunk chunk : sem.chunks()) {
            int length = chunk.payload().length;
            if (chunk.tag() == Chunk.CAPTION || chunk.tag() == Chunk.DESCRIPTORS) {
                entries.add(new Entry(String.valueOf(chunk.tag()), offset, length));
                offset += varintBytes(length) + length + 1;
                continue;
            }
            entries.add(new Entry(String.valueOf(chunk.tag()), offset, length));
            offset += 1 + varintBytes(length) + length + Integer.BYTES;
        }
        return entries;
    }

    /** What a reader that may synthesize says of pixels that are made up, or null. */
    private static Meaning meaning(SemFile sem) throws IOException {
        ProfileId profile = sem.header().profile();
        if (profile == ProfileId.GENERATIVE && GenerativeProfile.usesDiffusion(sem)) {
            return new Meaning(GenerativeProfile.caption(sem).orElse(null), SourceType.COMPOSITE_TRAINED.uri(), null);
        }
        if (isRendered(sem)) {
            return new Meaning(null, SourceType.COMPOSITE_TRAINED.uri(), null);
        }
        if (!profile.isSemantic()) {
            return null;
        }
        SemanticProfile.Content content = SemanticProfile.content(sem);
        Descriptors descriptors = content.descriptors().orElse(null);
        return new Meaning(content.caption().orElse(null), SourceType.of(profile, descriptors != null).uri(),
                descriptors == null ? null : new Look(descriptors.columns(), descriptors.rows(), descriptors.layoutCount(),
                        descriptors.textureCount(), SemanticProfile.palette(descriptors), amplitudes(descriptors), descriptors.texture()));
    }

    private static boolean isRendered(SemFile sem) {
        return sem.chunks().stream().anyMatch(chunk -> TransformPayload.isRendered(sem.header(), SemOutline.Entry.of(chunk)));
    }

    private static int varintBytes(int value) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    /** Prints what was asked for of a file that has {@code count} pictures. */
    private static void print(FileInfo info, int count, PrintWriter out) {
        for (Info picture : info.pictures) {
            print(count == 1 ? info.file : info.file + ", picture " + picture.number + " of " + count, picture, out);
        }
        if (info.rest > 0) {
            out.printf(Locale.ROOT, "rest    %d bytes behind the last picture%n", info.rest);
        }
    }

    private static void print(String name, Info info, PrintWriter out) {
        out.printf(Locale.ROOT, "%s: SEM version %d, profile %s%n", name, info.version, info.profile);
        out.printf(Locale.ROOT, "size    %dx%d, %s, %d planes of %d bits%n", info.width, info.height, info.format,
                info.planes, info.bitDepth);
        out.printf(Locale.ROOT, "model   %s%n", info.model);
        out.printf(Locale.ROOT, "bytes   %d, %.4f bits per pixel%s%n", info.bytes, info.bpp, info.truncated ? ", cut off" : "");
        if (info.shrink != null) {
            out.printf(Locale.ROOT, "shrink  %d, coded at %dx%d%n", info.shrink, (info.width - 1 >> info.shrink) + 1,
                    (info.height - 1 >> info.shrink) + 1);
        }
        if (info.protectedRegions != null) {
            out.printf(Locale.ROOT, "protect %s%n", String.join(" ", info.protectedRegions));
        }
        for (Entry chunk : info.chunks) {
            out.printf(Locale.ROOT, "chunk   %s at offset %d, payload of %d bytes%n", chunk.tag, chunk.offset, chunk.length);
        }
        if (info.meaning != null) {
            MetadataInfo.line(out, "caption", info.meaning.caption);
            MetadataInfo.line(out, "source", info.meaning.digitalSourceType);
        }
        if (info.meaning != null && info.meaning.descriptors != null) {
            Look look = info.meaning.descriptors;
            out.printf(Locale.ROOT, "looks   %d layout amplitudes on %dx%d cells, %d texture coefficients, palette %s%n",
                    look.layoutCount, look.columns, look.rows, look.textureCount, String.join(" ", look.palette));
        }
        info.metadata.print(out);
    }

    /**
     * The answer; Gson writes it field by field.
     *
     * @param bytes    of the whole file
     * @param rest     bytes behind the last picture
     * @param pictures those that were chosen
     */
    private record FileInfo(String file, long bytes, long rest, List<Info> pictures) {
    }

    /** A picture, by its number from 1; offsets are in the file. */
    private record Info(int number, int version, String profile, int width, int height, String format, int planes, int bitDepth,
                        String model, long offset, long bytes, double bpp, boolean truncated, List<Entry> chunks, Integer shrink,
                        List<String> protectedRegions, Meaning meaning, MetadataInfo metadata) {
    }

    /** What a file without pixels says. */
    private record Meaning(String caption, String digitalSourceType, Look descriptors) {
    }

    /** The amplitudes of a layout, {@code [component][row][column]}, without the zeros that end a row and the rows that end a component. */
    private static List<List<List<Float>>> amplitudes(Descriptors d) {
        List<List<List<Float>>> components = new ArrayList<>();
        for (float[] layout : d.layout()) {
            List<List<Float>> component = new ArrayList<>();
            for (int i = 0; i < layout.length; i++) {
                int row = i / d.columns();
                int column = i % d.columns();
                if (layout[i] != 0) {
                    while (component.size() <= row) {
                        component.add(new ArrayList<>());
                    }
                    while (component.get(row).size() < column) {
                        component.get(row).add(0f);
                    }
                    component.get(row).add(layout[i]);
                }
            }
            components.add(component);
        }
        return components;
    }

    /** Descriptors: {@link #amplitudes}, {@code texture[level][orientation][region]}. */
    private record Look(int columns, int rows, int layoutCount, int textureCount, List<String> palette, List<List<List<Float>>> layout,
            float[][][] texture) {
    }

    /** A chunk: where its tag stands, and how many payload bytes are there. */
    private record Entry(String tag, long offset, int length) {
    }
}
