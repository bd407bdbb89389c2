package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.semimage.container.Chunk;
import org.semimage.container.SemParser;

import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.OptionalInt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SemImageWriteParamTest {

    private static SemImageWriteParam explicit() {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        return param;
    }

    @Test
    void explicitModeStartsFromTheDefaults() {
        SemImageWriteParam param = explicit();
        assertArrayEquals(new String[] {"transform", "lossless", "caption", "descriptor", "generative"}, param.getCompressionTypes());
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
        assertThrows(IllegalArgumentException.class, () -> explicit().setCompressionType("clairvoyant"));
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

    @Test
    void progressiveModeWritesLayers() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        assertTrue(param.canWriteProgressive());
        assertEquals(0, layout(param));
        param.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
        assertEquals(0, layout(param));
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        assertEquals(3 << 2, layout(param), "three refinements of quality index 100");
    }

    private static int layout(SemImageWriteParam param) throws IOException {
        ImageWriter writer = new SemImageWriterSpi().createWriterInstance(null);
        MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(new ByteArrayOutputStream());
        writer.setOutput(out);
        writer.write(null, new IIOImage(new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB), null, null), param);
        out.seek(0);
        return SemParser.parse(out).chunk(Chunk.TRANSFORM).orElseThrow().payload()[1];
    }

    @Test
    void tilesAreOfTheSizeThatIsAskedFor() throws IOException {
        BufferedImage picture = Samples.picture(600, 300, BufferedImage.TYPE_INT_RGB);
        SemImageWriteParam param = new SemImageWriteParam();
        assertTrue(param.canWriteTiles());
        assertFalse(param.canOffsetTiles());
        byte[] untiled = Samples.write(new IIOImage(picture, null, null), param);
        param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        assertThrows(IllegalArgumentException.class, () -> param.setTiling(64, 300, 0, 0));
        assertThrows(UnsupportedOperationException.class, () -> param.setTiling(256, 256, 5, 0));
        param.setTiling(300, 256, 0, 0);
        byte[] tiled = Samples.write(new IIOImage(picture, null, null), param);
        assertEquals(0, layout(untiled) & 1);
        assertEquals(1, layout(tiled) & 1);
        assertTrue(Samples.psnr(picture, Samples.reader(tiled).read(0)) > 30);
        param.setTilingMode(ImageWriteParam.MODE_DISABLED);
        assertArrayEquals(untiled, Samples.write(new IIOImage(picture, null, null), param));
    }

    private static int layout(byte[] file) throws IOException {
        return SemParser.parse(file).chunk(Chunk.TRANSFORM).orElseThrow().payload()[1];
    }
}
