package org.semimage.conformance;

import com.twelvemonkeys.imageio.spi.ReaderWriterProviderInfo;
import com.twelvemonkeys.imageio.spi.ReaderWriterProviderInfoTest;
import org.semimage.imageio.SemProviderInfo;

/** TwelveMonkeys' suite for what a plug-in says about itself; in this package because that is package-private. */
class SemProviderInfoTest extends ReaderWriterProviderInfoTest {

    @Override
    protected ReaderWriterProviderInfo createProviderInfo() {
        return new SemProviderInfo();
    }
}
