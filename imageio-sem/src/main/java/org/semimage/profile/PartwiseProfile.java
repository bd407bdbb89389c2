// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;

import javax.imageio.IIOException;

/** A profile that decodes part by part; the whole picture is one such part. */
public abstract class PartwiseProfile implements Profile {

    @Override
    public final PixelPlanes decode(SemFile file, Watcher watcher) throws IIOException {
        SemHeader header = file.header();
        PixelPlanes image = PixelPlanes.blank(header.width(), header.height(), header.format());
        decode(file, DecodeRequest.whole(header.width(), header.height()), PixelSink.into(image, 0, 0), watcher);
        return image;
    }
}
