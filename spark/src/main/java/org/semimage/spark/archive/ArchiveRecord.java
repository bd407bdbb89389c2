// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.semimage.container.SemFile;
import org.semimage.container.SemOutline;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.TextEntry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a SEM file of an archive says of how it came about: a text of the file. A later run skips sources that it still fits.
 *
 * @param length   of the source in bytes
 * @param modified when the source was changed last, in milliseconds since 1970
 * @param sha256   of the source, in hexadecimal
 * @param settings as {@link TranscodeSettings#line} gives them
 * @param score    SSIMULACRA 2 of a picture with loss, to three places; empty without loss, or for pictures too small for it
 */
record ArchiveRecord(long length, long modified, String sha256, String settings, OptionalDouble score) {

    /** The keyword of the text. */
    static final String KEYWORD = "SEM archive";

    private static final String NO_SCORE = "none";
    private static final int LINES = 5;

    /** Rounds the score to what the text says of it. */
    ArchiveRecord {
        score = score.isPresent() ? OptionalDouble.of(Math.round(score.getAsDouble() * 1000) / 1000.0) : score;
    }

    /** The file with this record in front, in place of any that it had. */
    SemFile into(SemFile file) {
        String text = length + "\n" + modified + "\n" + sha256 + "\n" + settings + "\n"
                + (score.isPresent() ? String.format(Locale.ROOT, "%.3f", score.getAsDouble()) : NO_SCORE);
        return file.withAncillary(Ancillary.NONE.withTexts(List.of(new TextEntry(KEYWORD, "", text))).chunks());
    }

    /** The first record of a file; empty if there is none, or it cannot be read. */
    static Optional<ArchiveRecord> of(SemOutline outline) {
        return Ancillary.of(outline.ancillary()).text(KEYWORD).flatMap(ArchiveRecord::parse);
    }

    /** Whether a source of a length, unless it has changed, would be made into this file, and not be put into quarantine for its score. */
    boolean fits(long sourceLength, TranscodeSettings wanted, ArchiveLimits limits) {
        return length == sourceLength && settings.equals(wanted.line()) && score.orElse(Double.POSITIVE_INFINITY) >= limits.minScore();
    }

    private static Optional<ArchiveRecord> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES) {
            return Optional.empty();
        }
        try {
            OptionalDouble score = lines[4].equals(NO_SCORE) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(lines[4]));
            return Optional.of(new ArchiveRecord(Long.parseLong(lines[0]), Long.parseLong(lines[1]), lines[2], lines[3], score));
        } catch (NumberFormatException noRecord) {
            return Optional.empty();
        }
    }
}
