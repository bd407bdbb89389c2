// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** The pictures of a file as programs show them, with their metadata. */
interface Frames {

    /** A picture by its index. */
    IIOImage get(int index) throws IOException;

    /** Its columns times its rows. */
    long pixels(int index) throws IOException;

    /** Those of a reader's input. What a GIF file of several pictures holds are parts, to be put on top of one another. */
    static Frames of(ImageReader reader, Path file, PrintWriter err) throws IOException {
        if (Pictures.isOf(reader, "gif") && Pictures.count(reader, file, err) > 1) {
            return new GifFrames(reader);
        }
        return new Frames() {
            @Override
            public IIOImage get(int index) throws IOException {
                return Pictures.readAll(reader, index, file, err);
            }

            @Override
            public long pixels(int index) throws IOException {
                return (long) reader.getWidth(index) * reader.getHeight(index);
            }
        };
    }
}
