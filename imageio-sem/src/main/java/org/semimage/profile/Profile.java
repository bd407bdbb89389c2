// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.Watcher;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;

import javax.imageio.IIOException;

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
     * @param picture may be too large to be had at once; a profile reads what it needs
     * @param options rate and quality; never null
     * @param watcher told of progress and warnings, asked whether to stop
     * @return a complete file, without the metadata chunks a caller may add
     * @throws IIOException if the picture cannot be coded by this profile or a model is missing
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    SemFile encode(PixelSource picture, EncodeOptions options, Watcher watcher) throws IIOException;

    /**
     * Decodes a picture, part of it, or either at a smaller size; {@link WholePicture#decode(Profile, SemFile, Watcher)} is a shorter way
     * to all of it.
     *
     * @param file    a parsed file of this profile; its payload may be cut short if {@link SemFile#truncated()}
     * @param request what to decode
     * @param sink    takes the pixels in the format of the header; parts may overlap the request's borders, and come in any order
     * @param watcher told of progress and warnings, asked whether to stop
     * @throws IIOException if the payload is malformed, where the message names chunk and offset, or if the sink fails
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException;

    /**
     * How many progressive passes a file has, of which each adds detail to all of the picture; see {@link DecodeRequest#lastPass}.
     *
     * @throws IIOException if the payload is malformed
     */
    default int passes(SemFile file) throws IIOException {
        return 1;
    }
}
