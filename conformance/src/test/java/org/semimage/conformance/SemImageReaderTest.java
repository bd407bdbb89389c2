// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import com.twelvemonkeys.imageio.util.ImageReaderAbstractTest;
import org.semimage.imageio.SemImageReader;
import org.semimage.imageio.SemImageReaderSpi;

import javax.imageio.spi.ImageReaderSpi;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.List;

/** TwelveMonkeys' suite for readers. */
class SemImageReaderTest extends ImageReaderAbstractTest<SemImageReader> {

    private static final List<TestData> FILES = List.of(
            file(31, 29, BufferedImage.TYPE_INT_RGB),
            file(33, 27, BufferedImage.TYPE_INT_ARGB),
            file(40, 24, BufferedImage.TYPE_BYTE_GRAY),
            file(1, 1, BufferedImage.TYPE_INT_RGB),
            file(1, 13, BufferedImage.TYPE_INT_RGB),
            file(13, 1, BufferedImage.TYPE_INT_ARGB),
            new TestData(EncodedFiles.wideGamut(35, 26), new Dimension(35, 26)),
            new TestData(EncodedFiles.sequence(21, 30, 14), new Dimension(30, 21), new Dimension(14, 21)),
            file(260, 130, BufferedImage.TYPE_3BYTE_BGR));

    private static TestData file(int width, int height, int type) {
        return new TestData(EncodedFiles.sem(width, height, type), new Dimension(width, height));
    }

    @Override
    protected ImageReaderSpi createProvider() {
        return new SemImageReaderSpi();
    }

    @Override
    protected List<TestData> getTestData() {
        return FILES;
    }

    @Override
    protected List<String> getFormatNames() {
        return List.of("sem", "SEM");
    }

    @Override
    protected List<String> getSuffixes() {
        return List.of("sem");
    }

    @Override
    protected List<String> getMIMETypes() {
        return List.of("image/x-sem");
    }
}
