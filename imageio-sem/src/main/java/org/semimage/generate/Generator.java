// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.semimage.compute.Watcher;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.Optional;

/**
 * Makes pictures from what is known of them. Implementations are found through {@link java.util.ServiceLoader}; constructors must be
 * cheap, models are to be loaded on first use. Instances are used by many threads at once.
 */
public interface Generator {

    /**
     * What to make.
     *
     * @param width       columns of the picture
     * @param height      rows
     * @param seed        the only source of chance: equal requests give equal pictures
     * @param caption     what it shows; absent if the file has none
     * @param descriptors how it looks; absent in the caption profile
     * @param rendition   the plain rendition in the wanted size, to start from or to compare with
     * @param descriptorWeight 0..1: how much the descriptors weigh against a pleasing picture
     */
    record Request(int width, int height, long seed, Optional<String> caption, Optional<Descriptors> descriptors,
                   PixelPlanes rendition, float descriptorWeight) {
    }

    /** A name for messages and metadata. */
    String name();

    /** Whether this generator is set up to work at all; must be quick. */
    default boolean isInstalled() {
        return true;
    }

    /** What comes first where there are several: {@link Services#EMBEDDED} or {@link Services#CONFIGURED}. */
    default int rank() {
        return Services.EMBEDDED;
    }

    /** Whether this generator leaves files without a caption to others. */
    default boolean needsCaption() {
        return false;
    }

    /** Whether this generator can work here and on such a request; must be quick. */
    boolean accepts(Request request);

    /**
     * Makes a picture.
     *
     * @param request what to make
     * @param watcher told of progress and warnings, asked whether to stop; never null
     * @return an RGB picture of the requested size
     * @throws IIOException if a model is missing or fails
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    PixelPlanes generate(Request request, Watcher watcher) throws IIOException;
}
