package org.semimage.cli;

import com.google.gson.GsonBuilder;
import org.semimage.container.Chunk;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.generate.Descriptors;
import org.semimage.generate.SourceType;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem info}: says what a SEM file holds, from its container alone. */
@Command(name = "info", description = "Says what a SEM file holds, without decoding it.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class InfoCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE.sem", description = "A SEM file.")
    private Path file;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        Info info = inspect();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(info));
        } else {
            print(info, out);
        }
        out.flush();
        return 0;
    }

    private Info inspect() throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            SemHeader header = SemParser.parseHeader(in);
            long headerBytes = in.getStreamPosition();
            in.seek(0);
            SemFile sem = SemParser.parse(in);
            long bytes = Files.size(file);
            return new Info(file.toString(), SemHeader.VERSION, header.profile().label(), header.width(), header.height(),
                    header.format().toString().toLowerCase(Locale.ROOT), header.format().planes(), header.format().bitDepth(),
                    header.model().toString(), bytes, 8.0 * bytes / header.width() / header.height(), sem.truncated(),
                    entries(sem, headerBytes), meaning(sem), MetadataInfo.of(sem));
        }
    }

    private static List<Entry> entries(SemFile sem, long headerBytes) {
        List<Entry> entries = new ArrayList<>();
        long offset = headerBytes;
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

    /** What a file says of pixels that are made up, or null. */
    private static Meaning meaning(SemFile sem) throws IOException {
        ProfileId profile = sem.header().profile();
        if (profile == ProfileId.GENERATIVE && GenerativeProfile.usesDiffusion(sem)) {
            return new Meaning(GenerativeProfile.caption(sem).orElse(null), SourceType.COMPOSITE_TRAINED.uri(), null);
        }
        if (!profile.isSemantic()) {
            return null;
        }
        SemanticProfile.Content content = SemanticProfile.content(sem);
        Descriptors descriptors = content.descriptors().orElse(null);
        return new Meaning(content.caption().orElse(null), SourceType.of(profile, false).uri(),
                descriptors == null ? null : new Look(descriptors.columns(), descriptors.rows(), descriptors.layoutCount(),
                        descriptors.textureCount(), SemanticProfile.palette(descriptors), amplitudes(descriptors), descriptors.texture()));
    }

    private static int varintBytes(int value) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    private static void print(Info info, PrintWriter out) {
        out.printf(Locale.ROOT, "%s: SEM version %d, profile %s%n", info.file, info.version, info.profile);
        out.printf(Locale.ROOT, "size    %dx%d, %s, %d planes of %d bits%n", info.width, info.height, info.format, info.planes, info.bitDepth);
        out.printf(Locale.ROOT, "model   %s%n", info.model);
        out.printf(Locale.ROOT, "bytes   %d, %.4f bits per pixel%s%n", info.bytes, info.bpp, info.truncated ? ", cut off" : "");
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

    /** The answer; Gson writes it field by field. */
    private record Info(String file, int version, String profile, int width, int height, String format, int planes, int bitDepth,
                        String model, long bytes, double bpp, boolean truncated, List<Entry> chunks, Meaning meaning,
                        MetadataInfo metadata) {
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
    private record Look(int columns, int rows, int layoutCount, int textureCount, List<String> palette, List<List<List<Float>>> layout, float[][][] texture) {
    }

    /** A chunk: where its tag stands, and how many payload bytes are there. */
    private record Entry(String tag, long offset, int length) {
    }
}
