// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.ProfileId;
import org.semimage.container.SemHeader;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.Tune;
import org.semimage.reflect.Trace;

import javax.imageio.ImageWriteParam;
import java.awt.Dimension;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How to write a picture. As it comes, it asks for the default profile and quality; after
 * {@code setCompressionMode(MODE_EXPLICIT)}, {@link #setCompressionType} chooses the profile and {@link #setCompressionQuality}
 * the quality. A target size overrides the quality in every mode. The profile {@code lossless} has no quality, and its file is as
 * large as it is: a smaller target makes the writer fail. In the profile {@code transform},
 * {@code setProgressiveMode(MODE_DEFAULT)} asks for a file in layers, which is good wherever it is cut, and takes several times as long to
 * write; other modes write one layer. There, {@code setTilingMode(MODE_EXPLICIT)} and {@code setTiling} choose the size of tiles, which
 * is rounded up to multiples of 64, and {@code setTilingMode(MODE_DISABLED)} a single one; without, tiles have about a megapixel.
 *
 * <p>An option of this class that the profile does not have makes the writer fail: it says so before it encodes. Progressive mode and
 * tiles, which every ImageIO writer may leave undone, it warns of.
 */
public final class SemImageWriteParam extends ImageWriteParam {

    /** The profile that is written unless another is asked for. */
    static final ProfileId DEFAULT_PROFILE = ProfileId.TRANSFORM;

    /** Tiles of less would have more margin than pixels. */
    private static final int MIN_TILE = 256;

    private static final float[] QUALITY_VALUES = {0, 0.25f, 0.5f, 0.75f, 1};
    private static final String[] QUALITY_DESCRIPTIONS = {"Smallest file", "Small file", "High quality", "Visually lossless"};

    private OptionalInt targetBytes = OptionalInt.empty();
    private String caption;
    private OptionalInt thumbnailSize = OptionalInt.empty();
    private OptionalDouble targetPsnr = OptionalDouble.empty();
    private List<EncodeOptions.RegionOfInterest> regionsOfInterest = List.of();
    private Tune tune = EncodeOptions.DEFAULT_TUNE;
    private int effort = EncodeOptions.MIN_EFFORT;
    private OptionalInt shrink = OptionalInt.empty();
    private GenerativeOptions generativeOptions;
    private Trace trace = Trace.NONE;
    private boolean profileChosen;

    /**
     * A parameter with messages in a language.
     *
     * @param locale for messages; may be null
     */
    public SemImageWriteParam(Locale locale) {
        super(locale);
        canWriteCompressed = true;
        canWriteProgressive = true;
        canWriteTiles = true;
        preferredTileSizes = new Dimension[] {new Dimension(MIN_TILE, MIN_TILE), new Dimension(SemHeader.MAX_SIDE, SemHeader.MAX_SIDE)};
        compressionTypes = new String[] {DEFAULT_PROFILE.label(), ProfileId.LOSSLESS.label(), ProfileId.CAPTION.label(),
                ProfileId.DESCRIPTOR.label(), ProfileId.GENERATIVE.label()};
        compressionType = DEFAULT_PROFILE.label();
        compressionQuality = EncodeOptions.DEFAULT_QUALITY;
    }

    /** A parameter for the default locale. */
    public SemImageWriteParam() {
        this(null);
    }

    /**
     * Asks for the best quality of which the whole file takes no more than so many bytes. In the profile {@code transform} a picture that
     * does not fit is coded smaller; see {@link #setShrink}. Unless a compression type was chosen, pictures that do not fit even so are
     * written in the profile descriptor, with a warning.
     *
     * @throws IllegalArgumentException if the target is not positive
     */
    public void setTargetBytes(int targetBytes) {
        if (targetBytes < 1) {
            throw new IllegalArgumentException("target of " + targetBytes + " bytes");
        }
        this.targetBytes = OptionalInt.of(targetBytes);
    }

    /** Goes back to writing at a quality. */
    public void unsetTargetBytes() {
        targetBytes = OptionalInt.empty();
    }

    /** The most bytes that the file may take, if set. */
    public OptionalInt getTargetBytes() {
        return targetBytes;
    }

    /**
     * Says what the picture shows. The profiles {@code caption} and {@code descriptor} store it in place of pixels, and do not write the
     * caption of the image's metadata then. In the profile {@code generative} it guides diffusion.
     *
     * @param caption any text; null for the caption of the image's metadata or, if there is none, of an installed captioner
     */
    public void setCaption(String caption) {
        this.caption = caption;
    }

    /**
     * Says how the profile {@code generative} codes, which needs an installed model pack.
     *
     * @param options null if nothing is to be said, as at first
     */
    public void setGenerativeOptions(GenerativeOptions options) {
        this.generativeOptions = options;
    }

    /** How the profile {@code generative} codes, or null if nothing was said. */
    public GenerativeOptions getGenerativeOptions() {
        return generativeOptions;
    }

    /** What the picture shows, or null if nothing was said. */
    public String getCaption() {
        return caption;
    }

    /**
     * Asks for a thumbnail that programs can show without decoding the picture: at most so many pixels wide and high. Thumbnails that
     * are given with the image are written instead.
     *
     * @param side 1..512
     * @throws IllegalArgumentException if the side is out of range
     */
    public void setThumbnailSize(int side) {
        if (side < 1 || side > Thumbnails.MAX_SIDE) {
            throw new IllegalArgumentException("thumbnail of " + side + " pixels to the side; 1.." + Thumbnails.MAX_SIDE + " are possible");
        }
        this.thumbnailSize = OptionalInt.of(side);
    }

    /**
     * Asks for the smallest file whose decoded picture has a PSNR over the colour samples, in the profile {@code transform}. A target
     * size overrides it.
     *
     * @param psnr in dB, above 0 and at most 96
     * @throws IllegalArgumentException if it is out of range
     */
    public void setTargetPsnr(double psnr) {
        EncodeOptions.ofPsnr(psnr);
        this.targetPsnr = OptionalDouble.of(psnr);
    }

    /** Goes back to writing at a quality. */
    public void unsetTargetPsnr() {
        targetPsnr = OptionalDouble.empty();
    }

    /** The PSNR in dB that the decoded picture should have, if set. */
    public OptionalDouble getTargetPsnr() {
        return targetPsnr;
    }

    /**
     * Chooses what bits are spent on in the profile {@code transform}: the least squared error, which is the default, or what the eye sees.
     *
     * @param tune not null
     */
    public void setTune(Tune tune) {
        this.tune = Objects.requireNonNull(tune, "tune");
    }

    /**
     * Says how much time an encoding may take for a smaller file.
     *
     * @param effort 1, the default, to 3. In the profile {@code transform}, how often a picture is encoded; without effect but with
     *               {@link Tune#PSNR}. In the profile {@code lossless}, 2 and 3 take about a tenth less of a photograph; encoding and
     *               decoding then take seconds a megapixel. In the profiles {@code caption} and {@code descriptor}, how much is tried:
     *               at 2, 16 files are decoded and compared with the picture, at 3, 48
     * @throws IllegalArgumentException if it is out of range
     */
    public void setEffort(int effort) {
        this.effort = EncodeOptions.DEFAULT.withEffort(effort).effort();
    }

    /**
     * Says who hears what the profiles {@code caption} and {@code descriptor} try, on the thread that writes.
     *
     * @param trace not null; {@link Trace#NONE}, the default, for nobody
     */
    public void setTrace(Trace trace) {
        this.trace = Objects.requireNonNull(trace, "trace");
    }

    /** Who hears what is tried. */
    public Trace getTrace() {
        return trace;
    }

    /** The effort, 1..3. */
    public int getEffort() {
        return effort;
    }

    /**
     * Says how small the profile {@code transform} codes a picture, for files of very few bytes: decoders enlarge it again. Without, it is
     * what looks best where there is a target size, and the picture's own size otherwise.
     *
     * @param shrink 0 for its own size, 1 for half of it, 2 for a quarter, 3 for an eighth
     * @throws IllegalArgumentException if it is out of range
     */
    public void setShrink(int shrink) {
        this.shrink = EncodeOptions.DEFAULT.withShrink(shrink).shrink();
    }

    /** Leaves it to the encoder how small a picture is coded. */
    public void unsetShrink() {
        shrink = OptionalInt.empty();
    }

    /** How small a picture is coded, 0..3, if set. */
    public OptionalInt getShrink() {
        return shrink;
    }

    /** What bits are spent on. */
    public Tune getTune() {
        return tune;
    }

    /**
     * Says which regions keep more detail at the cost of the rest, in the profile {@code transform}.
     *
     * @param regions in pixels of the picture that is written; at most 255
     */
    public void setRegionsOfInterest(List<EncodeOptions.RegionOfInterest> regions) {
        if (regions.size() > EncodeOptions.MAX_REGIONS) {
            throw new IllegalArgumentException(regions.size() + " regions of interest, at most " + EncodeOptions.MAX_REGIONS);
        }
        this.regionsOfInterest = List.copyOf(regions);
    }

    /** The regions that keep more detail; empty if none do. */
    public List<EncodeOptions.RegionOfInterest> getRegionsOfInterest() {
        return regionsOfInterest;
    }

    /** What was asked for that a profile does not have, in words. */
    List<String> optionsOfOthers(ProfileId profile) {
        boolean transform = profile == ProfileId.TRANSFORM;
        Map<String, Boolean> others = new LinkedHashMap<>();
        others.put("caption", caption != null && !profile.isSemantic() && profile != ProfileId.GENERATIVE);
        others.put("target PSNR", targetPsnr.isPresent() && !transform);
        others.put("regions of interest", !regionsOfInterest.isEmpty() && !transform);
        others.put("tune", tune != EncodeOptions.DEFAULT_TUNE && !transform);
        others.put("effort", effort != EncodeOptions.MIN_EFFORT && profile == ProfileId.GENERATIVE);
        // Without a choice of profile, a small target may lead to descriptors.
        others.put("trace", trace != Trace.NONE && !profile.isSemantic() && (profileChosen || targetBytes.isEmpty()));
        others.put("shrink", shrink.isPresent() && !transform);
        others.put("generative options", generativeOptions != null && profile != ProfileId.GENERATIVE);
        return others.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
    }

    /** Goes back to writing no thumbnail but those that are given with the image. */
    public void unsetThumbnailSize() {
        thumbnailSize = OptionalInt.empty();
    }

    /** The longest side of the thumbnail to make, if one is asked for. */
    public OptionalInt getThumbnailSize() {
        return thumbnailSize;
    }

    /**
     * Chooses a profile. Without a choice a picture has the transform profile, or the lossless one if it has few colours and takes fewer
     * bytes in it.
     */
    @Override
    public void setCompressionType(String compressionType) {
        super.setCompressionType(compressionType);
        profileChosen = compressionType != null;
    }

    boolean isProfileChosen() {
        return profileChosen;
    }

    /** Goes back to the default profile and quality. */
    @Override
    public void unsetCompression() {
        super.unsetCompression();
        profileChosen = false;
        compressionType = DEFAULT_PROFILE.label();
        compressionQuality = EncodeOptions.DEFAULT_QUALITY;
    }

    @Override
    public boolean isCompressionLossless() {
        return super.isCompressionLossless() && ProfileId.LOSSLESS.label().equals(compressionType);
    }

    @Override
    public float[] getCompressionQualityValues() {
        super.getCompressionQualityValues();
        return QUALITY_VALUES.clone();
    }

    @Override
    public String[] getCompressionQualityDescriptions() {
        super.getCompressionQualityDescriptions();
        return QUALITY_DESCRIPTIONS.clone();
    }
}
