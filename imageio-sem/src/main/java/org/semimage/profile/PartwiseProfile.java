// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;

import javax.imageio.IIOException;

/** A profile that decodes parts at full size alone; smaller sizes are averages of the whole picture. */
public abstract class PartwiseProfile implements Profile {

    /** A picture in memory; see {@link Profile#encode}. */
    public abstract SemFile encode(PixelPlanes picture, EncodeOptions options, Watcher watcher) throws IIOException;

    /** All of a picture; see {@link Profile#decode}. */
    public final PixelPlanes decode(SemFile file, Watcher watcher) throws IIOException {
        return WholePicture.decode(this, file, watcher);
    }

    @Override
    public void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        WholePicture.write(decode(file, watcher), request, sink, watcher.cancellation());
    }
}
