// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import com.twelvemonkeys.imageio.util.ImageWriterAbstractTest;
import org.semimage.imageio.SemImageWriter;
import org.semimage.imageio.SemImageWriterSpi;

import javax.imageio.spi.ImageWriterSpi;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.util.List;
import java.util.stream.IntStream;

/** TwelveMonkeys' suite for writers, over every type of {@link BufferedImage}. */
class SemImageWriterTest extends ImageWriterAbstractTest<SemImageWriter> {

    @Override
    protected ImageWriterSpi createProvider() {
        return new SemImageWriterSpi();
    }

    @Override
    protected List<? extends RenderedImage> getTestData() {
        return IntStream.rangeClosed(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_INDEXED)
                .mapToObj(type -> EncodedFiles.picture(37, 29, type))
                .toList();
    }
}
