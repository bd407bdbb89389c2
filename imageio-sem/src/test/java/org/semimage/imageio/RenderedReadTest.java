// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.semimage.container.SemParser;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What readers do with files that hold so little that detail is added. */
class RenderedReadTest {

    private final BufferedImage picture = Samples.picture(420, 100, BufferedImage.TYPE_INT_RGB);

    @AfterEach
    void forget() {
        System.clearProperty(SynthesisPolicy.PROPERTY);
        System.clearProperty(SemImageReadParam.FIDELITY_PROPERTY);
    }

    @Test
    void addsDetailByTheDial() throws IOException {
        for (byte[] file : new byte[][] {transform(0.05f), descriptor()}) {
            BufferedImage plain = read(file, 0);
            double whole = difference(plain, read(file, 1));
            assertTrue(whole > 0.05, "added " + whole);
            double half = difference(plain, read(file, 0.5f));
            assertTrue(half > 0.1 * whole && half < whole, "half of " + whole + " is " + half);
            assertEquals(0, difference(read(file, 1), Samples.reader(file).read(0)), "the default is another");
        }
    }

    @Test
    void leavesFilesAloneThatSayEnough() throws IOException {
        byte[] file = transform(0.5f);
        assertEquals(0, difference(read(file, 0), read(file, 1)));
    }

    @Test
    void givesThePlainPictureWherePropertiesSaySo() throws IOException {
        byte[] file = transform(0.05f);
        BufferedImage plain = read(file, 0);
        for (String policy : new String[] {"plain", "deny"}) {
            System.setProperty(SynthesisPolicy.PROPERTY, policy);
            assertEquals(0, difference(plain, Samples.reader(file).read(0)), policy);
        }
        System.clearProperty(SynthesisPolicy.PROPERTY);
        for (String fidelity : new String[] {"0", "-1", "much", "NaN"}) {
            System.setProperty(SemImageReadParam.FIDELITY_PROPERTY, fidelity);
            assertEquals(0, difference(plain, Samples.reader(file).read(0)), fidelity);
        }
        assertThrows(IllegalArgumentException.class, () -> new SemImageReadParam().setFidelity(1.5f));
    }

    @Test
    void rendersARegionLikeTheWholePicture() throws IOException {
        byte[] file = transform(0.05f);
        Rectangle region = new Rectangle(203, 11, 77, 60);
        SemImageReadParam param = new SemImageReadParam();
        param.setSourceRegion(region);
        BufferedImage part = Samples.reader(file).read(0, param);
        BufferedImage whole = Samples.reader(file).read(0).getSubimage(region.x, region.y, region.width, region.height);
        assertTrue(difference(part, whole) < 0.05, "a region differs by " + difference(part, whole));
    }

    @Test
    void addsNothingToProtectedRegions() throws IOException {
        Rectangle region = new Rectangle(128, 32, 96, 48);
        byte[] file = transform(0.05f, List.of(EncodeOptions.RegionOfInterest.protectedArea(region)));
        BufferedImage plain = read(file, 0);
        BufferedImage rendered = read(file, 1);
        assertEquals(0, difference(plain.getSubimage(128, 32, 96, 48), rendered.getSubimage(128, 32, 96, 48)));
        assertTrue(difference(plain, rendered) > 0.05, "nothing is added anywhere");
    }

    @Test
    void protectedRegionsAreNotThoseOfTheNextPicture() throws IOException {
        ImageReader reader = Samples.reader(transform(0.05f, List.of(EncodeOptions.RegionOfInterest.protectedArea(new Rectangle(9, 9)))));
        byte[] next = Samples.write(new IIOImage(picture.getSubimage(50, 0, 370, 100), null, reader.getImageMetadata(0)), null);
        assertEquals(List.of(), TransformProfile.protectedRegions(SemParser.parse(next)));
    }

    private byte[] transform(float quality) throws IOException {
        return transform(quality, List.of());
    }

    private byte[] transform(float quality, List<EncodeOptions.RegionOfInterest> regions) throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setRegionsOfInterest(regions);
        param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("transform");
        param.setCompressionQuality(quality);
        return Samples.write(new IIOImage(picture, null, null), param);
    }

    private byte[] descriptor() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("descriptor");
        param.setTargetBytes(120);
        return Samples.write(new IIOImage(picture, null, null), param);
    }

    private static BufferedImage read(byte[] file, float fidelity) throws IOException {
        ImageReader reader = Samples.reader(file);
        SemImageReadParam param = (SemImageReadParam) reader.getDefaultReadParam();
        param.setFidelity(fidelity);
        return reader.read(0, param);
    }

    /** Mean absolute difference of samples. */
    private static double difference(BufferedImage a, BufferedImage b) {
        long sum = 0;
        int[] one = a.getRGB(0, 0, a.getWidth(), a.getHeight(), null, 0, a.getWidth());
        int[] other = b.getRGB(0, 0, a.getWidth(), a.getHeight(), null, 0, a.getWidth());
        for (int i = 0; i < one.length; i++) {
            for (int shift = 0; shift < 24; shift += 8) {
                sum += Math.abs((one[i] >> shift & 0xFF) - (other[i] >> shift & 0xFF));
            }
        }
        return sum / 3.0 / one.length;
    }
}
