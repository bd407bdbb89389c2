// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Watcher;
import org.semimage.container.SemHeader;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.WholePicture;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/**
 * From what is coded to the picture: unfolds it, and enlarges it. Alpha is left at zero.
 *
 * @param coded   what is coded
 * @param decoder of it
 * @param watcher asked whether to stop
 */
record PlainDecoding(CodedPicture coded, TransformDecoder decoder, Watcher watcher) {

    /**
     * Writes what is asked for of the picture.
     *
     * @throws IIOException if the sink fails
     */
    void write(DecodeRequest request, PixelSink sink) throws IIOException {
        Shrink shrink = coded.shrink();
        if (!shrink.enlarges(request)) {
            unfold(shrink.coded(request), sink);
        } else {
            Rectangle around = shrink.around(request.region());
            shrink.enlarge(small(around), around, request, sink, watcher);
        }
    }

    /** A part of what is coded, unfolded. */
    PixelPlanes small(Rectangle part) throws IIOException {
        PixelPlanes small = PixelPlanes.blank(part.width, part.height, coded.header().format());
        unfold(new DecodeRequest(part, 1), PixelSink.into(small, part.x, part.y));
        return small;
    }

    private void unfold(DecodeRequest request, PixelSink sink) throws IIOException {
        Fold fold = coded.fold();
        Rectangle region = request.region();
        if (!fold.isFolded()) {
            decoder.decode(request, sink);
        } else if (request.scale() == 1) {
            decoder.decode(new DecodeRequest(fold.coded(region), 1), fold.picture(region, sink));
        } else {
            // The coarse levels of strips would mix what lies far apart.
            SemHeader header = coded.shrink().coded(coded.header());
            Rectangle all = new Rectangle(header.width(), header.height());
            WholePicture.write(small(all), request, sink, watcher.cancellation());
        }
    }
}
