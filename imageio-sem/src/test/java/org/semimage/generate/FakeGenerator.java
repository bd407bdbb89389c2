// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.semimage.compute.Watcher;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.Arrays;

/**
 * A generator whose captions are colours: a caption with the word red, green or blue makes the plain rendition's samples of that colour
 * full. It is there where a property is set.
 */
public final class FakeGenerator implements Generator {

    /** Anything; {@code broken} stands for a generator that fails. */
    public static final String PROPERTY = "org.semimage.test.generator";

    private static final String[] COLOURS = {"red", "green", "blue"};

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean isInstalled() {
        return System.getProperty(PROPERTY) != null;
    }

    @Override
    public boolean needsCaption() {
        return true;
    }

    @Override
    public boolean accepts(Request request) {
        return isInstalled() && request.caption().isPresent();
    }

    @Override
    public PixelPlanes generate(Request request, Watcher watcher) throws IIOException {
        if (System.getProperty(PROPERTY).equals("broken")) {
            throw new IIOException("out of paint");
        }
        PixelPlanes picture = PixelPlanes.blank(request.width(), request.height(), request.rendition().format());
        for (int c = 0; c < COLOURS.length; c++) {
            short[] plane = request.rendition().samples()[c];
            if (request.caption().orElseThrow().contains(COLOURS[c])) {
                Arrays.fill(picture.samples()[c], (short) 255);
            } else {
                System.arraycopy(plane, 0, picture.samples()[c], 0, plane.length);
            }
        }
        return picture;
    }
}
