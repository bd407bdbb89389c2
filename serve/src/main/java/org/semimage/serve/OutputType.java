// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedQualityCSV;

import javax.imageio.ImageIO;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of thumbnails, those that are better for their bytes first. */
enum OutputType {

    /** For clients that name it: one that takes anything may know nothing of it. */
    SEM(Picture.SEM, "sem", 1),

    /** Where an ImageIO plug-in writes it; for clients that name it. */
    WEBP("image/webp", "webp", 1),

    /** Without alpha. */
    JPEG("image/jpeg", "jpeg", 1),

    /** Below the weight 0.8 that browsers give to what they do not name, as a photograph takes five times the bytes. */
    PNG("image/png", "png", 0.7);

    private final String mediaType;
    private final String formatName;
    private final double worth;

    OutputType(String mediaType, String formatName, double worth) {
        this.mediaType = mediaType;
        this.formatName = formatName;
        this.worth = worth;
    }

    String mediaType() {
        return mediaType;
    }

    /** ImageIO's name. */
    String formatName() {
        return formatName;
    }

    /**
     * The format that a client likes best by its {@code Accept} (RFC 9110, 12.5.1), whose weights are multiplied by what a format is worth.
     *
     * @return empty if it takes none of them
     */
    static Optional<OutputType> acceptedBy(HttpFields headers) {
        if (!headers.contains(HttpHeader.ACCEPT)) {
            return Optional.of(JPEG);
        }
        QuotedQualityCSV accept = headers.newQuotedQualityCSV(QuotedQualityCSV.MOST_SPECIFIC_MIME_ORDERING);
        headers.getValuesList(HttpHeader.ACCEPT).forEach(accept::addValue);
        List<QuotedQualityCSV.QualityValue> ranges = accept.getQualityValues();
        OutputType best = null;
        for (OutputType type : values()) {
            double weight = type.weight(ranges);
            if (weight > 0 && (best == null || weight > best.weight(ranges)) && type.isWritable()) {
                best = type;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean isWritable() {
        return Arrays.asList(ImageIO.getWriterFormatNames()).contains(formatName);
    }

    /** By the range that names the type most exactly; 0 if none does. */
    private double weight(List<QuotedQualityCSV.QualityValue> ranges) {
        boolean named = this == SEM || this == WEBP;
        List<String> names = named ? List.of(mediaType) : List.of(mediaType, "image/*", "*/*");
        for (String name : names) {
            for (QuotedQualityCSV.QualityValue range : ranges) {
                if (range.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(name)) {
                    return range.getWeight() * worth;
                }
            }
        }
        return 0;
    }
}
