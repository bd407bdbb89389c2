// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.PixelPicker;
import org.semimage.profile.DecodeRequest;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.Profile;
import org.semimage.container.ProfileId;

import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import java.awt.Dimension;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Decodes a picture into an image: the passes, region and bands that are asked for, in the image's colours.
 *
 * @param space of the picture's samples, unless they are sRGB
 */
record PixelReading(SemFile picture, Optional<ICC_ColorSpace> space, ReadWatcher watcher) {

    /** Pixels that are copied in one go, since nobody can stop it. */
    private static final int STRIP_PIXELS = 1 << 18;

    /**
     * Which pixels go where.
     *
     * @param region  part of the picture
     * @param periodX every so many-th column of the region is taken
     * @param periodY every so many-th row of the region is taken
     * @param target  what these pixels take in the destination
     */
    record Place(Rectangle region, int periodX, int periodY, Rectangle target) {
    }

    /**
     * The passes to deliver: all that are asked for if somebody listens, which takes a decoding each; else the last of them alone. A first
     * pass beyond the last one there is stands for that one.
     *
     * @param progressive whether listeners are told of passes: the picture has more than one
     */
    private record Passes(int first, int last, boolean progressive) {
    }

    /**
     * Decodes into an image.
     *
     * @param listening whether somebody wants to hear of passes
     * @throws IIOException          if the picture is malformed, or its profile fails
     * @throws CancellationException if the request to stop is made
     */
    void into(BufferedImage destination, Place place, ImageReadParam settings, boolean listening) throws IIOException {
        SemHeader header = picture.header();
        Rectangle target = place.target;
        int scale = scale(header, settings);
        PixelPicker picker = new PixelPicker(place.region, place.periodX, place.periodY, scale, target.width, target.height);
        int[] bands = bands(settings, destination);
        Passes passes = passes(settings, listening);
        for (int pass = passes.first; pass <= passes.last; pass++) {
            watcher.part(pass - passes.first, passes.last - passes.first + 1);
            if (passes.progressive) {
                watcher.passStarted(destination, pass, passes.first, passes.last, target.getLocation(), bands);
            }
            int lastPass = pass < passes.last ? pass : settings.getSourceMaxProgressivePass();
            decode(new DecodeRequest(place.region, scale, generative(settings), fidelity(settings), lastPass), (part, x, y) -> {
                PixelPicker.Picked picked = picker.pick(part, x, y);
                if (picked != null) {
                    Rectangle update = new Rectangle(target.x + picked.x(), target.y + picked.y(),
                            picked.pixels().width(), picked.pixels().height());
                    copy(picked.pixels(), settings, inSrgb(picked.pixels(), destination), update.getLocation());
                    watcher.updated(destination, update, bands);
                }
            });
            watcher.cancellation().check();
            if (passes.progressive) {
                watcher.passComplete(destination);
            }
        }
        watcher.progress(1);
    }

    /** Decodes all of the picture at the size of a thumbnail that is made, into an image of that size. */
    void thumbnailInto(BufferedImage thumbnail) throws IIOException {
        Rectangle whole = new Rectangle(picture.header().width(), picture.header().height());
        decode(new DecodeRequest(whole, Thumbnails.MADE_SCALE), (part, x, y) ->
                Images.copy(part, new Rectangle(part.width(), part.height()), 1, 1, inSrgb(part, thumbnail), x, y));
        watcher.cancellation().check();
        watcher.progress(1);
    }

    /** The image that a thumbnail of a picture is made into. */
    static BufferedImage thumbnailOf(SemHeader header) {
        Dimension size = Thumbnails.made(header.width(), header.height());
        return Images.plainType(header.format()).createBufferedImage(size.width, size.height);
    }

    /**
     * What a reader may invent.
     *
     * @param settings may be null
     */
    static SynthesisPolicy generative(ImageReadParam settings) {
        return settings instanceof SemImageReadParam sem ? sem.getGenerative() : SynthesisPolicy.current();
    }

    private static float fidelity(ImageReadParam settings) {
        return settings instanceof SemImageReadParam sem ? sem.getFidelity() : SemImageReadParam.currentFidelity();
    }

    private static int scale(SemHeader header, ImageReadParam settings) {
        Subsampling subsampling = settings instanceof SemImageReadParam sem ? sem.getSubsampling() : Subsampling.current();
        return header.profile() != ProfileId.TRANSFORM ? 1
                : subsampling.scale(settings.getSourceXSubsampling(), settings.getSourceYSubsampling());
    }

    private static int[] bands(ImageReadParam settings, BufferedImage destination) {
        int[] chosen = settings.getDestinationBands();
        return chosen != null ? chosen : all(destination.getRaster().getNumBands());
    }

    private static int[] all(int bands) {
        int[] numbers = new int[bands];
        for (int band = 0; band < bands; band++) {
            numbers[band] = band;
        }
        return numbers;
    }

    private Passes passes(ImageReadParam settings, boolean listening) throws IIOException {
        if (!listening) {
            return new Passes(0, 0, false);
        }
        int available = guarded(profile -> profile.passes(picture));
        int last = Math.min(available - 1, settings.getSourceMaxProgressivePass());
        return new Passes(Math.min(last, settings.getSourceMinProgressivePass()), last, available > 1);
    }

    private void decode(DecodeRequest request, PixelSink sink) throws IIOException {
        guarded(profile -> {
            watcher.cancellation().check();
            profile.decode(picture, request, sink, watcher);
            return null;
        });
    }

    /** Something that a profile does. */
    private interface Decoding<T> {
        T with(Profile profile) throws IIOException;
    }

    private <T> T guarded(Decoding<T> decoding) throws IIOException {
        SemHeader header = picture.header();
        try {
            return decoding.with(Profiles.of(header.profile()));
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            watcher.rethrow(e);
            throw ProfileFailure.wrap("decode", header.profile(), header.width(), header.height(), e);
        }
    }

    /**
     * Converts samples to sRGB, unless the destination is in their own space.
     *
     * @return the image to copy samples into: the destination, or another with the same pixels
     */
    private BufferedImage inSrgb(PixelPlanes planes, BufferedImage destination) {
        if (space.isEmpty()) {
            return destination;
        }
        if (SourceColours.areSame(destination.getColorModel().getColorSpace(), space.get())) {
            return SourceColours.retagged(destination);
        }
        if (!planes.format().isGray() && !SourceColours.isNearlySrgb(space.get())) {
            SourceColours.toSrgb(planes, space.get(), watcher);
        }
        return destination;
    }

    /** Copies samples, strip by strip. */
    private void copy(PixelPlanes planes, ImageReadParam settings, BufferedImage destination, Point at) {
        int rows = Math.max(1, STRIP_PIXELS / planes.width());
        Cancellation cancellation = watcher.cancellation();
        for (int top = 0; top < planes.height(); top += rows) {
            cancellation.check();
            Rectangle strip = new Rectangle(0, top, planes.width(), Math.min(rows, planes.height() - top));
            copy(planes, strip, settings, destination, at.x, at.y + top);
        }
    }

    private static void copy(PixelPlanes planes, Rectangle strip, ImageReadParam settings, BufferedImage destination, int x, int y) {
        int[] sourceBands = settings.getSourceBands();
        if (sourceBands == null && settings.getDestinationBands() == null) {
            Images.copy(planes, strip, 1, 1, destination, x, y);
            return;
        }
        int[] from = sourceBands != null ? sourceBands : all(planes.format().planes());
        Images.copyBands(planes, from, strip, 1, 1, destination.getRaster(), bands(settings, destination), x, y);
    }
}
