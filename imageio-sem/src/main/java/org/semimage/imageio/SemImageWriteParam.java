package org.semimage.imageio;

import org.semimage.profile.EncodeOptions;
import org.semimage.profile.ProfileId;

import javax.imageio.ImageWriteParam;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How to write a picture. As it comes, it asks for the default profile and quality; after
 * {@code setCompressionMode(MODE_EXPLICIT)}, {@link #setCompressionType} chooses the profile and {@link #setCompressionQuality}
 * the quality. A target size overrides the quality in every mode. {@code setProgressiveMode(MODE_DEFAULT)} asks for a file in layers, which
 * is good wherever it is cut, and takes several times as long to write; other modes write one layer.
 */
public final class SemImageWriteParam extends ImageWriteParam {

    /** The profile that is written unless another is asked for. */
    static final ProfileId DEFAULT_PROFILE = ProfileId.TRANSFORM;

    private static final float[] QUALITY_VALUES = {0, 0.25f, 0.5f, 0.75f, 1};
    private static final String[] QUALITY_DESCRIPTIONS = {"Smallest file", "Small file", "High quality", "Visually lossless"};

    private OptionalInt targetBytes = OptionalInt.empty();

    /** @param locale for messages; may be null */
    public SemImageWriteParam(Locale locale) {
        super(locale);
        canWriteCompressed = true;
        canWriteProgressive = true;
        compressionTypes = new String[] {DEFAULT_PROFILE.label()};
        compressionType = DEFAULT_PROFILE.label();
        compressionQuality = EncodeOptions.DEFAULT_QUALITY;
    }

    /** A parameter for the default locale. */
    public SemImageWriteParam() {
        this(null);
    }

    /**
     * Asks for the best quality of which the whole file takes no more than so many bytes.
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

    /** Goes back to the default profile and quality. */
    @Override
    public void unsetCompression() {
        super.unsetCompression();
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
