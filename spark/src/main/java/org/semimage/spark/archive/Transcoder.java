// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.imageio.SemImageWriterSpi;

import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Makes a SEM file of a picture's file, and decodes it again.
 *
 * @param settings how it is encoded
 * @param limits   what is refused
 */
record Transcoder(TranscodeSettings settings, ArchiveLimits limits) {

    /**
     * What became of a source.
     *
     * @param file     the SEM file, with its record
     * @param header   of that file
     * @param record   what it says of its source
     * @param warnings of reader and writer
     */
    record Transcoded(byte[] file, SemHeader header, ArchiveRecord record, List<String> warnings) {
    }

    /**
     * Transcodes one file.
     *
     * @param modified when the source was changed last, in milliseconds since 1970
     * @param sha256   of the source
     * @throws BadPictureException if it belongs into quarantine
     */
    Transcoded transcode(byte[] source, long modified, String sha256) throws BadPictureException {
        try {
            SourcePicture picture = SourcePicture.of(source, limits, settings.metadata());
            List<String> warnings = new ArrayList<>(picture.warnings());
            SemFile encoded = encode(picture, warnings);
            OptionalDouble score = Verification.of(SemSerializer.toBytes(encoded), encoded.header().profile(), picture.image());
            if (score.isPresent() && score.getAsDouble() < limits.minScore()) {
                throw new BadPictureException(Reason.NOT_VERIFIED,
                        String.format(Locale.ROOT, "SSIMULACRA 2 of %.2f, less than %s", score.getAsDouble(), limits.minScore()));
            }
            ArchiveRecord record = new ArchiveRecord(source.length, modified, sha256, settings.line(), score);
            return new Transcoded(SemSerializer.toBytes(record.into(encoded)), encoded.header(), record, List.copyOf(warnings));
        } catch (OutOfMemoryError e) {
            throw new BadPictureException(Reason.OUT_OF_MEMORY, e);
        }
    }

    /** By SEM's own provider: what ImageIO has registered depends on the class loader that asked it first. */
    private SemFile encode(SourcePicture picture, List<String> warnings) throws BadPictureException {
        ImageWriter writer = new SemImageWriterSpi().createWriterInstance(null);
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            writer.addIIOWriteWarningListener((source, index, warning) -> warnings.add(warning));
            try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(out);
                SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
                settings.apply(param);
                writer.write(null, picture.toWrite(), param);
            }
            return SemParser.parse(bytes.toByteArray());
        } catch (IOException | RuntimeException e) {
            throw new BadPictureException(Reason.NOT_ENCODED, e);
        } finally {
            writer.dispose();
        }
    }
}
