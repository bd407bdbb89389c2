// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.semimage.compute.diffusion.Sampler;
import org.semimage.container.Chunk;
import org.semimage.container.SemParser;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.Tune;
import org.semimage.reflect.Proposal;
import org.semimage.reflect.Trace;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
    void effortIsForAllProfilesButTheGenerativeOne() throws IOException {
        IIOImage picture = new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null);
        for (String profile : new String[] {"transform", "lossless", "descriptor", "caption", "generative"}) {
            SemImageWriteParam param = explicit();
            param.setCompressionType(profile);
            param.setEffort(2);
            param.setCaption(profile.equals("caption") ? "two boats" : null);
            if (profile.equals("generative")) {
                IIOException refusal = assertThrows(IIOException.class, () -> Samples.write(picture, param));
                assertEquals("the profile 'generative' has no effort", refusal.getMessage());
            } else {
                assertTrue(Samples.write(picture, param).length > 0);
            }
        }
    }

    @Test
    void aTraceIsForWordsAndForTargetsThatMayLeadToThem() throws IOException {
        IIOImage picture = new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null);
        List<Proposal> kept = new ArrayList<>();
        Trace trace = new Trace() {
            @Override
            public void ends(Proposal proposal) {
                kept.add(proposal);
            }
        };
        for (String profile : new String[] {"transform", "lossless", "generative"}) {
            SemImageWriteParam param = explicit();
            param.setCompressionType(profile);
            param.setTrace(trace);
            IIOException refusal = assertThrows(IIOException.class, () -> Samples.write(picture, param));
            assertEquals("the profile '" + profile + "' has no trace", refusal.getMessage());
        }
        SemImageWriteParam small = explicit();
        small.setTargetBytes(10_000);
        small.setTrace(trace);
        Samples.write(picture, small);
        assertEquals(List.of(), kept);
        small.setCompressionType("descriptor");
        Samples.write(picture, small);
        assertEquals(List.of(Optional.empty()), kept.stream().map(Proposal::caption).toList());
        assertThrows(NullPointerException.class, () -> small.setTrace(null));
    }

    @Test
    void aShrinkIsOneOfFour() {
        SemImageWriteParam param = new SemImageWriteParam();
        assertEquals(OptionalInt.empty(), param.getShrink());
        param.setShrink(3);
        assertEquals(OptionalInt.of(3), param.getShrink());
        assertThrows(IllegalArgumentException.class, () -> param.setShrink(4));
        assertThrows(IllegalArgumentException.class, () -> param.setShrink(-1));
        param.unsetShrink();
        assertEquals(OptionalInt.empty(), param.getShrink());
    }

    static Stream<Arguments> optionsOfTheTransformProfile() {
        return Stream.of(
                Arguments.of("target PSNR", (Consumer<SemImageWriteParam>) param -> param.setTargetPsnr(40)),
                Arguments.of("tune", (Consumer<SemImageWriteParam>) param -> param.setTune(Tune.PSNR)),
                Arguments.of("shrink", (Consumer<SemImageWriteParam>) param -> param.setShrink(1)),
                Arguments.of("regions of interest", (Consumer<SemImageWriteParam>) param ->
                        param.setRegionsOfInterest(List.of(new EncodeOptions.RegionOfInterest(new Rectangle(5, 5), 9)))));
    }

    @ParameterizedTest
    @MethodSource("optionsOfTheTransformProfile")
    void anOptionThatTheProfileDoesNotHaveIsRefused(String name, Consumer<SemImageWriteParam> option) throws IOException {
        IIOImage picture = new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null);
        for (String profile : new String[] {"lossless", "descriptor", "caption", "generative"}) {
            SemImageWriteParam param = explicit();
            param.setCompressionType(profile);
            option.accept(param);
            IIOException refusal = assertThrows(IIOException.class, () -> Samples.write(picture, param));
            assertEquals("the profile '" + profile + "' has no " + name, refusal.getMessage());
        }
        SemImageWriteParam transform = explicit();
        option.accept(transform);
        assertTrue(Samples.write(picture, transform).length > 0);
    }

    @Test
    void aCaptionAndGenerativeOptionsAreRefusedWhereTheyAreNotKept() {
        IIOImage picture = new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null);
        SemImageWriteParam param = explicit();
        param.setCaption("a cat");
        param.setEffort(3);
        param.setGenerativeOptions(new GenerativeOptions("none", false, 0, Sampler.Method.DDIM, 1, 0));
        for (String profile : new String[] {"transform", "lossless"}) {
            param.setCompressionType(profile);
            String message = assertThrows(IIOException.class, () -> Samples.write(picture, param)).getMessage();
            assertTrue(message.contains("caption") && message.contains("generative options"), message);
        }
    }

    @Test
    void modesThatEveryWriterMayIgnoreAreWarnedOf() throws IOException {
        SemImageWriteParam param = explicit();
        param.setCompressionType("lossless");
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        param.setTiling(256, 256, 0, 0);
        ImageWriter writer = Samples.writer();
        List<String> warnings = new ArrayList<>();
        writer.addIIOWriteWarningListener((source, index, warning) -> warnings.add(warning));
        writer.setOutput(new MemoryCacheImageOutputStream(new ByteArrayOutputStream()));
        writer.write(null, new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null), param);
        assertEquals(2, warnings.size(), warnings.toString());
    }

    @Test
    void theLongestPeriodsTakeOnePixel() throws IOException {
        BufferedImage picture = Samples.picture(100, 80, BufferedImage.TYPE_INT_RGB);
        for (int period : new int[] {1000, Integer.MAX_VALUE - 200, Integer.MAX_VALUE}) {
            SemImageWriteParam param = explicit();
            param.setCompressionType("lossless");
            param.setSourceSubsampling(period, period, 7, 5);
            ImageReader reader = Samples.reader(Samples.write(new IIOImage(picture, null, null), param));
            assertEquals(1, reader.getWidth(0));
            assertEquals(1, reader.getHeight(0));
            assertEquals(picture.getRGB(7, 5), reader.read(0).getRGB(0, 0));
            ImageReader whole = Samples.reader(Samples.write(picture));
            ImageReadParam read = whole.getDefaultReadParam();
            read.setSourceSubsampling(period, period, 7, 5);
            BufferedImage one = whole.read(0, read);
            assertEquals(1, one.getWidth());
            assertEquals(1, one.getHeight());
            read.setSourceRegion(new Rectangle(50, 40, 30, 30));
            assertEquals(1, whole.read(0, read).getWidth());
            assertEquals(1, whole.readRaster(0, read).getHeight());
        }
    }

    @Test
    void theOnlyBandOfAnIndexedImageIsItsColours() throws IOException {
        BufferedImage indexed = Samples.picture(20, 10, BufferedImage.TYPE_BYTE_INDEXED);
        SemImageWriteParam param = explicit();
        param.setCompressionType("lossless");
        byte[] all = Samples.write(new IIOImage(indexed, null, null), param);
        param.setSourceBands(new int[] {0});
        assertArrayEquals(all, Samples.write(new IIOImage(indexed, null, null), param));
        param.setSourceBands(new int[] {1});
        assertThrows(IIOException.class, () -> Samples.write(new IIOImage(indexed, null, null), param));
    }

    @Test
    void warningsHaveTheSameDigitsEverywhere() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            List<String> warnings = new ArrayList<>();
            ImageWriter writer = Samples.writer();
            writer.addIIOWriteWarningListener((source, index, warning) -> warnings.add(warning));
            writer.setOutput(new MemoryCacheImageOutputStream(new ByteArrayOutputStream()));
            SemImageWriteParam param = new SemImageWriteParam();
            param.setTargetPsnr(96);
            writer.write(null, new IIOImage(Samples.picture(20, 10, BufferedImage.TYPE_INT_RGB), null, null), param);
            assertTrue(warnings.get(0).endsWith("96.00 dB were asked for"), warnings.toString());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void progressiveModeWritesLayers() throws IOException {
        SemImageWriteParam param = explicit();
        param.setTune(Tune.PSNR);
        assertTrue(param.canWriteProgressive());
        assertEquals(0, layout(param));
        param.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
        assertEquals(0, layout(param));
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        assertEquals(3 << 2, layout(param), "three refinements of quality index 111");
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
