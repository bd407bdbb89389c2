// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.semimage.container.SemLimits;

import javax.imageio.stream.ImageInputStream;
import java.time.Instant;
import java.util.Optional;

/**
 * A picture that a client has sent, in memory.
 *
 * @param name     as the server calls it; nobody can guess it
 * @param type     its media type
 * @param content  the file, not copied
 * @param caption  what it shows, if the client says so
 * @param modified when it came
 */
record Upload(String name, String type, byte[] content, Optional<String> caption, Instant modified) implements Picture {

    /** More than cameras have, and few enough for the memory of a small server. */
    private static final long MAX_PIXELS = 50_000_000;

    @Override
    public String title() {
        return "the picture";
    }

    @Override
    public boolean isPublic() {
        return false;
    }

    @Override
    public long bytes() {
        return content.length;
    }

    @Override
    public String identity() {
        return "";
    }

    @Override
    public long maxPixels() {
        return Math.min(MAX_PIXELS, SemLimits.current().maxPixels());
    }

    @Override
    public ImageInputStream open() {
        return new Renditions.BytesInput(content);
    }
}
