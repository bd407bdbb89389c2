// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.Watcher;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.Downscale;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/**
 * One operating point of the format: turns pictures into files and back.
 *
 * <p>Implementations are stateless and safe for use by many threads at once; models behind them are loaded on first use.
 */
public interface Profile {

    /** The profile's place in the file header. */
    ProfileId id();

    /**
     * Encodes a picture.
     *
     * @param image   the picture
     * @param options rate and quality; never null
     * @param watcher told of progress and warnings, asked whether to stop
     * @return a complete file, without the metadata chunks a caller may add
     * @throws IIOException if the picture cannot be coded by this profile or a model is missing
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    SemFile encode(PixelPlanes image, EncodeOptions options, Watcher watcher) throws IIOException;

    /**
     * Decodes a picture.
     *
     * @param file    a parsed file of this profile; its payload may be cut short if {@link SemFile#truncated()}
     * @param watcher told of progress and warnings, asked whether to stop
     * @return the picture, of the size and format that the header declares
     * @throws IIOException if the payload is malformed; the message names chunk and offset
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    PixelPlanes decode(SemFile file, Watcher watcher) throws IIOException;

    /**
     * Decodes a picture, with a choice for pixels that the file does not hold.
     *
     * @param generative what may be invented; of no meaning to profiles that invent nothing
     */
    default PixelPlanes decode(SemFile file, SynthesisPolicy generative, Watcher watcher) throws IIOException {
        return decode(file, watcher);
    }

    /** Encodes a picture that may be too large to be had at once; see {@link #encode(PixelPlanes, EncodeOptions, Watcher)}. */
    default SemFile encode(PixelSource source, EncodeOptions options, Watcher watcher) throws IIOException {
        return encode(source.readAll(watcher.cancellation()), options, watcher);
    }

    /**
     * How many progressive passes a file has, of which each adds detail to all of the picture; see {@link DecodeRequest#lastPass}.
     *
     * @throws IIOException if the payload is malformed
     */
    default int passes(SemFile file) throws IIOException {
        return 1;
    }

    /**
     * Decodes part of a picture, or all of it at a smaller size; see {@link #decode(SemFile, Watcher)}.
     *
     * @param request what to decode
     * @param sink    takes the pixels; parts may overlap the request's borders, and come in any order
     */
    default void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        PixelPlanes picture = decode(file, request.generative(), watcher);
        Rectangle scaled = request.scaledRegion();
        boolean isWhole = request.region().equals(new Rectangle(picture.width(), picture.height()));
        PixelPlanes part = request.scale() > 1 ? Downscale.box(picture, scaled, request.scale(), watcher.cancellation())
                : isWhole ? picture : picture.crop(request.region());
        sink.write(part, scaled.x, scaled.y);
    }
}
