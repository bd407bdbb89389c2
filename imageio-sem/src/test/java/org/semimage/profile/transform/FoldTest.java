// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.List;
import javax.imageio.IIOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semimage.cli.TestPicture;
import org.semimage.compute.Watcher;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.SemFile;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.WholePicture;

/** Thin pictures: what is coded of them, and that nobody who reads them notices. */
class FoldTest {

    private static final TransformProfile PROFILE = new TransformProfile();

    @Property(tries = 200)
    void aPictureUnfoldsToItself(@ForAll @IntRange(min = 1, max = 40) int shorter, @ForAll @IntRange(min = 1, max = 700) int longer,
                                 @ForAll boolean upright) throws IIOException {
        PixelPlanes picture = picture(upright ? shorter : longer, upright ? longer : shorter);
        Fold fold = Fold.of(picture.width(), picture.height());
        PixelSource coded = fold.coded(picture);
        PixelPlanes unfolded = PixelPlanes.blank(picture.width(), picture.height(), picture.format());
        PixelSink sink = fold.picture(new Rectangle(picture.width(), picture.height()), PixelSink.into(unfolded, 0, 0));
        for (int y = 0; y < coded.height(); y += 7) {
            Rectangle rows = new Rectangle(0, y, coded.width(), Math.min(7, coded.height() - y));
            sink.write(coded.read(rows), 0, y);
        }
        for (int p = 0; p < 3; p++) {
            assertArrayEquals(picture.samples()[p], unfolded.samples()[p]);
        }
    }

    @Property(tries = 200)
    void whatIsCodedFollowsTheSamples(@ForAll @IntRange(min = 1, max = 32) int shorter,
                                      @ForAll @IntRange(min = 2048, max = 1 << 22) int longer) {
        Fold fold = Fold.of(longer, shorter);
        long coded = (long) Pyramid.padded(fold.codedWidth()) * Pyramid.padded(fold.codedHeight());
        assertTrue(coded <= 3L * shorter * longer + 64 * 64, fold + " codes " + coded);
    }

    @Test
    void otherPicturesAreCodedAsTheyAre() {
        assertFalse(Fold.of(64, 1).isFolded());
        assertFalse(Fold.of(33, 5000).isFolded());
        assertTrue(Fold.of(65, 1).isFolded());
        assertTrue(Fold.of(32, 65).isFolded());
    }

    @ParameterizedTest
    @CsvSource({"1,3000", "3000,1", "7,900", "900,31", "32,200"})
    void regionsAndSmallerSizesAreThoseOfThePicture(int width, int height) throws IIOException {
        PixelPlanes picture = picture(width, height);
        SemFile file = PROFILE.encode(picture, EncodeOptions.ofQuality(0.8f), Watcher.NONE);
        PixelPlanes whole = WholePicture.decode(PROFILE, file, Watcher.NONE);
        assertEquals(0, worst(picture, whole, 40), "samples are far off");
        Rectangle region = new Rectangle(width / 3, height / 3, (width + 2) / 3, (height + 2) / 3);
        PixelPlanes part = PixelPlanes.blank(region.width, region.height, picture.format());
        PROFILE.decode(file, new DecodeRequest(region, 1), PixelSink.into(part, region.x, region.y), Watcher.NONE);
        assertEquals(0, worst(whole.crop(region), part, 2), "a region is not part of the picture");
        PixelPlanes half = PixelPlanes.blank((width + 1) / 2, (height + 1) / 2, picture.format());
        PROFILE.decode(file, new DecodeRequest(new Rectangle(width, height), 2), PixelSink.into(half, 0, 0), Watcher.NONE);
        assertTrue(half.samples()[0][half.samples()[0].length / 2] != 0);
    }

    @Test
    void layersAndRegionsOfInterestWorkInThinPictures() throws IIOException {
        PixelPlanes picture = picture(5, 1500);
        EncodeOptions options = EncodeOptions.ofQuality(0.5f).withProgressive(true)
                .withInterest(List.of(new EncodeOptions.RegionOfInterest(new Rectangle(0, 700, 5, 400), 64)));
        SemFile file = PROFILE.encode(picture, options, Watcher.NONE);
        assertTrue(PROFILE.passes(file) > 1);
        PixelPlanes whole = WholePicture.decode(PROFILE, file, Watcher.NONE);
        assertEquals(1500, whole.height());
        PixelPlanes same = WholePicture.decode(PROFILE, PROFILE.encode(picture, EncodeOptions.ofQuality(0.5f), Watcher.NONE), Watcher.NONE);
        Rectangle interest = new Rectangle(0, 704, 5, 380);
        assertTrue(squares(picture.crop(interest), whole.crop(interest)) < 0.7 * squares(picture.crop(interest), same.crop(interest)));
    }

    private static PixelPlanes picture(int width, int height) throws IIOException {
        return Images.toPlanes(TestPicture.draw(width, height, 3));
    }

    /** How many samples differ by more than a tolerance. */
    private static int worst(PixelPlanes a, PixelPlanes b, int tolerance) {
        int count = 0;
        for (int p = 0; p < 3; p++) {
            for (int i = 0; i < a.samples()[p].length; i++) {
                count += Math.abs(a.samples()[p][i] - b.samples()[p][i]) > tolerance ? 1 : 0;
            }
        }
        return count;
    }

    private static double squares(PixelPlanes a, PixelPlanes b) {
        double sum = 0;
        for (int p = 0; p < 3; p++) {
            for (int i = 0; i < a.samples()[p].length; i++) {
                sum += Math.pow(a.samples()[p][i] - b.samples()[p][i], 2);
            }
        }
        return sum;
    }
}
