// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.compute.diffusion.Sampler;
import org.semimage.container.ProfileId;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.EncodeOptions.RegionOfInterest;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.Tune;
import org.semimage.reflect.Trace;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem encode}: writes a picture of any known format as a SEM file. */
@Command(name = "encode", description = "Writes a picture as a SEM file.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class EncodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN", description = "A picture in any format that ImageIO reads; - for standard input.")
    private Path in;

    @Parameters(paramLabel = "OUT.sem", description = "The file to write, replaced if it exists; - for standard output.")
    private Path out;

    @Mixin
    private PictureChoice choice;

    @ArgGroup
    private Rate rate;

    @Option(names = "--profile", paramLabel = "PROFILE", converter = ProfileConverter.class, defaultValue = "transform",
            description = "How the picture is coded (default: ${DEFAULT-VALUE}; lossless for drawings that take fewer bytes so).")
    private ProfileId profile;

    @Option(names = "--caption", paramLabel = "TEXT",
            description = "What the picture shows, for the profiles caption and descriptor, and to guide diffusion.")
    private String caption;

    @Option(names = "--thumbnail", paramLabel = "SIDE",
            description = "Store a thumbnail of at most SIDE x SIDE pixels (1..512), which shows without decoding.")
    private Integer thumbnail;

    @Option(names = "--no-metadata", description = "Leave out Exif, XMP and texts of IN.")
    private boolean noMetadata;

    @Option(names = "--roi", paramLabel = "X,Y,WIDTH,HEIGHT[,GAIN]", converter = Region.Converter.class,
            description = "A region that keeps more detail at the cost of the rest; GAIN in 1..255 thirty-seconds of an octave of the "
                    + "step (default: 64).")
    private List<Region> interest = List.of();

    @Option(names = "--protect", paramLabel = "X,Y,WIDTH,HEIGHT", converter = Region.Converter.class,
            description = "A region that keeps more detail, and to which readers add none that is made up: a face, lettering. Whole blocks "
                    + "of 16x16 pixels.")
    private List<Region> protectedRegions = List.of();

    @Option(names = "--tune", paramLabel = "TUNE", converter = TuneConverter.class, defaultValue = "perceptual",
            description = "What bits are spent on: psnr, the least squared error, or perceptual, what the eye sees "
                    + "(default: ${DEFAULT-VALUE}).")
    private Tune tune;

    @Option(names = "--effort", paramLabel = "N", converter = EffortConverter.class, defaultValue = "1",
            description = "1 to 3: how much time to take for a smaller file, seconds a megapixel in the profile lossless, where decoding "
                    + "takes as long; in the profile transform not with --tune perceptual or --progressive; in the profiles caption and "
                    + "descriptor, which are written too where --bytes is too little for pixels, at 2 up to 16 files are tried, at 3 up "
                    + "to 48 "
                    + "(default: ${DEFAULT-VALUE}).")
    private int effort;

    @Option(names = "--trace", paramLabel = "DIR",
            description = "Write a page about what the profiles caption and descriptor tried, DIR/index.html, and its pictures.")
    private Path traceFolder;

    @Option(names = "--shrink", paramLabel = "N",
            description = "Code the picture at 1/2^N of its size, 0 to 3, for very small files in the profile transform (default: what "
                    + "looks best with --bytes or --bpp, else 0).")
    private Integer shrink;

    @Option(names = "--progressive",
            description = "Write layers, so that the file is good wherever 'sem truncate' cuts it; takes several times as long.")
    private boolean progressive;

    @ArgGroup(exclusive = false)
    private Latents latents;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    /** How the profile generative codes. */
    private static final class Latents {

        @Option(names = "--pack", required = true, paramLabel = "ID",
                description = "The installed model pack of the profile generative; see 'sem packs list'.")
        private String pack;

        @Option(names = "--palette", description = "Code latents by palette and dithering.")
        private boolean palette;

        @Option(names = "--steps", paramLabel = "N", defaultValue = "0",
                description = "Diffusion steps that decoders take, 0..64 (default: ${DEFAULT-VALUE}, the autoencoder alone).")
        private int steps;

        @Option(names = "--sampler", paramLabel = "METHOD", defaultValue = "dpm_solver",
                description = "ddim, euler or dpm_solver (default: ${DEFAULT-VALUE}).")
        private Sampler.Method sampler;

        @Option(names = "--guidance", paramLabel = "G", defaultValue = "1",
                description = "Scale of guidance by the caption, 0..31 (default: ${DEFAULT-VALUE}, none).")
        private float guidance;

        @Option(names = "--seed", paramLabel = "SEED", defaultValue = "0",
                description = "Of the noise that is added before diffusion (default: ${DEFAULT-VALUE}).")
        private int seed;
    }

    /** At most one of the three. */
    private static final class Rate {

        @Option(names = "--quality", paramLabel = "Q",
                description = "0 (smallest file) to 1 (best picture); the encoder's default if no rate is given.")
        private Float quality;

        @Option(names = "--bytes", paramLabel = "N", description = "The best picture in a file of at most N bytes.")
        private Integer bytes;

        @Option(names = "--psnr", paramLabel = "DB", description = "The smallest file whose picture has this PSNR in dB.")
        private Double psnr;

        @Option(names = "--bpp", paramLabel = "B", description = "The best picture in a file of at most B bits per pixel.")
        private Double bpp;
    }

    @Override
    public Integer call() throws Exception {
        validate();
        backend.apply();
        String written = traceFolder != null ? traced()
                : Pictures.read(in, spec.commandLine().getErr(), reader -> write(reader, Trace.NONE));
        (Inputs.isStandard(out) ? spec.commandLine().getErr() : spec.commandLine().getOut()).println(written);
        return 0;
    }

    private String traced() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        try (TracePage page = new TracePage(traceFolder)) {
            String written = Pictures.read(in, err, reader -> write(reader, page));
            if (page.isEmpty()) {
                err.println("sem: warning: " + out + ": written in pixels, without anything tried: --trace has nothing to show");
            }
            return written;
        }
    }

    /** Writes the chosen pictures of a reader, and says what that took. */
    private String write(ImageReader reader, Trace trace) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<Integer> chosen = choice.orFirst(Pictures.count(reader, in, err), in, err);
        Frames frames = Frames.of(reader, in, err);
        long all = 0;
        for (int index : chosen) {
            all += frames.pixels(index);
        }
        long pixels = all;
        long[] nanos = new long[1];
        Dimension last = new Dimension();
        long bytes = Pictures.writeSem(out, err, writer -> {
            boolean several = chosen.size() > 1;
            if (several) {
                writer.prepareWriteSequence(null);
            }
            for (int index : chosen) {
                IIOImage picture = frames.get(index);
                if (noMetadata) {
                    picture.setMetadata(null);
                }
                RenderedImage image = picture.getRenderedImage();
                last.setSize(image.getWidth(), image.getHeight());
                long start = System.nanoTime();
                ImageWriteParam param = Pictures.param(writer, each -> {
                    each.setTrace(trace);
                    choose(each, image, pixels);
                });
                if (several) {
                    writer.writeToSequence(picture, param);
                } else {
                    writer.write(null, picture, param);
                }
                nanos[0] += System.nanoTime() - start;
            }
            if (several) {
                writer.endWriteSequence();
            }
        });
        String what = chosen.size() == 1 ? last.width + "x" + last.height : chosen.size() + " pictures";
        return String.format(Locale.ROOT, "%s: %s, %d bytes, %.4f bpp, %.0f ms", out, what, bytes, 8.0 * bytes / pixels, nanos[0] / 1e6);
    }

    /** Sets what the options say; a target size is divided among all pictures by their {@code pixels}. */
    private void choose(SemImageWriteParam param, RenderedImage image, long pixels) throws IOException {
        if (spec.commandLine().getParseResult().hasMatchedOption("--profile")) {
            Pictures.choose(profile, param);
        }
        param.setCaption(caption);
        if (thumbnail != null) {
            param.setThumbnailSize(thumbnail);
        }
        if (progressive) {
            param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        }
        for (Region region : interest) {
            region.within(new Rectangle(image.getWidth(), image.getHeight()), "--roi");
        }
        for (Region region : protectedRegions) {
            region.within(new Rectangle(image.getWidth(), image.getHeight()), "--protect");
        }
        param.setRegionsOfInterest(regionsOfInterest());
        param.setTune(tune);
        param.setEffort(effort);
        if (shrink != null) {
            param.setShrink(shrink);
        }
        param.setGenerativeOptions(generativeOptions());
        if (rate != null && rate.quality != null) {
            param.setCompressionQuality(rate.quality);
        } else if (rate != null && rate.psnr != null) {
            param.setTargetPsnr(rate.psnr);
        } else if (rate != null) {
            param.setTargetBytes(targetBytes((long) image.getWidth() * image.getHeight(), pixels));
        }
    }

    private void validate() {
        Pictures.requireSem(out, spec.commandLine());
        ProfileOptions.check(profile, spec.commandLine());
        if ((latents == null) == (profile == ProfileId.GENERATIVE)) {
            throw usage("--profile generative and --pack go together");
        }
        generativeOptions();
        if (latents != null && latents.steps == 0) {
            ProfileOptions.refuse(List.of("--caption", "--sampler", "--guidance", "--seed"), "without --steps", spec.commandLine());
        }
        regionsOfInterest();
        if (thumbnail != null && (thumbnail < 1 || thumbnail > 512)) {
            throw usage("--thumbnail " + thumbnail + " is not in 1..512");
        }
        if (shrink != null && (shrink < 0 || shrink > EncodeOptions.MAX_SHRINK)) {
            throw usage("--shrink " + shrink + " is not in 0.." + EncodeOptions.MAX_SHRINK);
        }
        if (rate == null) {
            return;
        }
        if (rate.quality != null && !(rate.quality >= 0 && rate.quality <= 1)) {
            throw usage("--quality " + rate.quality + " is not in 0..1");
        }
        if (rate.bytes != null && rate.bytes < 1) {
            throw usage("--bytes " + rate.bytes + " is not positive");
        }
        if (rate.psnr != null && !(rate.psnr > 0 && rate.psnr <= EncodeOptions.MAX_PSNR)) {
            throw usage("--psnr " + rate.psnr + " is not in 0.." + EncodeOptions.MAX_PSNR);
        }
        if (rate.bpp != null && !(rate.bpp > 0)) {
            throw usage("--bpp " + rate.bpp + " is not positive");
        }
    }

    private List<RegionOfInterest> regionsOfInterest() {
        List<RegionOfInterest> regions = new ArrayList<>();
        for (Region region : protectedRegions) {
            if (region.gain().isPresent()) {
                throw usage("--protect takes X,Y,WIDTH,HEIGHT and no gain");
            }
            regions.add(RegionOfInterest.protectedArea(region.area()));
        }
        try {
            for (Region region : interest) {
                regions.add(new RegionOfInterest(region.area(), region.gain().orElse(RegionOfInterest.DEFAULT_GAIN)));
            }
        } catch (IllegalArgumentException e) {
            throw usage("--roi: " + e.getMessage());
        }
        if (regions.size() > EncodeOptions.MAX_REGIONS) {
            throw usage(regions.size() + " regions, at most " + EncodeOptions.MAX_REGIONS);
        }
        return regions;
    }

    private GenerativeOptions generativeOptions() {
        try {
            return latents == null ? null
                    : new GenerativeOptions(latents.pack, latents.palette, latents.steps, latents.sampler, latents.guidance, latents.seed);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private int targetBytes(long pixels, long all) {
        double bytes = rate.bytes != null ? (double) rate.bytes * pixels / all : rate.bpp * pixels / 8;
        return (int) Math.max(1, Math.min(bytes, Integer.MAX_VALUE));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
