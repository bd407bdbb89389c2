// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.imageio.SemImageReadParam;
import org.semimage.imageio.SemImageReader;
import org.semimage.imageio.SemImageReaderSpi;
import org.semimage.imageio.Subsampling;
import org.semimage.metadata.Ancillary;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;

import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** The first picture of a SEM file. Nothing is decoded until a column asks for it, and nothing is invented. */
final class SemPicture implements AutoCloseable {

    private static final int THUMBNAIL = 128;

    /** One over the smallest scale at which a picture can be decoded from coarse levels. */
    private static final int COARSEST = 8;

    private final ImageInputStream in;
    private final SemOutline outline;
    private final SemImageReader reader = (SemImageReader) new SemImageReaderSpi().createReaderInstance(null);

    /**
     * Reads header and chunks.
     *
     * @param in at the file's first byte; stays the caller's
     * @throws IOException if it is no SEM file
     */
    SemPicture(ImageInputStream in) throws IOException {
        this.in = in;
        this.outline = SemParser.outline(in);
        in.seek(0);
        reader.setInput(in);
    }

    /** Whether the file ends before the picture does. */
    boolean isCutOff() {
        return outline.truncated();
    }

    /**
     * The value of a column in Spark's own form; null for those that the file does not decide.
     *
     * @throws IOException if the file is too damaged for it
     */
    Object value(String column) throws IOException {
        return switch (column) {
            case Columns.WIDTH -> outline.header().width();
            case Columns.HEIGHT -> outline.header().height();
            case Columns.PROFILE -> UTF8String.fromString(outline.header().profile().label());
            case Columns.CAPTION -> UTF8String.fromString(caption().orElse(null));
            case Columns.THUMBNAIL -> thumbnail();
            case Columns.PIXELS -> pixels();
            default -> null;
        };
    }

    private Optional<String> caption() throws IOException {
        ProfileId profile = outline.header().profile();
        Optional<String> told = Ancillary.of(outline.ancillary()).caption();
        if (profile != ProfileId.GENERATIVE && !profile.isSemantic()) {
            return told;
        }
        in.seek(0);
        SemFile file = SemParser.parse(in);
        return (profile.isSemantic() ? SemanticProfile.content(file).caption() : GenerativeProfile.caption(file)).or(() -> told);
    }

    /** A PNG of at most 128 x 128 pixels, from coarse levels where there are any. */
    private byte[] thumbnail() throws IOException {
        int side = Math.max(outline.header().width(), outline.header().height());
        int period = Math.min(COARSEST, Integer.highestOneBit(Math.max(1, side / THUMBNAIL)));
        SemImageReadParam param = param();
        param.setSubsampling(Subsampling.FAST);
        param.setSourceSubsampling(period, period, 0, 0);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(Shrinking.within(reader.read(0, param), THUMBNAIL), "png", png);
        return png.toByteArray();
    }

    private GenericInternalRow pixels() throws IOException {
        BufferedImage image = reader.read(0, param());
        OpenCvPixels pixels = OpenCvPixels.of(image);
        return new GenericInternalRow(new Object[] {image.getHeight(), image.getWidth(), pixels.channels(), pixels.mode(), pixels.data()});
    }

    private SemImageReadParam param() {
        SemImageReadParam param = reader.getDefaultReadParam();
        param.setGenerative(SynthesisPolicy.PLAIN);
        return param;
    }

    @Override
    public void close() {
        reader.dispose();
    }
}
