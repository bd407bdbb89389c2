// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.semimage.compute.Watcher;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.List;

/**
 * Says what a picture shows. Implementations are found through {@link java.util.ServiceLoader}; constructors must be cheap, models
 * are to be loaded on first use. Instances are used by many threads at once.
 */
public interface Captioner {

    /** A name for messages. */
    String name();

    /** Whether this captioner is set up to work at all; must be quick. */
    default boolean isInstalled() {
        return true;
    }

    /** What comes first where there are several: {@link Services#EMBEDDED} or {@link Services#CONFIGURED}. */
    default int rank() {
        return Services.EMBEDDED;
    }

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

    /**
     * Describes a picture in several sentences, of which each would do alone. A captioner that knows one gives that one.
     *
     * @param image   the picture
     * @param count   how many are wanted, at least 1
     * @param watcher told of progress and warnings, asked whether to stop; never null
     * @return 1 to {@code count} captions, all different, the best first
     * @throws IIOException if a model is missing or fails
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    default List<String> captions(PixelPlanes image, int count, Watcher watcher) throws IIOException {
        return List.of(caption(image, watcher));
    }
}
