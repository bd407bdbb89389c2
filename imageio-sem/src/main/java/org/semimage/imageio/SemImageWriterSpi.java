// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.model.Models;

import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageOutputStream;
import java.util.Locale;

/** Announces {@link SemImageWriter} to ImageIO. Loads no model and no native library. */
public final class SemImageWriterSpi extends ImageWriterSpi {

    /** For {@link java.util.ServiceLoader}. */
    public SemImageWriterSpi() {
        super(SemProviderInfo.vendor(), SemProviderInfo.version(),
                SemProviderInfo.formatNames(), SemProviderInfo.suffixes(), SemProviderInfo.mimeTypes(),
                SemImageWriter.class.getName(), new Class<?>[] {ImageOutputStream.class}, new String[] {SemImageReaderSpi.class.getName()},
                false, null, null, null, null,
                true, SemMetadata.FORMAT_NAME, SemMetadataFormat.class.getName(), null, null);
    }

    /** Always true: the writer converts every type. */
    @Override
    public boolean canEncodeImage(ImageTypeSpecifier type) {
        if (type == null) {
            throw new IllegalArgumentException("type == null");
        }
        return true;
    }

    @Override
    public ImageWriter createWriterInstance(Object extension) {
        return new SemImageWriter(this);
    }

    /** Frees the models that pictures have been coded with; who still has a reader or writer can go on, and loads them anew. */
    @Override
    public void onDeregistration(ServiceRegistry registry, Class<?> category) {
        Models.leave();
    }

    @Override
    public String getDescription(Locale locale) {
        return "SEM image writer";
    }
}
