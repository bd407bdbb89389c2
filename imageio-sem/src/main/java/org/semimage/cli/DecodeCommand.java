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
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem decode}: writes the picture of a SEM file in another format. */
@Command(name = "decode", description = "Writes the picture of a SEM file in another format.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class DecodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN.sem", description = "A SEM file.")
    private Path in;

    @Parameters(paramLabel = "OUT", description = "The file to write, its format named by its suffix (png, jpg, bmp, ...); replaced if it exists.")
    private Path out;

    @Option(names = "--region", paramLabel = "X,Y,WIDTH,HEIGHT", converter = Region.Converter.class, description = "Decode this part of the picture alone.")
    private Region region;

    @Option(names = "--scale", paramLabel = "1/N", description = "Decode at 1/2, 1/4 or 1/8 of the size, in a fraction of the time.")
    private String scale;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!Pictures.writable(out)) {
            throw new ParameterException(spec.commandLine(), "no installed picture format has the suffix of " + out.getFileName());
        }
        if (scale != null && !scale.matches("1/[248]")) {
            throw new ParameterException(spec.commandLine(), "--scale " + scale + " is not 1/2, 1/4 or 1/8");
        }
        if (region != null && region.gain().isPresent()) {
            throw new ParameterException(spec.commandLine(), "--region takes four numbers");
        }
        backend.apply();
        long start = System.nanoTime();
        BufferedImage image = Pictures.read(in, this::choose, spec.commandLine().getErr());
        double millis = (System.nanoTime() - start) / 1e6;
        Pictures.writeBySuffix(image, out, spec.commandLine().getErr());
        spec.commandLine().getOut().println(String.format(Locale.ROOT, "%s: %dx%d, decoded in %.0f ms",
                out, image.getWidth(), image.getHeight(), millis));
        return 0;
    }

    private void choose(ImageReadParam param) {
        if (region != null) {
            param.setSourceRegion(region.area());
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
