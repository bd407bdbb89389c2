// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;

import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IccSpacesTest {

    private static final byte[] P3 = WideGamut.DISPLAY_P3.getProfile().getData();

    @Test
    void javasOwnProfilesGiveJavasOwnSpaces() {
        byte[] srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        srgb[ICC_Profile.icHdrRenderingIntent + 3] = 1;
        srgb[ICC_Profile.icHdrCreator] = 'x';
        assertTrue(IccSpaces.of(srgb).isCS_sRGB());
        assertSame(ColorSpace.getInstance(ColorSpace.CS_GRAY), IccSpaces.of(ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData()));
        assertFalse(IccSpaces.of(P3).isCS_sRGB());
    }

    @Test
    void bytesBehindAProfileAreIgnoredAndBytesThatAreNoneOrTooFewRefused() {
        assertEquals(P3.length, IccSpaces.of(Arrays.copyOf(P3, P3.length + 3)).getProfile().getData().length);
        for (byte[] broken : new byte[][] {new byte[0], new byte[200], Arrays.copyOf(P3, 127), Arrays.copyOf(P3, P3.length - 1)}) {
            assertThrows(IllegalArgumentException.class, () -> IccSpaces.of(broken));
        }
    }

    @Test
    void aTypeOrImageThatAnotherReaderGaveWillDo() throws IOException {
        byte[] file = Samples.write(WideGamut.picture(WideGamut.DISPLAY_P3, 20, 16));
        ImageReader first = Samples.reader(file);
        ImageReader second = Samples.reader(file);
        ImageReadParam param = second.getDefaultReadParam();
        param.setDestinationType(first.getRawImageType(0));
        BufferedImage raw = second.read(0, param);
        ImageReadParam into = second.getDefaultReadParam();
        into.setDestination(first.getRawImageType(0).createBufferedImage(20, 16));
        assertEquals(raw.getRaster().getSample(3, 4, 0), second.read(0, into).getRaster().getSample(3, 4, 0));
    }
}
