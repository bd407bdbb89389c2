// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.SemParser;
import org.semimage.model.Models;

import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.util.Locale;

/** Announces {@link SemImageReader} to ImageIO. Loads no model and no native library. */
public final class SemImageReaderSpi extends ImageReaderSpi {

    /** For {@link java.util.ServiceLoader}. */
    public SemImageReaderSpi() {
        super(SemProviderInfo.vendor(), SemProviderInfo.version(),
                SemProviderInfo.formatNames(), SemProviderInfo.suffixes(), SemProviderInfo.mimeTypes(),
                SemImageReader.class.getName(), new Class<?>[] {ImageInputStream.class}, new String[] {SemImageWriterSpi.class.getName()},
                false, null, null, null, null,
                true, SemMetadata.FORMAT_NAME, SemMetadataFormat.class.getName(), null, null);
    }

    /**
     * Whether a SEM picture of version 8 to 11 begins at the stream's position. A version that this build cannot read is the reader's to
     * refuse, with a message. Other versions do not exist: what begins as they would is text.
     */
    @Override
    public boolean canDecodeInput(Object source) throws IOException {
        return source instanceof ImageInputStream in && SemParser.startsPicture(in);
    }

    @Override
    public ImageReader createReaderInstance(Object extension) {
        return new SemImageReader(this);
    }

    /** Frees the models that pictures have been coded with; who still has a reader or writer can go on, and loads them anew. */
    @Override
    public void onDeregistration(ServiceRegistry registry, Class<?> category) {
        Models.leave();
    }

    @Override
    public String getDescription(Locale locale) {
        return "SEM image reader";
    }
}
