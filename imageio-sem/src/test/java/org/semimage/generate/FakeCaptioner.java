// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.semimage.compute.Watcher;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.List;

/** A captioner that says what a property tells it, with a bar between captions; it is not there without the property. */
public final class FakeCaptioner implements Captioner {

    /** The captions; nothing at all stands for a captioner that fails. */
    public static final String PROPERTY = "org.semimage.test.captions";

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean isInstalled() {
        return System.getProperty(PROPERTY) != null;
    }

    @Override
    public String caption(PixelPlanes image, Watcher watcher) throws IIOException {
        return captions(image, 1, watcher).get(0);
    }

    @Override
    public List<String> captions(PixelPlanes image, int count, Watcher watcher) throws IIOException {
        String captions = System.getProperty(PROPERTY);
        if (captions.isEmpty()) {
            throw new IIOException("nothing comes to mind");
        }
        return Arrays.stream(captions.split("\\|")).limit(count).toList();
    }
}
