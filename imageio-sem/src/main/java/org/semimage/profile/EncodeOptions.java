// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.reflect.Trace;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a caller asks of an encoder.
 *
 * @param quality     0..1, 1 is best; ignored when there is a target
 * @param targetBytes the most bytes that the whole file may take; the encoder searches the best quality below
 * @param targetPsnr  PSNR in dB over the colour samples that the decoded picture should have; the encoder searches the smallest file.
 *                    Ignored when {@code targetBytes} is present
 * @param interest    regions that keep more detail at the cost of the rest
 * @param caption     what the picture shows, for the profiles that store it
 * @param progressive whether a file cut anywhere should be about as good as one encoded for that size; it takes several times as long
 * @param tune        what bits are spent on in the transform profile
 * @param effort      1..3, how often the transform profile encodes a picture in one layer; with
 *                    {@link Tune#PERCEPTUAL}, once is all there is to gain. How much the profiles of captions and descriptors try
 * @param tile        the size of tiles, in samples, rounded up to multiples of 64; as the encoder sees fit unless present
 * @param generative  how the generative profile codes; of no meaning to others
 * @param shrink      0..3: log2 of the samples along a side of which the transform profile codes one. Unless present it is 0, or what
 *                    looks best in {@code targetBytes}
 * @param trace       who hears what the profiles of captions and descriptors try
 * @param bare        whether a caption that is to fit in {@code targetBytes} is written in the bare form
 */
public record EncodeOptions(float quality, OptionalInt targetBytes, OptionalDouble targetPsnr, List<RegionOfInterest> interest,
                            Optional<String> caption, boolean progressive, Tune tune,
                            int effort, Optional<Dimension> tile, Optional<GenerativeOptions> generative, OptionalInt shrink,
                            Trace trace, boolean bare) {

    /** About 0.7 bits per pixel on photographs. */
    public static final float DEFAULT_QUALITY = 0.5f;

    /** What bits are spent on unless somebody says. */
    public static final Tune DEFAULT_TUNE = Tune.PERCEPTUAL;

    /** One encoding. */
    public static final int MIN_EFFORT = 1;

    /** Two more encodings, each of which knows what the decoder adds to the one before. */
    public static final int MAX_EFFORT = 3;

    /** {@link #DEFAULT_QUALITY}, and nothing else asked for. */
    public static final EncodeOptions DEFAULT = ofQuality(DEFAULT_QUALITY);

    /** Codes an eighth of the size. */
    public static final int MAX_SHRINK = 3;

    /** The most regions of interest of a picture. */
    public static final int MAX_REGIONS = 255;

    /** The highest PSNR to ask for, that of a picture with an error of one in every 65536th sample. */
    public static final double MAX_PSNR = 96;

    /**
     * A region that keeps more detail.
     *
     * @param area in samples of the picture; what lies outside it is ignored
     * @param gain 1..255 thirty-seconds of an octave by which the quantizer step is finer; 32 gives about 5 dB more,
     *             and 128 is as much as there is
     * @param isProtected whether readers leave it as the file says, and add no detail that is made up
     */
    public record RegionOfInterest(Rectangle area, int gain, boolean isProtected) {

        /** Four times as fine. */
        public static final int DEFAULT_GAIN = 64;

        /** Twice as fine: what a face or a line of text needs to be known for what it is costs the rest of the picture little. */
        private static final int PROTECTED_GAIN = 32;

        /** A region to which readers may add detail. */
        public RegionOfInterest(Rectangle area, int gain) {
            this(area, gain, false);
        }

        /**
         * A region that must show what the file says and no more, as faces and lettering must. It keeps more detail, too.
         *
         * @throws IllegalArgumentException if the area is empty
         */
        public static RegionOfInterest protectedArea(Rectangle area) {
            return new RegionOfInterest(area, PROTECTED_GAIN, true);
        }

        /**
         * Checks gain and area, and copies the area.
         *
         * @throws IllegalArgumentException if the gain is out of range or the area empty
         */
        public RegionOfInterest {
            if (gain < 1 || gain > 255 || area.isEmpty()) {
                throw new IllegalArgumentException("region of interest " + area + " with gain " + gain);
            }
            area = new Rectangle(area);
        }
    }

    /**
     * Checks all numbers, and copies the list.
     *
     * @throws IllegalArgumentException if quality is not in 0..1 or a target is out of range
     */
    public EncodeOptions {
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("quality " + quality + " is not in 0..1");
        }
        if (targetBytes.isPresent() && targetBytes.getAsInt() < 1) {
            throw new IllegalArgumentException("target of " + targetBytes.getAsInt() + " bytes");
        }
        if (targetPsnr.isPresent() && !(targetPsnr.getAsDouble() > 0 && targetPsnr.getAsDouble() <= MAX_PSNR)) {
            throw new IllegalArgumentException("target of " + targetPsnr.getAsDouble() + " dB is not in 0.." + MAX_PSNR);
        }
        if (tile.isPresent() && (tile.get().width < 1 || tile.get().height < 1)) {
            throw new IllegalArgumentException("tiles of " + tile.get().width + "x" + tile.get().height);
        }
        if (effort < MIN_EFFORT || effort > MAX_EFFORT) {
            throw new IllegalArgumentException("effort " + effort + " is not in " + MIN_EFFORT + ".." + MAX_EFFORT);
        }
        if (shrink.isPresent() && (shrink.getAsInt() < 0 || shrink.getAsInt() > MAX_SHRINK)) {
            throw new IllegalArgumentException("shrink " + shrink.getAsInt() + " is not in 0.." + MAX_SHRINK);
        }
        interest = List.copyOf(interest);
    }

    /**
     * A picture of a quality.
     *
     * @throws IllegalArgumentException if the quality is not in 0..1
     */
    public static EncodeOptions ofQuality(float quality) {
        return new EncodeOptions(quality, OptionalInt.empty(), OptionalDouble.empty(), List.of(), Optional.empty(), false, DEFAULT_TUNE,
                MIN_EFFORT, Optional.empty(), Optional.empty(), OptionalInt.empty(), Trace.NONE, true);
    }

    /**
     * The best picture of a size.
     *
     * @param bytes the most that the whole file may take, metadata included
     * @throws IllegalArgumentException if this is less than 1
     */
    public static EncodeOptions ofBytes(int bytes) {
        return new EncodeOptions(DEFAULT_QUALITY, OptionalInt.of(bytes), OptionalDouble.empty(), List.of(), Optional.empty(), false,
                DEFAULT_TUNE, MIN_EFFORT, Optional.empty(), Optional.empty(), OptionalInt.empty(), Trace.NONE, true);
    }

    /**
     * The smallest file of a PSNR.
     *
     * @param psnr in dB over colour samples
     * @throws IllegalArgumentException if this is not above 0, or above {@link #MAX_PSNR}
     */
    public static EncodeOptions ofPsnr(double psnr) {
        return new EncodeOptions(DEFAULT_QUALITY, OptionalInt.empty(), OptionalDouble.of(psnr), List.of(), Optional.empty(), false,
                DEFAULT_TUNE, MIN_EFFORT, Optional.empty(), Optional.empty(), OptionalInt.empty(), Trace.NONE, true);
    }

    /** These options with regions of interest. */
    public EncodeOptions withInterest(List<RegionOfInterest> regions) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, regions, caption, progressive, tune, effort, tile, generative,
                shrink, trace, bare);
    }

    /** These options with a caption, or without one if it is null. */
    public EncodeOptions withCaption(String text) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, Optional.ofNullable(text), progressive, tune,
                effort, tile, generative, shrink, trace, bare);
    }

    /** The same in layers, or in one. */
    public EncodeOptions withProgressive(boolean layers) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, layers, tune, effort, tile, generative,
                shrink, trace, bare);
    }

    /** The same with bits spent on something else. */
    public EncodeOptions withTune(Tune other) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, other, effort, tile, generative,
                shrink, trace, bare);
    }

    /** The same in tiles of a size, which may be as large as the picture. */
    public EncodeOptions withTile(Dimension size) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, tune, effort,
                Optional.of(new Dimension(size)), generative, shrink, trace, bare);
    }

    /** The same with more effort or less. */
    public EncodeOptions withEffort(int times) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, tune, times, tile, generative,
                shrink, trace, bare);
    }

    /** These options with those of the generative profile. */
    public EncodeOptions withGenerative(GenerativeOptions how) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, tune, effort, tile, Optional.of(how),
                shrink, trace, bare);
    }

    /** The same at half the size for 1, a quarter for 2, an eighth for 3, or at its own for 0. */
    public EncodeOptions withShrink(int log2) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, tune, effort, tile, generative,
                OptionalInt.of(log2), trace, bare);
    }

    /** These options with somebody who hears what is tried. */
    public EncodeOptions withTrace(Trace listener) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, tune, effort, tile, generative,
                shrink, listener, bare);
    }

    /** The same for a caption that is written in the bare form if it has one, or for one that other things than pictures may follow. */
    public EncodeOptions withBare(boolean form) {
        return new EncodeOptions(quality, targetBytes, targetPsnr, interest, caption, progressive, tune, effort, tile, generative,
                shrink, trace, form);
    }
}
