// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is told to who asks for what makes no sense. */
class UsageTest {

    @TempDir
    private Path folder;

    private Path original;
    private Path coded;

    @BeforeEach
    void draw() {
        original = Run.draw(folder, "original.png", "64x48");
        coded = folder.resolve("coded.sem");
    }

    private Run encode(String options) {
        List<Object> arguments = new ArrayList<>(List.of("encode", original, coded));
        arguments.addAll(List.of(options.split(" ")));
        return Run.of(arguments.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--profile lossless --quality 0.5", "--profile lossless --shrink 1", "--profile lossless --psnr 30",
        "--profile lossless --roi 1,1,5,5", "--profile descriptor --protect 1,1,5,5",
        "--profile lossless --progressive", "--profile lossless --tune psnr",
        "--profile lossless --caption words",
        "--profile caption --caption words --quality 0.5", "--profile caption --caption words --psnr 30",
        "--profile caption --caption words --roi 1,1,5,5", "--profile caption --caption words --tune perceptual",
        "--profile caption --caption words --effort 2", "--profile caption --caption words --progressive",
        "--profile descriptor --psnr 30", "--profile descriptor --roi 1,1,5,5", "--profile descriptor --tune perceptual",
        "--profile descriptor --progressive",
        "--profile generative --pack x --psnr 30", "--profile generative --pack x --roi 1,1,5,5",
        "--profile generative --pack x --tune psnr", "--profile generative --pack x --effort 2",
        "--profile generative --pack x --progressive", "--profile generative --pack x --caption words",
        "--profile generative --pack x --sampler ddim", "--profile generative --pack x --guidance 2",
        "--profile generative --pack x --seed 1", "--caption words", "--tune perceptual --effort 2", "--progressive --effort 3",
        "--bytes 401 --effort 2"})
    void anOptionWithoutEffectIsAUsageError(String options) {
        Run run = encode(options);
        assertEquals(2, run.status(), run.out());
        assertTrue(run.err().contains("no effect with"), run.err());
        assertFalse(Files.exists(coded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "4", "x"})
    void aShrinkThatThereIsNotIsAUsageError(String shrink) {
        Run run = encode("--shrink " + shrink);
        assertEquals(2, run.status(), run.out());
        assertTrue(run.err().contains("--shrink"), run.err());
        assertFalse(Files.exists(coded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profile lossless --bytes 100000", "--profile lossless --thumbnail 16 --no-metadata",
        "--profile caption --caption words --bytes 500", "--profile descriptor --caption words --quality 0.5",
        "--tune perceptual --effort 1 --roi 1,1,5,5", "--progressive --psnr 30 --tune psnr", "--shrink 2 --quality 0.4"})
    void anOptionWithAnEffectIsNone(String options) {
        Run run = encode(options);
        assertEquals(0, run.status(), run.err());
    }

    @Test
    void aFolderIsNoOutput() {
        Path root = folder.getRoot();
        for (Path output : new Path[] {root, folder, Path.of("..")}) {
            for (Run run : new Run[] {Run.of("encode", original, output), Run.of("decode", original, output), Run.of("draw", output),
                    Run.of("truncate", original, output, "--bytes", 100)}) {
                assertEquals(2, run.status());
                assertTrue(run.err().contains(output + " is a folder"), run.err());
            }
        }
    }

    @Test
    void aFolderIsNoInput() {
        for (Path input : new Path[] {folder.getRoot(), folder}) {
            for (Run run : new Run[] {Run.of("encode", input, coded), Run.of("decode", input, original), Run.of("info", input),
                    Run.of("caption", input),
                    Run.of("truncate", input, coded, "--bytes", 100), Run.of("demo", input, "--folder", folder)}) {
                assertEquals(1, run.status());
                assertEquals("sem: " + input + " is a folder", run.err().strip());
            }
        }
    }

    @Test
    void aRegionOutsideOfThePictureIsSaid() {
        assertEquals(0, encode("--quality 0.5").status());
        Run outside = Run.of("decode", coded, folder.resolve("r.png"), "--region", "500,500,10,10");
        assertEquals(1, outside.status());
        assertEquals("sem: --region 500,500,10,10 is outside of the picture of 64x48", outside.err().strip());
        for (String partly : new String[] {"60,40,10,10", "60,40,2147483647,2147483647"}) {
            Run cut = Run.of("decode", coded, folder.resolve("r.png"), "--region", partly);
            assertTrue(cut.status() == 0 && cut.out().contains("4x8") && cut.err().contains("--region leaves the picture of 64x48"),
                    cut.out() + cut.err());
        }
        Run roi = encode("--roi 64,0,10,10");
        assertEquals(1, roi.status());
        assertEquals("sem: --roi 64,0,10,10 is outside of the picture of 64x48", roi.err().strip());
    }

    @Test
    void infoNamesProtectedRegions() {
        assertEquals(0, Run.of("encode", original, coded, "--protect", "17,0,20,16", "--protect", "40,40,20,20").status());
        String info = Run.of("info", coded).out();
        assertTrue(info.contains("protect 16,0,32,16 32,32,32,16"), info);
        assertTrue(Run.of("info", "--json", coded).out().contains("\"protectedRegions\""));
        Run gain = Run.of("encode", original, coded, "--protect", "0,0,40,40,64");
        assertTrue(gain.status() == 2 && gain.err().contains("no gain"), gain.err());
    }
}
