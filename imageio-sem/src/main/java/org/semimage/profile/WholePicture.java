// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.Downscale;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/** Pictures that are decoded as a whole, because a caller wants all of one or a profile has no parts. */
public final class WholePicture {

    private WholePicture() {
    }

    /** All of a picture, with nothing invented; see {@link #decode(Profile, SemFile, SynthesisPolicy, Watcher)}. */
    public static PixelPlanes decode(Profile profile, SemFile file, Watcher watcher) throws IIOException {
        return decode(profile, file, SynthesisPolicy.PLAIN, watcher);
    }

    /**
     * All of a picture at full size.
     *
     * @param generative what may be invented; of no meaning to profiles that invent nothing
     * @return the picture, of the size and format that the header declares
     * @throws IIOException as {@link Profile#decode} does
     */
    public static PixelPlanes decode(Profile profile, SemFile file, SynthesisPolicy generative, Watcher watcher) throws IIOException {
        SemHeader header = file.header();
        PixelPlanes image = PixelPlanes.blank(header.width(), header.height(), header.format());
        DecodeRequest request = new DecodeRequest(new Rectangle(header.width(), header.height()), 1, generative, 1,
                DecodeRequest.ALL_PASSES);
        profile.decode(file, request, PixelSink.into(image, 0, 0), watcher);
        return image;
    }

    /**
     * Gives a sink what is asked for of a picture that is there; smaller sizes are averages of blocks.
     *
     * @throws IIOException if the sink fails
     * @throws java.util.concurrent.CancellationException if the request is made before a smaller size is ready
     */
    public static void write(PixelPlanes picture, DecodeRequest request, PixelSink sink, Cancellation cancellation) throws IIOException {
        Rectangle scaled = request.scaledRegion();
        boolean isWhole = request.region().equals(new Rectangle(picture.width(), picture.height()));
        PixelPlanes part = request.scale() > 1 ? Downscale.box(picture, scaled, request.scale(), cancellation)
                : isWhole ? picture : picture.crop(request.region());
        sink.write(part, scaled.x, scaled.y);
    }
}
