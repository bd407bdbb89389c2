// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.AlphaCodec;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.WholePicture;
import org.semimage.profile.lossless.LosslessProfile;
import org.semimage.profile.transform.TransformPayload;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Payloads that hold pixels, but for the transform profile's streams. */
final class PixelTargets {

    private static final int MOST_SIDE = 48;
    private static final int MOST_GAIN = 32;
    private static final int BLOCK = 64;
    private static final LosslessProfile LOSSLESS = new LosslessProfile();

    private PixelTargets() {
    }

    private static SemFile file(ProfileId profile, int width, int height, PixelFormat format, Chunk chunk) {
        return SemFile.of(new SemHeader(profile, width, height, format, ModelRef.NONE), List.of(chunk));
    }

    private static void checkEqual(PixelPlanes expected, PixelPlanes found, String what) {
        Found.unless(Arrays.deepEquals(expected.samples(), found.samples()), what);
    }

    /** Samples are within the format, a region is part of the whole, and the picture comes back when it is encoded and decoded again. */
    static void lossless(FuzzInput in) throws IOException {
        int width = 1 + in.below(MOST_SIDE);
        int height = 1 + in.below(MOST_SIDE);
        PixelFormat format = PixelFormat.values()[in.below(PixelFormat.values().length)];
        int how = in.u8();
        SemFile file = file(ProfileId.LOSSLESS, width, height, format, new Chunk(Chunk.LOSSLESS, in.rest()));
        PixelPlanes whole;
        try {
            whole = WholePicture.decode(LOSSLESS, file, new Watcher() { });
        } catch (IIOException refused) {
            FuzzTarget.checkRefusal(refused);
            region(file, how, null);
            return;
        }
        for (short[] plane : whole.samples()) {
            for (short sample : plane) {
                Found.unless((sample & 0xFFFF) <= format.maxSample(), "a sample beyond the format");
            }
        }
        region(file, how, whole);
        EncodeOptions options = EncodeOptions.DEFAULT.withEffort(1 + how % 2);
        SemFile again = LOSSLESS.encode(whole, options, new Watcher() { });
        checkEqual(whole, WholePicture.decode(LOSSLESS, again, new Watcher() { }), "a lossless picture does not come back");
    }

    /** @param whole null if the picture is damaged, somewhere at least */
    private static void region(SemFile file, int how, PixelPlanes whole) throws IOException {
        int x = how % file.header().width();
        int y = how / 2 % file.header().height();
        Rectangle region = new Rectangle(x, y, Math.max(1, (file.header().width() - x) / 2), Math.max(1, (file.header().height() - y) / 2));
        PixelPlanes part = PixelPlanes.blank(region.width, region.height, file.header().format());
        LOSSLESS.decode(file, new DecodeRequest(region, 1), PixelSink.into(part, region.x, region.y), new Watcher() { });
        if (whole != null) {
            checkEqual(whole.crop(region), part, "a region that is no part of the whole");
        }
    }

    static List<byte[]> losslessSeeds(List<byte[]> files) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (SemFile file : Seeds.parsed(files)) {
            SemHeader header = file.header();
            Optional<Chunk> payload = file.chunk(Chunk.LOSSLESS);
            if (payload.isPresent() && header.width() <= MOST_SIDE && header.height() <= MOST_SIDE) {
                seeds.add(Seeds.behind(payload.get().payload(), header.width() - 1, header.height() - 1, header.format().ordinal(), 0));
            }
        }
        return seeds;
    }

    static void alpha(FuzzInput in) throws IOException {
        int width = 1 + in.below(MOST_SIDE);
        int height = 1 + in.below(MOST_SIDE);
        short[] plane = decodedAlpha(in.rest(), width, height);
        for (short sample : plane) {
            Found.unless(sample >= 0 && sample <= 0xFF, "a sample beyond the format");
        }
        byte[] again = AlphaCodec.encode(plane, width, height, Cancellation.NEVER);
        Found.unless(Arrays.equals(plane, decodedAlpha(again, width, height)), "an alpha plane does not come back");
    }

    private static short[] decodedAlpha(byte[] payload, int width, int height) throws IOException {
        short[] plane = new short[width * height];
        AlphaCodec.decode(file(ProfileId.TRANSFORM, width, height, PixelFormat.RGB_ALPHA, new Chunk(Chunk.ALPHA, payload)), plane,
                Cancellation.NEVER);
        return plane;
    }

    /** Streams lie within the payload, and gains within their limits. */
    static void gains(FuzzInput in) throws IOException {
        int width = BLOCK * (1 + in.below(20));
        int height = BLOCK * (1 + in.below(20));
        byte[] bytes = in.rest();
        TransformPayload payload = TransformPayload.parse(bytes,
                new SemHeader(ProfileId.TRANSFORM, width, height, PixelFormat.RGB, ModelRef.NONE));
        for (byte gain : payload.gains().gains()) {
            Found.unless(Math.abs(gain) <= MOST_GAIN, "a gain beyond its limit");
        }
        int at = 0;
        for (TransformPayload.Segment segment : payload.segments()) {
            Found.unless(segment.from() >= at && segment.to() >= segment.from() && segment.to() <= bytes.length, "a stream out of place");
            at = segment.to();
        }
    }
}
