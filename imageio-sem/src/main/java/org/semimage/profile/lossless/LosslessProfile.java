// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Profile;
import org.semimage.profile.WholePicture;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lossless profile (FORMAT.md, "Lossless payload"). A picture is cut into strips that need nothing of each other. Each is coded in
 * the way that takes the fewest bytes of those that the effort allows.
 */
public final class LosslessProfile implements Profile {

    /** What a strip of the encoder aims at, in pixels: the least that models learn enough of, where strips take long. */
    private static final int STRIP_PIXELS = 1 << 21;
    private static final int SLOW_STRIP_PIXELS = 1 << 19;

    /** Strips in memory and in work at a time. */
    private static final int AT_ONCE = Math.min(4, Runtime.getRuntime().availableProcessors());

    @Override
    public ProfileId id() {
        return ProfileId.LOSSLESS;
    }

    /** @throws IIOException also if a target size is given and the picture takes more */
    @Override
    public SemFile encode(PixelSource image, EncodeOptions options, Watcher watcher) throws IIOException {
        boolean slow = options.effort() > EncodeOptions.MIN_EFFORT;
        StripLayout layout = StripLayout.of(image.width(), image.height(), slow ? SLOW_STRIP_PIXELS : STRIP_PIXELS);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        layout.write(payload);
        for (int strip = 0; strip < layout.strips(); strip += AT_ONCE) {
            watcher.checkpoint((float) strip / layout.strips());
            List<PixelPlanes> some = new ArrayList<>();
            for (int s = strip; s < Math.min(strip + AT_ONCE, layout.strips()); s++) {
                some.add(image.read(new Rectangle(0, layout.top(s), image.width(), layout.rows(s))));
            }
            Concurrently.map(some, pixels -> LosslessStrip.encode(pixels, layout.bandRows(), slow, watcher.cancellation()))
                    .forEach(coded -> coded.write(payload));
        }
        SemHeader header = new SemHeader(ProfileId.LOSSLESS, image.width(), image.height(), image.format(), ModelRef.NONE);
        SemFile file = SemFile.of(header, List.of(new Chunk(Chunk.LOSSLESS, payload.toByteArray())));
        if (options.targetBytes().isPresent() && SemSerializer.size(file) > options.targetBytes().getAsInt()) {
            throw new DoesNotFitException("the picture does not fit into " + options.targetBytes().getAsInt()
                    + " bytes; without loss it takes " + SemSerializer.size(file));
        }
        watcher.progress(1);
        return file;
    }

    /** Decodes the strips that the region touches, and of banded ones the bands; damage elsewhere is not seen. */
    @Override
    public void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        if (request.scale() > 1) {
            WholePicture.write(WholePicture.decode(this, file, watcher), request, sink, watcher.cancellation());
            return;
        }
        SemHeader header = file.header();
        byte[] payload = file.chunk(Chunk.LOSSLESS)
                .orElseThrow(() -> new IIOException("a picture of the lossless profile has no chunk 'L'")).payload();
        StripLayout layout = StripLayout.parse(payload, header.height());
        List<LosslessStrip> strips = LosslessStrip.parse(payload, layout.strips());
        Rectangle region = request.region();
        int first = layout.strip(region.y);
        int last = layout.strip(region.y + region.height - 1);
        for (int strip = first; strip <= last; strip += AT_ONCE) {
            watcher.checkpoint((float) (strip - first) / (last + 1 - first));
            List<Integer> some = IntStream.range(strip, Math.min(strip + AT_ONCE, last + 1)).boxed().toList();
            List<PixelPlanes> parts = Concurrently.map(some,
                    s -> decode(header, layout, s, strips.get(s), region, watcher.cancellation()));
            for (int s = 0; s < parts.size(); s++) {
                sink.write(parts.get(s), region.x, Math.max(region.y, layout.top(some.get(s))));
            }
        }
        watcher.progress(1);
    }

    /** What a strip holds of a region. */
    private static PixelPlanes decode(SemHeader header, StripLayout layout, int number, LosslessStrip strip, Rectangle region,
                                      Cancellation cancellation) throws IIOException {
        Rectangle place = new Rectangle(0, layout.top(number), header.width(), layout.rows(number));
        Rectangle wanted = place.intersection(region);
        wanted.y -= place.y;
        PixelPlanes pixels = PixelPlanes.blank(place.width, place.height, header.format());
        strip.decode(pixels, layout.bandRows(), wanted.y, wanted.y + wanted.height - 1, cancellation);
        return wanted.getSize().equals(place.getSize()) ? pixels : pixels.crop(wanted);
    }
}
