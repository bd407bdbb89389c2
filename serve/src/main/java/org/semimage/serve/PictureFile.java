// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.semimage.container.SemLimits;

import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * A picture that may be served.
 *
 * @param name     as clients call it
 * @param path     the file itself, without symbolic links
 * @param type     its media type
 * @param bytes    its length
 * @param modified when it was changed last
 * @param identity what changes when the file is another
 */
record PictureFile(String name, Path path, String type, long bytes, Instant modified, String identity) implements Picture {

    static PictureFile of(String name, Path path, String type, BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        return new PictureFile(name, path, type, attributes.size(), modified,
                attributes.fileKey() + "/" + attributes.size() + "/" + modified);
    }

    @Override
    public String title() {
        return name;
    }

    @Override
    public boolean isPublic() {
        return true;
    }

    @Override
    public long maxPixels() {
        return SemLimits.current().maxPixels();
    }

    @Override
    public ImageInputStream open() throws IOException {
        return new FileImageInputStream(path.toFile());
    }
}
