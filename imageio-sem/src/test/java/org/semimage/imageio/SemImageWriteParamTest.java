package org.semimage.imageio;

import org.junit.jupiter.api.Test;

import javax.imageio.ImageWriteParam;
import java.util.OptionalInt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SemImageWriteParamTest {

    private static SemImageWriteParam explicit() {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        return param;
    }

    @Test
    void explicitModeStartsFromTheDefaults() {
        SemImageWriteParam param = explicit();
        assertArrayEquals(new String[] {"transform", "lossless", "caption", "descriptor"}, param.getCompressionTypes());
        assertEquals("transform", param.getCompressionType());
        assertEquals(0.5f, param.getCompressionQuality());
        assertFalse(param.isCompressionLossless());
    }

    @Test
    void unsettingRestoresTheDefaults() {
        SemImageWriteParam param = explicit();
        param.setCompressionQuality(0.1f);
        param.unsetCompression();
        assertEquals("transform", param.getCompressionType());
        assertEquals(0.5f, param.getCompressionQuality());
    }

    @Test
    void qualityIsBounded() {
        assertThrows(IllegalArgumentException.class, () -> explicit().setCompressionQuality(1.1f));
        assertThrows(IllegalStateException.class, () -> new SemImageWriteParam().setCompressionQuality(0.5f));
    }

    @Test
    void onlyWritableProfilesAreTypes() {
        assertThrows(IllegalArgumentException.class, () -> explicit().setCompressionType("generative"));
    }

    @Test
    void everyRangeOfQualitiesHasADescription() {
        assertEquals(explicit().getCompressionQualityValues().length, explicit().getCompressionQualityDescriptions().length + 1);
    }

    @Test
    void targetBytesArePositiveAndCanBeUnset() {
        SemImageWriteParam param = new SemImageWriteParam();
        assertEquals(OptionalInt.empty(), param.getTargetBytes());
        assertThrows(IllegalArgumentException.class, () -> param.setTargetBytes(0));
        param.setTargetBytes(5000);
        assertEquals(OptionalInt.of(5000), param.getTargetBytes());
        param.unsetTargetBytes();
        assertEquals(OptionalInt.empty(), param.getTargetBytes());
    }
}
