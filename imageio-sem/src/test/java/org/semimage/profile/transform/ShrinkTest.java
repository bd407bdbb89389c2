// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.cli.TestPicture;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemOutline;
import org.semimage.container.SemSerializer;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.Downscale;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.WholePicture;

/** Pictures that are coded smaller than they are: what becomes of their samples, and that readers find all that they are used to. */
class ShrinkTest {

    private static final TransformProfile PROFILE = new TransformProfile();
    private static final EncodeOptions GOOD = EncodeOptions.ofQuality(0.8f).withTune(Tune.PSNR);

    private static PixelPlanes picture(int width, int height) throws IIOException {
        return Images.toPlanes(TestPicture.draw(width, height, 3));
    }

    /** Waves of about 60 samples. */
    private static PixelPlanes smooth(int width, int height) {
        PixelPlanes picture = PixelPlanes.blank(width, height, PixelFormat.RGB);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < width * height; i++) {
                int x = i % width;
                int y = i / width;
                picture.samples()[c][i] = (short) (128 + 60 * Math.sin(x / 9.0 + c) + 50 * Math.cos((y + x / 3.0) / 11));
            }
        }
        return picture;
    }

    private static PixelPlanes decode(SemFile file, Rectangle region, int scale) throws IIOException {
        DecodeRequest request = new DecodeRequest(region, scale);
        Rectangle place = request.scaledRegion();
        PixelPlanes part = PixelPlanes.blank(place.width, place.height, file.header().format());
        PROFILE.decode(file, request, PixelSink.into(part, place.x, place.y), Watcher.NONE);
        return part;
    }

    private static Rectangle all(PixelPlanes picture) {
        return new Rectangle(picture.width(), picture.height());
    }

    private static TransformPayload payload(SemFile file) throws IIOException {
        return TransformPayload.parse(file.chunk(Chunk.TRANSFORM).orElseThrow().payload(), file.header());
    }

    @ParameterizedTest
    @CsvSource({"1,200,120,34", "2,201,121,32", "3,203,126,26", "1,1,1,30", "3,5,3,18", "2,7,300,24"})
    void aSmoothPictureComesBack(int log2, int width, int height, double least) throws IIOException {
        PixelPlanes picture = smooth(width, height);
        SemFile file = PROFILE.encode(picture, GOOD.withShrink(log2), Watcher.NONE);
        assertEquals(log2, payload(file).shrink());
        PixelPlanes decoded = WholePicture.decode(PROFILE, file, Watcher.NONE);
        double psnr = TransformFiles.psnr(picture, decoded);
        assertTrue(psnr > least, psnr + " dB");
    }

    @Test
    void whatIsEnlargedIsNotMoved() throws IIOException {
        PixelPlanes picture = picture(160, 96);
        PixelPlanes decoded = WholePicture.decode(PROFILE, PROFILE.encode(picture, GOOD.withShrink(2), Watcher.NONE), Watcher.NONE);
        PixelPlanes left = decoded.crop(new Rectangle(1, 0, 159, 96));
        PixelPlanes right = decoded.crop(new Rectangle(0, 0, 159, 96));
        double there = TransformFiles.psnr(picture.crop(new Rectangle(0, 0, 159, 96)), right);
        assertTrue(there > TransformFiles.psnr(picture.crop(new Rectangle(0, 0, 159, 96)), left));
        assertTrue(there > TransformFiles.psnr(picture.crop(new Rectangle(1, 0, 159, 96)), right));
    }

    @ParameterizedTest
    @CsvSource({"1,64", "2,64", "3,64", "1,4096", "2,4096", "3,4096"})
    void aRegionIsThatOfTheWhole(int log2, int tile) throws IIOException {
        PixelPlanes picture = picture(397, 301);
        SemFile file = PROFILE.encode(picture, GOOD.withShrink(log2).withTile(new Dimension(tile, tile)), Watcher.NONE);
        for (int scale : new int[] {1, 2, 4, 8}) {
            PixelPlanes whole = decode(file, all(picture), scale);
            for (Rectangle region : List.of(new Rectangle(0, 0, 1, 1), new Rectangle(101, 37, 150, 99), new Rectangle(396, 300, 1, 1),
                    new Rectangle(33, 0, 17, 301))) {
                Rectangle place = new DecodeRequest(region, scale).scaledRegion();
                PixelPlanes expected = whole.crop(place);
                PixelPlanes found = decode(file, region, scale);
                double most = 0;
                for (int c = 0; c < 3; c++) {
                    for (int i = 0; i < found.samples()[c].length; i++) {
                        most = Math.max(most, Math.abs(found.samples()[c][i] - expected.samples()[c][i]));
                    }
                }
                assertTrue(most <= 1, region + " at 1/" + scale + " is " + most + " off");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aRenderedRegionIsThatOfTheRenderedWhole(int log2) throws IIOException {
        PixelPlanes picture = picture(301, 203);
        SemFile file = PROFILE.encode(picture, EncodeOptions.ofQuality(0.2f).withShrink(log2), Watcher.NONE);
        PixelPlanes whole = rendered(file, all(picture));
        Rectangle region = new Rectangle(190, 101, 70, 50);
        PixelPlanes part = rendered(file, region);
        double psnr = TransformFiles.psnr(whole.crop(region), part);
        assertTrue(psnr > 45, psnr + " dB");
        assertTrue(TransformFiles.psnr(whole, WholePicture.decode(PROFILE, file, Watcher.NONE)) < 45, "nothing was rendered");
    }

    private static PixelPlanes rendered(SemFile file, Rectangle region) throws IIOException {
        PixelPlanes part = PixelPlanes.blank(region.width, region.height, file.header().format());
        PROFILE.decode(file, new DecodeRequest(region, 1, SynthesisPolicy.ALLOW, 1, DecodeRequest.ALL_PASSES),
                PixelSink.into(part, region.x, region.y), Watcher.NONE);
        return part;
    }

    @ParameterizedTest
    @CsvSource({"1,2", "1,4", "1,8", "2,2", "2,4", "2,8", "3,2", "3,4", "3,8"})
    void smallerSizesAreAveragesOfThePicture(int log2, int scale) throws IIOException {
        PixelPlanes picture = picture(263, 197);
        SemFile file = PROFILE.encode(picture, GOOD.withShrink(log2), Watcher.NONE);
        PixelPlanes whole = WholePicture.decode(PROFILE, file, Watcher.NONE);
        PixelPlanes small = decode(file, all(picture), scale);
        PixelPlanes averages = Downscale.box(whole, all(small), scale, Cancellation.NEVER);
        double psnr = TransformFiles.psnr(averages, small);
        assertTrue(psnr > 27, psnr + " dB");
    }

    @Test
    void alphaKeepsItsSize() throws IIOException {
        PixelPlanes colours = picture(90, 70);
        PixelPlanes picture = PixelPlanes.blank(90, 70, PixelFormat.RGB_ALPHA);
        System.arraycopy(colours.samples(), 0, picture.samples(), 0, 3);
        for (int i = 0; i < picture.alpha().length; i++) {
            picture.alpha()[i] = (short) (i % 90 < 45 ? 255 : i % 7);
        }
        SemFile file = PROFILE.encode(picture, GOOD.withShrink(2), Watcher.NONE);
        assertArrayEquals(picture.alpha(), WholePicture.decode(PROFILE, file, Watcher.NONE).alpha());
        assertArrayEquals(Downscale.box(picture, new Rectangle(45, 35), 2, Cancellation.NEVER).alpha(),
                decode(file, all(picture), 2).alpha());
    }

    @Test
    void grayLayersAndCutsWork() throws IIOException {
        PixelPlanes colours = picture(190, 130);
        PixelPlanes picture = new PixelPlanes(190, 130, PixelFormat.GRAY, new short[][] {colours.samples()[1]});
        SemFile file = PROFILE.encode(picture, GOOD.withShrink(1).withProgressive(true), Watcher.NONE);
        assertTrue(PROFILE.passes(file) > 2);
        double last = 0;
        for (int percent : new int[] {10, 40, 100}) {
            SemFile cut = TransformProfile.truncate(file, SemSerializer.size(file) * percent / 100);
            double psnr = TransformFiles.psnr(picture, WholePicture.decode(PROFILE, cut, Watcher.NONE));
            assertTrue(psnr > last, psnr + " dB after " + last);
            last = psnr;
        }
    }

    @Test
    void aRegionOfInterestIsBetter() throws IIOException {
        PixelPlanes picture = picture(320, 256);
        Rectangle where = new Rectangle(100, 60, 120, 100);
        EncodeOptions plain = EncodeOptions.ofQuality(0.3f).withTune(Tune.PSNR).withShrink(1);
        PixelPlanes without = WholePicture.decode(PROFILE, PROFILE.encode(picture, plain, Watcher.NONE), Watcher.NONE);
        PixelPlanes with = WholePicture.decode(PROFILE, PROFILE.encode(picture, plain.withInterest(
                List.of(new EncodeOptions.RegionOfInterest(where, 96),
                        new EncodeOptions.RegionOfInterest(new Rectangle(-9, -9, 3, 3), 96))),
                Watcher.NONE), Watcher.NONE);
        PixelPlanes there = picture.crop(where);
        assertTrue(TransformFiles.psnr(there, with.crop(where)) > TransformFiles.psnr(there, without.crop(where)));
    }

    @Test
    void fewerBytesShrinkThePictureMore() throws IIOException {
        PixelPlanes picture = picture(384, 256);
        int last = -1;
        for (int bytes : new int[] {20_000, 600, 250, 130}) {
            SemFile file = PROFILE.encode(picture, EncodeOptions.ofBytes(bytes), Watcher.NONE);
            assertTrue(SemSerializer.size(file) <= bytes, SemSerializer.size(file) + " bytes");
            int shrink = payload(file).shrink();
            assertTrue(shrink >= last, "shrink " + shrink + " after " + last);
            last = shrink;
        }
        assertTrue(last > 0);
        IIOException none = assertThrows(DoesNotFitException.class, () -> PROFILE.encode(picture, EncodeOptions.ofBytes(20), Watcher.NONE));
        assertTrue(none.getMessage().contains("1/8"), none.getMessage());
    }

    @Test
    void aForcedShrinkHolds() throws IIOException {
        PixelPlanes picture = picture(128, 128);
        SemFile small = PROFILE.encode(picture, EncodeOptions.ofBytes(5000).withShrink(2), Watcher.NONE);
        assertEquals(2, payload(small).shrink());
        SemFile own = PROFILE.encode(picture, EncodeOptions.ofBytes(5000).withShrink(0), Watcher.NONE);
        assertEquals(0, payload(own).shrink());
        assertEquals(0, payload(PROFILE.encode(picture, EncodeOptions.ofQuality(0), Watcher.NONE)).shrink());
        assertThrows(DoesNotFitException.class,
                () -> PROFILE.encode(picture, EncodeOptions.ofBytes(60).withShrink(0), Watcher.NONE));
    }

    @Test
    void aTargetOfPsnrIsThatOfThePicture() throws IIOException {
        PixelPlanes picture = smooth(192, 128);
        SemFile file = PROFILE.encode(picture, EncodeOptions.ofPsnr(30).withTune(Tune.PSNR).withShrink(1), Watcher.NONE);
        double psnr = TransformFiles.psnr(picture, WholePicture.decode(PROFILE, file, Watcher.NONE));
        assertTrue(psnr >= 30 && psnr < 31.5, psnr + " dB");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void otherShrinksAreRefused(int log2) {
        assertThrows(IllegalArgumentException.class, () -> EncodeOptions.DEFAULT.withShrink(log2));
        assertEquals(OptionalInt.empty(), EncodeOptions.DEFAULT.shrink());
    }

    @Test
    void anOutlineTellsTheShrink() throws IIOException {
        SemFile file = PROFILE.encode(picture(64, 64), EncodeOptions.ofQuality(0.9f).withShrink(2), Watcher.NONE);
        SemOutline.Entry entry = SemOutline.Entry.of(file.chunk(Chunk.TRANSFORM).orElseThrow());
        assertEquals(2, TransformPayload.shrink(entry));
        assertTrue(TransformPayload.isRendered(file.header(), entry));
        assertEquals(0, TransformPayload.shrink(new SemOutline.Entry(Chunk.TRANSFORM, 1)));
        assertFalse(TransformPayload.isRendered(file.header(), new SemOutline.Entry(Chunk.TRANSFORM, 1)));
    }

    @Test
    void aTileGreaterThanWhatIsCodedIsRefused() {
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 512, 512, PixelFormat.RGB, new ModelRef(1, 0));
        byte[] payload = {64, (byte) (1 | 2 << 6), 3, 0};
        IIOException refused = assertThrows(IIOException.class, () -> TransformPayload.parse(payload, header));
        assertTrue(refused.getMessage().contains("128"), refused.getMessage());
    }

    @Test
    void enlargingStopsOnRequest() throws IIOException {
        PixelPlanes picture = picture(600, 600);
        Shrink shrink = new Shrink(1, 600, 600);
        PixelPlanes small = shrink.coded(picture, Cancellation.NEVER).readAll(Cancellation.NEVER);
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        Watcher stopped = Watcher.silent(cancellation);
        assertThrows(CancellationException.class, () -> shrink.enlarge(small, new Rectangle(300, 300), new DecodeRequest(all(picture), 1),
                (part, x, y) -> { }, stopped));
    }
}
