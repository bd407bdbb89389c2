// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Finds the best quality of which a file takes no more than so many bytes, for writers that know of qualities alone. */
final class QualitySearch {

    /** Qualities that are told apart: more than JPEG has. */
    private static final int QUALITIES = 128;

    private QualitySearch() {
    }

    /**
     * The largest file that fits.
     *
     * @param format ImageIO's name
     * @throws IIOException                               if none fits, or the format has no qualities
     * @throws java.util.concurrent.CancellationException if aborted
     */
    static byte[] within(BufferedImage picture, String format, int bytes, AbortSwitch abort) throws IOException {
        byte[] best = write(picture, format, 0, abort);
        if (best.length > bytes) {
            throw new IIOException(format + " takes at least " + best.length + " bytes");
        }
        int fits = 0;
        int large = QUALITIES + 1;
        while (large - fits > 1) {
            int middle = (fits + large) / 2;
            byte[] file = write(picture, format, middle / (float) QUALITIES, abort);
            if (file.length <= bytes) {
                fits = middle;
                best = file;
            } else {
                large = middle;
            }
        }
        return best;
    }

    private static byte[] write(BufferedImage picture, String format, float quality, AbortSwitch abort) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        abort.endsBy(writer::abort);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            if (!settings.canWriteCompressed()) {
                throw new IIOException("the writer of " + format + " has no qualities");
            }
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            lossy(settings.getCompressionTypes()).ifPresent(settings::setCompressionType);
            settings.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), settings);
        } finally {
            abort.endsBy(null);
            writer.dispose();
        }
        abort.check();
        return bytes.toByteArray();
    }

    /** The way of compressing that has qualities, by its name. */
    private static Optional<String> lossy(String[] types) {
        return types == null ? Optional.empty()
                : Arrays.stream(types).filter(type -> !type.toLowerCase(Locale.ROOT).contains("lossless")).findFirst();
    }
}
