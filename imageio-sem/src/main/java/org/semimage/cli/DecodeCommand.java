// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.imageio.SemImageReadParam;
import org.semimage.imageio.Subsampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem decode}: writes the picture of a SEM file in another format. */
@Command(name = "decode", description = "Writes the picture of a SEM file in another format.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class DecodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN.sem", description = "A SEM file; - for standard input.")
    private Path in;

    @Parameters(paramLabel = "OUT",
            description = "The file to write, its format named by its suffix (png, jpg, bmp, ...), replaced if it exists; "
            + "- for standard output.")
    private Path out;

    @Option(names = "--format", paramLabel = "SUFFIX",
            description = "Write this format whatever the suffix of OUT; standard output gets png otherwise.")
    private String format;

    @Mixin
    private PictureChoice choice;

    @Option(names = "--region", paramLabel = "X,Y,WIDTH,HEIGHT", converter = Region.Converter.class,
            description = "Decode this part of the picture alone.")
    private Region region;

    @Option(names = "--scale", paramLabel = "1/N", description = "Decode at 1/2, 1/4 or 1/8 of the size, in a fraction of the time.")
    private String scale;

    @Option(names = "--fidelity", paramLabel = "F",
            description = "How much detail is added that a very small file does not hold: from 0, the plain picture, to 1 (default: 1).")
    private Float fidelity;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String suffix = Pictures.writable(out, format, spec.commandLine());
        if (scale != null && !scale.matches("1/[248]")) {
            throw new ParameterException(spec.commandLine(), "--scale " + scale + " is not 1/2, 1/4 or 1/8");
        }
        if (region != null && region.gain().isPresent()) {
            throw new ParameterException(spec.commandLine(), "--region takes four numbers");
        }
        if (fidelity != null && !(fidelity >= 0 && fidelity <= 1)) {
            throw new ParameterException(spec.commandLine(), "--fidelity " + fidelity + " is not 0 to 1");
        }
        backend.apply();
        String written = Pictures.read(in, spec.commandLine().getErr(), reader -> write(reader, suffix));
        (Inputs.isStandard(out) ? spec.commandLine().getErr() : spec.commandLine().getOut()).println(written);
        return 0;
    }

    /** Writes the chosen pictures of a reader, and says what that took. */
    private String write(ImageReader reader, String suffix) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<Integer> chosen = choice.orFirst(Pictures.count(reader, in, err), in, err);
        long[] nanos = new long[1];
        Dimension last = new Dimension();
        Pictures.write(suffix, chosen.size(), place -> {
            long start = System.nanoTime();
            BufferedImage image = read(reader, chosen.get(place), err);
            nanos[0] += System.nanoTime() - start;
            last.setSize(image.getWidth(), image.getHeight());
            return image;
        }, out, err);
        String what = chosen.size() == 1 ? last.width + "x" + last.height : chosen.size() + " pictures";
        return String.format(Locale.ROOT, "%s: %s, decoded in %.0f ms", out, what, nanos[0] / 1e6);
    }

    private BufferedImage read(ImageReader reader, int index, PrintWriter err) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        if (region != null) {
            Rectangle whole = new Rectangle(reader.getWidth(index), reader.getHeight(index));
            Rectangle inside = region.within(whole, "--region");
            if (!inside.equals(region.area())) {
                err.println("sem: warning: " + in + ": --region leaves the picture of " + whole.width + "x" + whole.height
                        + " and is cut off there");
            }
        }
        choose(param);
        return reader.read(index, param);
    }

    private void choose(ImageReadParam param) {
        if (region != null) {
            param.setSourceRegion(region.area());
        }
        if (fidelity != null && param instanceof SemImageReadParam sem) {
            sem.setFidelity(fidelity);
        }
        if (scale != null) {
            int period = scale.charAt(2) - '0';
            param.setSourceSubsampling(period, period, 0, 0);
            if (param instanceof SemImageReadParam sem) {
                sem.setSubsampling(Subsampling.FAST);
            }
        }
    }
}
