// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;

/** What counts towards the limit on pixels. */
class SemLimitsTest {

    private static void assertContains(Exception refusal, String... parts) {
        for (String part : parts) {
            assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        }
    }

    @Test
    void aLineOfPixelsCountsAsTheBlocksThatAreCoded() throws IOException {
        long limit = SemLimits.current().maxPixels();
        for (ProfileId profile : new ProfileId[] {ProfileId.TRANSFORM, ProfileId.GENERATIVE}) {
            SemLimits.current().checkSize(profile, 33, limit / 64);
            for (long[] size : new long[][] {{33, limit / 64 + 1}, {limit / 64 + 1, 33}, {65, limit / 128 + 1}}) {
                IIOException refusal = assertThrows(IIOException.class, () -> SemLimits.current().checkSize(profile, size[0], size[1]));
                assertContains(refusal, size[0] + "x" + size[1] + " pixels", "org.semimage.maxPixels");
            }
        }
        SemLimits.current().checkSize(ProfileId.LOSSLESS, 1, limit);
        SemHeader thin = new SemHeader(ProfileId.GENERATIVE, 1, SemHeader.MAX_SIDE, PixelFormat.RGB, ModelRef.NONE);
        byte[] file = SemSerializer.toBytes(SemFile.of(thin, List.of()));
        assertContains(assertThrows(IIOException.class, () -> SemParser.parse(file)), "1x16777216 pixels, coded as 64x16777216",
                "268435456");
    }

    @Test
    void aThinPictureCountsAsItIsFolded() throws IOException {
        SemLimits limits = new SemLimits(1 << 20, 1, 1);
        limits.checkSize(ProfileId.TRANSFORM, 1, 1 << 20);
        limits.checkSize(ProfileId.TRANSFORM, 1 << 15, 32);
        assertThrows(IIOException.class, () -> limits.checkSize(ProfileId.TRANSFORM, 1, (1 << 20) + 4096));
        assertThrows(IIOException.class, () -> limits.checkSize(ProfileId.TRANSFORM, 1 << 15, 33));
    }
}
