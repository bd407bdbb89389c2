package org.semimage.imageio;

import com.twelvemonkeys.imageio.spi.ReaderWriterProviderInfo;

/** What reader and writer providers tell ImageIO about themselves. */
public final class SemProviderInfo extends ReaderWriterProviderInfo {

    SemProviderInfo() {
        super(
                SemProviderInfo.class,
                new String[] {"sem", "SEM"},
                new String[] {"sem"},
                new String[] {"image/x-sem"},
                "org.semimage.imageio.SemImageReader",
                new String[] {"org.semimage.imageio.SemImageReaderSpi"},
                "org.semimage.imageio.SemImageWriter",
                new String[] {"org.semimage.imageio.SemImageWriterSpi"},
                false, null, null, null, null,
                true, SemMetadata.FORMAT_NAME, "org.semimage.imageio.SemMetadataFormat", null, null);
    }
}
