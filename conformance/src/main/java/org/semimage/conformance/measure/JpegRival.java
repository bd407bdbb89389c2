// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;

/** Java's own JPEG encoder, with progressive scans, which make its files smaller. */
final class JpegRival implements Rival {

    private static final int HIGHEST = 100;

    @Override
    public String name() {
        return "JPEG";
    }

    @Override
    public Coded code(BufferedImage picture, long bytes) throws IOException {
        SizeSearch.Found found = SizeSearch.largestWithin(bytes, HIGHEST, setting -> write(picture, (float) setting / HIGHEST));
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(found.file()));
        return new Coded(decoded, found.file().length, "Java ImageIO, progressive, quality " + found.setting() + " of " + HIGHEST);
    }

    /** A JPEG file at a quality of 0 to 1. */
    static byte[] write(BufferedImage picture, float quality) throws IOException {
        ImageWriter writer = javaWriter();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), param);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static ImageWriter javaWriter() throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if (writer.getClass().getModule() == ImageIO.class.getModule()) {
                return writer;
            }
        }
        throw new IOException("this Java has no JPEG encoder of its own");
    }
}
