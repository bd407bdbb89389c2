// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.semimage.compute.Watcher;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;

/**
 * Says what a picture shows. Implementations are found through {@link java.util.ServiceLoader}; constructors must be cheap, models
 * are to be loaded on first use. Instances are used by many threads at once.
 */
public interface Captioner {

    /** A name for messages. */
    String name();

    /**
     * Describes a picture in one sentence.
     *
     * @param image   the picture
     * @param watcher told of progress and warnings, asked whether to stop; never null
     * @return the caption, not null, at most {@link org.semimage.text.TextCodec#MAX_LENGTH} characters
     * @throws IIOException if a model is missing or fails
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    String caption(PixelPlanes image, Watcher watcher) throws IIOException;
}
