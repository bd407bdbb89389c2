// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.network.CoefficientNet;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.render.Coarse;
import org.semimage.render.Renderer;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/**
 * From what is coded to the picture with the detail that the renderer adds: to what is coded, and again each time that it is doubled. Each
 * size has its own noise.
 *
 * @param plain        gives what is coded
 * @param network      the renderer's
 * @param qualityIndex of what is coded
 * @param strength     0..1
 * @param regions      to which nothing is added, at any size
 */
record RenderedDecoding(PlainDecoding plain, CoefficientNet network, int qualityIndex, float strength, ProtectedRegions regions) {

    /**
     * Writes a region of the picture; alpha is left at zero.
     *
     * @throws IIOException if the sink fails
     */
    void write(Rectangle region, PixelSink sink) throws IIOException {
        write(0, region, sink);
    }

    /** Writes a region of the picture at {@code 2^-halvings} of its size. */
    private void write(int halvings, Rectangle region, PixelSink sink) throws IIOException {
        Shrink all = plain.coded().shrink();
        Shrink size = new Shrink(halvings, all.width(), all.height());
        Rectangle around = Renderer.around(region, size.codedWidth(), size.codedHeight());
        boolean isCoded = halvings == all.log2();
        PixelPlanes picture = isCoded ? plain.small(around) : doubled(halvings, size, around);
        new Renderer(network, halvings, strength).render(picture, around, region,
                isCoded ? new Coarse(qualityIndex) : Coarse.DOUBLED, plain.watcher().cancellation(),
                regions.keeping(picture, around, halvings, sink));
    }

    private PixelPlanes doubled(int halvings, Shrink size, Rectangle region) throws IIOException {
        Shrink once = new Shrink(1, size.codedWidth(), size.codedHeight());
        Rectangle around = once.around(region);
        PixelPlanes half = PixelPlanes.blank(around.width, around.height, plain.coded().header().format());
        write(halvings + 1, around, PixelSink.into(half, around.x, around.y));
        return once.enlarged(half, around, 0).read(region);
    }
}
