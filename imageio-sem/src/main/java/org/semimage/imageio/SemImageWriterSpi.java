package org.semimage.imageio;

import com.twelvemonkeys.imageio.spi.ImageWriterSpiBase;
import org.semimage.model.Models;

import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.spi.ServiceRegistry;
import java.util.Locale;

/** Announces {@link SemImageWriter} to ImageIO. Loads no model and no native library. */
public final class SemImageWriterSpi extends ImageWriterSpiBase {

    /** For {@link java.util.ServiceLoader}. */
    public SemImageWriterSpi() {
        super(new SemProviderInfo());
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
