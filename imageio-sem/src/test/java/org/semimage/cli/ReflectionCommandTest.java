// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.generate.FakeCaptioner;
import org.semimage.generate.FakeGenerator;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.profile.semantic.PictureCaptioner;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Captioners, generators and reflection behind {@code sem encode} and {@code sem caption}. */
class ReflectionCommandTest {

    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;

    @TempDir
    private Path folder;

    private Path picture;
    private Path small;
    private Path file;

    @BeforeEach
    void draw() throws IOException {
        System.setProperty(PictureCaptioner.PROPERTY, "none");
        picture = drawn("picture.png", WIDTH, HEIGHT);
        small = drawn("small.png", 128, 96);
        file = folder.resolve("picture.sem");
    }

    /** A picture whose red is full everywhere: the fake generator gets it right from the word alone. */
    private Path drawn(String name, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int green = (i * 7919 >> 5 & 0x3F) + i % width * 100 / width;
            image.setRGB(i % width, i / width, 0xFF0000 | green << 8 | i / width * 240 / height);
        }
        Path drawn = folder.resolve(name);
        ImageIO.write(image, "png", drawn.toFile());
        return drawn;
    }

    @AfterEach
    void forget() {
        System.clearProperty(FakeCaptioner.PROPERTY);
        System.clearProperty(FakeGenerator.PROPERTY);
        System.clearProperty(SynthesisPolicy.PROPERTY);
        System.clearProperty(PictureCaptioner.PROPERTY);
    }

    private static void captions(String captions) {
        System.setProperty(FakeCaptioner.PROPERTY, captions);
        System.setProperty(FakeGenerator.PROPERTY, "yes");
    }

    private static Run good(Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private String caption() {
        return good("caption", file).out().strip();
    }

    @Test
    void aFewBytesGetACaptionThatHelps() throws IOException {
        captions("a red wall");
        Run run = good("encode", picture, file, "--bytes", 34);
        assertTrue(run.err().contains("profile 'descriptor'") && !run.err().contains("without words"), run.err());
        assertEquals("a red wall", caption());
        assertEquals(34, Files.size(file));
    }

    @Test
    void aCaptionThatDoesNotHelpIsLeftOut() {
        captions("a blue wall");
        Run run = good("encode", picture, file, "--bytes", 24);
        assertTrue(run.err().contains("No caption is kept"), run.err());
        assertTrue(Run.of("caption", file).err().contains("has no caption"));
    }

    @Test
    void withoutCaptionerOrGeneratorItIsSaidWhyThereAreNoWords() throws IOException {
        assertTrue(good("encode", picture, file, "--bytes", 24).err().contains("without words: no captioner is at hand"));
        byte[] plain = Files.readAllBytes(file);
        System.setProperty(FakeCaptioner.PROPERTY, "a red wall");
        assertTrue(good("encode", picture, file, "--bytes", 24).err().contains("without words: no generator"));
        assertArrayEquals(plain, Files.readAllBytes(file));
        captions("a red wall");
        System.setProperty(SynthesisPolicy.PROPERTY, "deny");
        assertTrue(good("encode", picture, file, "--bytes", 24).err().contains("without words: no generator"));
        assertArrayEquals(plain, Files.readAllBytes(file));
    }

    @Test
    void effortAsksForMoreCaptionsAndDropsDetails() {
        captions("a blue wall|a red wall with green paint|a green wall");
        good("encode", small, file, "--profile", "descriptor", "--bytes", 60, "--effort", 2);
        assertEquals("a red wall", caption());
    }

    @Test
    void effortAloneFindsBetterSteps() throws IOException {
        good("encode", small, file, "--profile", "descriptor", "--bytes", 60, "--effort", 2, "--trace", folder.resolve("trace"));
        String page = Files.readString(folder.resolve("trace/index.html"));
        assertTrue(page.contains("coarser steps") && page.contains("more contrast") && page.contains("another seed"), page);
        assertTrue(Files.size(file) <= 60);
    }

    @Test
    void aGivenCaptionStays() {
        captions("a red wall");
        good("encode", small, file, "--profile", "descriptor", "--bytes", 60, "--effort", 2, "--caption", "a blue wall");
        assertEquals("a blue wall", caption());
    }

    @Test
    void wordsAloneAreOfTheCaptionerAndFit() throws IOException {
        captions("a red wall with several enormous photographs of elephants|a wall");
        good("encode", small, file, "--profile", "caption");
        assertEquals("a red wall with several enormous photographs of elephants", caption());
        good("encode", small, file, "--profile", "caption", "--bytes", 10);
        assertEquals("a red wall", caption());
        assertTrue(Files.size(file) <= 10);
        good("encode", small, file, "--profile", "caption", "--bytes", 10, "--effort", 3);
        assertEquals("a red wall", caption());
        Run none = Run.of("encode", small, file, "--profile", "caption", "--bytes", 3);
        assertTrue(none.status() == 1 && none.err().contains("does not fit"), none.err());
    }

    @Test
    void aCaptionerThatFailsIsToldAndDoneWithout() throws IOException {
        captions("");
        Run run = good("encode", picture, file, "--bytes", 24);
        assertTrue(run.err().contains("Captioner fake says nothing: nothing comes to mind"), run.err());
        assertEquals(24, Files.size(file));
        Run words = Run.of("encode", small, file, "--profile", "caption");
        assertTrue(words.status() == 1 && words.err().contains("nothing comes to mind"), words.err());
        captions(" | ");
        Run blank = Run.of("encode", small, file, "--profile", "caption");
        assertTrue(blank.status() == 1 && blank.err().contains("no captioner says anything"), blank.err());
        captions("");
        Run said = Run.of("caption", picture);
        assertEquals("sem: nothing comes to mind", said.err().strip());
    }

    @Test
    void aGeneratorThatFailsIsToldAndDoneWithout() throws IOException {
        captions("a red wall");
        System.setProperty(FakeGenerator.PROPERTY, "broken");
        Run run = good("encode", picture, file, "--bytes", 24);
        assertTrue(run.err().contains("out of paint"), run.err());
        assertEquals(24, Files.size(file));
    }

    @Test
    void captionsOfOtherPicturesComeFromTheCaptioner() {
        captions("a red wall|a wall|red");
        Run run = good("caption", picture);
        assertEquals("a red wall", run.out().strip());
        assertTrue(Pattern.compile("[0-9.]+ bits, [0-9]+ bytes, by fake").matcher(run.err()).find(), run.err());
        assertEquals(List.of("a red wall", "a wall"), good("caption", picture, "--captions", 2).out().lines().toList());
        good("encode", picture, file);
        assertEquals("a red wall", caption());
        for (String count : new String[] {"0", "11", "x"}) {
            assertEquals(2, Run.of("caption", picture, "--captions", count).status());
        }
    }

    @Test
    void withoutCaptionerOtherPicturesHaveNoCaption() {
        Run run = Run.of("caption", picture);
        assertEquals(1, run.status());
        assertTrue(run.err().contains("no captioner is at hand to say what " + picture + " shows"), run.err());
        Path text = folder.resolve("text.txt");
        assertEquals(1, Run.of("caption", text).status());
    }

    @Test
    void theTraceShowsAllThatWasTriedAndLoadsNothingElse() throws IOException {
        captions("a red <b>wall</b> & more");
        Path trace = folder.resolve("a/trace");
        good("encode", picture, file, "--profile", "descriptor", "--bytes", 60, "--trace", trace);
        String page = Files.readString(trace.resolve("index.html"));
        assertTrue(page.contains("a red &lt;b&gt;wall&lt;/b&gt; &amp; more") && !page.contains("<b>"), page);
        assertTrue(page.contains("no caption") && page.contains("the best so far") && page.contains("color-scheme: light dark"), page);
        assertFalse(Pattern.compile("(?:src|href)=\"(?!data:,|[0-9a-z-]+\\.png\")|url\\(|@import|<script").matcher(page).find(), page);
        for (String name : new String[] {"1-original.png", "1-01.png", "1-02.png"}) {
            assertEquals(WIDTH, ImageIO.read(trace.resolve(name).toFile()).getWidth());
        }
    }

    @Test
    void aTraceThatCannotBeWrittenOrShowsNothingIsTold() throws IOException {
        Run none = Run.of("encode", small, file, "--profile", "descriptor", "--trace", picture);
        assertTrue(none.status() == 1 && none.err().contains("is no folder"), none.err());
        Path tiny = Run.draw(folder, "tiny.png", "32x32");
        Run pixels = good("encode", tiny, file, "--bytes", 400, "--trace", folder.resolve("t"));
        assertTrue(pixels.err().contains("--trace has nothing to show"), pixels.err());
        for (String options : new String[] {"--trace t", "--trace t --bytes 401", "--trace t --profile transform --bytes 40",
            "--trace t --profile lossless", "--trace t --profile caption --caption x", "--effort 2 --profile caption --caption x"}) {
            String[] words = ("encode " + picture + " " + file + " " + options).split(" ");
            Run run = Run.of((Object[]) words);
            assertTrue(run.status() == 2 && run.err().contains("no effect"), options + run.err());
        }
    }

    @Test
    void everyPictureOfAFileHasItsPlaceInTheTrace() throws IOException {
        Path two = folder.resolve("two.sem");
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Pictures.writeSem(two, new PrintWriter(System.err), writer -> {
            writer.prepareWriteSequence(null);
            for (int i = 0; i < 2; i++) {
                writer.writeToSequence(new IIOImage(image, null, null), null);
            }
            writer.endWriteSequence();
        });
        good("encode", two, file, "--picture", "all", "--profile", "descriptor", "--bytes", 80, "--trace", folder.resolve("t"));
        String page = Files.readString(folder.resolve("t/index.html"));
        assertTrue(page.contains("Picture 1, 40 x 30") && page.contains("Picture 2, 40 x 30"), page);
        assertTrue(Files.exists(folder.resolve("t/2-01.png")));
    }
}
