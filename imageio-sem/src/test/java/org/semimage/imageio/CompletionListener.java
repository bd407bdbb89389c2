// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import javax.imageio.ImageWriter;
import javax.imageio.event.IIOWriteProgressListener;

/** Hears that a picture has been written. */
record CompletionListener(Runnable complete) implements IIOWriteProgressListener {

    @Override
    public void imageComplete(ImageWriter source) {
        complete.run();
    }

    @Override
    public void imageStarted(ImageWriter source, int imageIndex) {
    }

    @Override
    public void imageProgress(ImageWriter source, float percentageDone) {
    }

    @Override
    public void thumbnailStarted(ImageWriter source, int imageIndex, int thumbnailIndex) {
    }

    @Override
    public void thumbnailProgress(ImageWriter source, float percentageDone) {
    }

    @Override
    public void thumbnailComplete(ImageWriter source) {
    }

    @Override
    public void writeAborted(ImageWriter source) {
    }
}
