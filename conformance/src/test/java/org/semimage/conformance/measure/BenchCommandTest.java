// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.cli.Run;
import org.semimage.picture.RgbSamples;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class BenchCommandTest {

    private static final String ANCHOR = """
            {"codec": "half-the-bits", "set": "drawn", "curve": [
              {"bpp": 0.1, "psnr": 26.0, "msssim": 0.9}, {"bpp": 0.2, "psnr": 30.0, "msssim": 0.96},
              {"bpp": 0.4, "psnr": 34.0, "msssim": 0.99}]}
            """;

    @TempDir
    private Path folder;

    @Test
    void measuresAFolderOfPictures() throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        Run.draw(images, "a.png", "180x190");
        Run.draw(images, "b.bmp", "190x180");
        Files.writeString(images.resolve("notes.txt"), "no picture");
        Path json = folder.resolve("result.json");
        Run run = Run.of("bench", "--images", images, "--qualities", "0.3,0.6", "--each", "--json", json);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("sem-transform, 2 pictures"), run.out());
        assertTrue(run.out().contains("b.bmp"), run.out());
        JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertEquals(2, result.getAsJsonArray("curve").size());
        assertEquals(4, result.getAsJsonArray("points").size());
    }

    @Test
    void failsWithoutPictures() {
        Run run = Run.of("bench", "--images", folder);
        assertEquals(1, run.status());
        assertEquals("sem: no pictures in " + folder, run.err().strip());
        assertEquals(1, Run.of("bench", "--images", folder.resolve("missing")).status());
    }

    @Test
    void refusesQualitiesAndEffortsOutsideTheScale() {
        assertEquals(2, Run.of("bench", "--images", folder, "--qualities", "0.5,2").status());
        assertEquals(2, Run.of("bench", "--images", folder, "--effort", 0).status());
        assertEquals(2, Run.of("bench").status());
    }

    @Test
    void comparesMeanCurvesWithAnchorsOfTheSet() throws Exception {
        Files.writeString(folder.resolve("half.json"), ANCHOR);
        Files.writeString(folder.resolve("other.json"), ANCHOR.replace("drawn", "kodak"));
        Files.writeString(folder.resolve("speed.json"), "{\"machine\": \"any\"}");
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), AnchorFiles.load(List.of(folder), "drawn"));
        JsonObject delta = JsonParser.parseString(report.json()).getAsJsonObject()
                .getAsJsonObject("bd_rate_percent").getAsJsonObject("half-the-bits");
        assertEquals(100, delta.get("psnr").getAsDouble(), 1e-6);
        assertEquals(100, delta.get("msssim").getAsDouble(), 1e-6);
        assertTrue(text(report).contains("at 0.25 bpp: PSNR 27.29 dB"), text(report));
        assertTrue(text(report).contains("against half-the-bits"), text(report));
    }

    @Test
    void comparesPicturesThatBothHaveWhereAnchorsNameThem() throws Exception {
        Files.writeString(folder.resolve("named.json"), """
                {"codec": "named", "set": "drawn", "curve": [{"bpp": 1, "psnr": 26.0}, {"bpp": 2, "psnr": 30.0}], "points": [
                  {"image": "a", "q": 9, "bpp": 0.1, "psnr": 26.0}, {"image": "a", "q": 5, "bpp": 0.2, "psnr": 30.0},
                  {"image": "other", "q": 9, "bpp": 5.1, "psnr": 26.0}, {"image": "other", "q": 5, "bpp": 5.2, "psnr": 30.0}]}
                """);
        Files.writeString(folder.resolve("half.json"), ANCHOR);
        List<Measurement> measured = List.of(measurement("a.png", 0.1f, 0.1, 26), measurement("a.png", 0.2f, 0.2, 30),
                measurement("b.png", 0.1f, 9, 26), measurement("b.png", 0.2f, 9.5, 30));
        BenchReport report = new BenchReport("test", "drawn", measured, AnchorFiles.load(List.of(folder), "drawn"));
        List<BenchReport.Delta> deltas = report.deltas();
        assertEquals(0, deltas.get(0).pictures().get(Measure.PSNR));
        assertEquals("named", deltas.get(1).anchor());
        assertEquals(1, deltas.get(1).pictures().get(Measure.PSNR));
        assertEquals(0, deltas.get(1).percent().get(Measure.PSNR).getAsDouble(), 1e-6);
        assertEquals(0.1, report.anchors().get(1).means().of(Measure.PSNR).points().get(0).bpp(), 1e-9);
    }

    @Test
    void anchorsOfOtherPicturesGiveNoDifference() throws Exception {
        Files.writeString(folder.resolve("named.json"), """
                {"codec": "named", "set": "drawn", "curve": [], "points": [{"image": "z", "q": 9, "bpp": 0.1, "psnr": 26.0}]}
                """);
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), AnchorFiles.load(List.of(folder), "drawn"));
        assertTrue(report.deltas().get(0).percent().get(Measure.PSNR).isEmpty());
        assertEquals("n/a", BenchReport.pictures(report.deltas().get(0)));
        assertTrue(text(report).contains("n/a"), text(report));
    }

    @Test
    void comparesBytesAtEqualScoresWithPointsInATable() throws Exception {
        Files.writeString(folder.resolve("drawn.tsv"), """
                other\ta\t40\t1000\t0.1\t45.5\t3.5
                other\ta\t20\t2000\t0.2\t65.5\t1.5
                other\tb\t40\t1000\t0.1\t45.5\t3.5
                other\tb\t20\t2000\t0.2\t55.5\t2.5
                """);
        List<Measurement> measured = List.of(seen("a.png", 0.1f, 0.2, 40, 4), seen("a.png", 0.2f, 0.4, 70, 1),
                seen("b.png", 0.1f, 0.1, 55, 2), seen("b.png", 0.2f, 0.2, 70, 1));
        BenchReport report = new BenchReport("test", "drawn", measured, AnchorFiles.load(List.of(folder), "drawn"));
        AnchorCurve other = report.anchors().get(0);
        double ours = Math.log(0.2) + Math.log(2) / 3;
        double theirs = Math.log(0.1) + Math.log(2) * 4.5 / 20;
        EqualScore fifty = report.equalScore(other, Measure.SSIMULACRA2, 50);
        assertEquals(1, fifty.pictures());
        assertEquals(100 * Math.expm1(ours - theirs), fifty.percent().getAsDouble(), 1e-6);
        assertEquals(1, report.equalScore(other, Measure.BUTTERAUGLI, 3).pictures());
        assertEquals(0, report.equalScore(other, Measure.SSIMULACRA2, 80).pictures());
        assertTrue(text(report).contains("bytes at equal SSIMULACRA 2"), text(report));
        assertTrue(text(report).contains("+115.6 % (1)"), text(report));
        assertTrue(text(report).contains("bytes at equal Butteraugli"), text(report));
        JsonObject levels = JsonParser.parseString(report.json()).getAsJsonObject().getAsJsonObject("bytes_at_equal_score_percent")
                .getAsJsonObject("ssimulacra2").getAsJsonObject("other");
        assertEquals(1, levels.getAsJsonObject("50").get("pictures").getAsInt());
        assertTrue(levels.getAsJsonObject("80").get("percent").isJsonNull());
    }

    @Test
    void putsTogetherWhatSeveralFoldersKnowOfACodec() throws Exception {
        Files.writeString(folder.resolve("drawn.tsv"), """
                half-the-bits\ta\t40\t1000\t0.1\t45.5\t3.5
                half-the-bits\ta\t20\t2000\t0.2\t65.5\t1.5
                """);
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("half.json"), ANCHOR);
        List<AnchorCurve> curves = AnchorFiles.load(List.of(folder, other), "drawn");
        assertEquals(1, curves.size());
        assertEquals(3, curves.get(0).means().of(Measure.PSNR).points().size());
        assertEquals(2, curves.get(0).means().of(Measure.SSIMULACRA2).points().size());
    }

    @Test
    void saysWhereATableOfAnchorsIsMalformed() throws Exception {
        Files.writeString(folder.resolve("drawn.tsv"), "other\ta\t40\t1000\t0.1\t45.5\t3.5\nother\ta\t20\n");
        IOException columns = assertThrows(IOException.class, () -> AnchorFiles.load(List.of(folder), "drawn"));
        assertTrue(columns.getMessage().endsWith("drawn.tsv, line 2: 3 columns, not 7"), columns.getMessage());
        Files.writeString(folder.resolve("drawn.tsv"), "other\ta\t40\t1000\t0.1\tgood\t3.5\n");
        IOException number = assertThrows(IOException.class, () -> AnchorFiles.load(List.of(folder), "drawn"));
        assertTrue(number.getMessage().contains("line 1"), number.getMessage());
    }

    @Test
    void saysThatButteraugliIsMissing() {
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), List.of());
        assertTrue(text(report).contains("there is no program butteraugli_main"), text(report));
    }

    @Test
    void readsWhatButteraugliSays() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path program = folder.resolve("butteraugli_main");
        Files.writeString(program, "#!/bin/sh\ntest -s $1 && test -s $2 && echo '1.5' && echo '3-norm: 0.75'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Butteraugli butteraugli = Butteraugli.find(folder.toString()).orElseThrow();
        RgbSamples picture = new RgbSamples(8, 9, new int[72]);
        assertEquals(0.75, butteraugli.of(picture, picture).getAsDouble());
        assertTrue(butteraugli.of(new RgbSamples(7, 1, new int[7]), new RgbSamples(7, 1, new int[7])).isEmpty());
        Files.writeString(program, "#!/bin/sh\necho nothing\n");
        assertThrows(IOException.class, () -> butteraugli.of(picture, picture));
    }

    @Test
    void ratesAreInterpolatedOnlyWhereTheyWereMeasured() throws Exception {
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), List.of());
        assertTrue(text(report).contains("at 1.00 bpp: PSNR n/a dB"), text(report));
    }

    @Test
    void losslessAndTinyPicturesAreReportedAsSuch() throws Exception {
        Scores equal = Scores.NONE.with(Measure.PSNR, Double.POSITIVE_INFINITY);
        List<Measurement> tiny = List.of(new Measurement("tiny", 1, 100, 8, equal, 1, 1));
        BenchReport report = new BenchReport("test", "tiny", tiny, List.of());
        assertTrue(text(report).contains("Infinity"), text(report));
        assertTrue(text(report).contains("n/a"), text(report));
        JsonObject rung = JsonParser.parseString(report.json()).getAsJsonObject().getAsJsonArray("curve").get(0).getAsJsonObject();
        assertTrue(rung.get("psnr").isJsonNull() && rung.get("msssim").isJsonNull(), rung.toString());
    }

    @Test
    void saysWhenNoAnchorFits() throws Exception {
        Files.writeString(folder.resolve("half.json"), ANCHOR);
        Run.draw(folder, "a.png", "20x20");
        Run run = Run.of("bench", "--images", folder, "--anchors", folder, "--set", "moon");
        assertEquals(1, run.status());
        assertTrue(run.err().contains("no anchor curve of the set 'moon'"), run.err());
    }

    /** Two pictures whose mean curve is the anchor's at twice the rate. */
    private static List<Measurement> doubledRates() {
        return List.of(point(0.1f, 0.1, 26, 0.9), point(0.1f, 0.3, 26, 0.9), point(0.2f, 0.4, 29, 0.95), point(0.2f, 0.4, 31, 0.97),
                point(0.3f, 0.8, 34, 0.99), point(0.3f, 0.8, 34, 0.99));
    }

    private static Measurement measurement(String image, float quality, double bpp, double psnr) {
        return new Measurement(image, quality, 1000, bpp, Scores.NONE.with(Measure.PSNR, psnr), 10, 5);
    }

    private static Measurement seen(String image, float quality, double bpp, double ssimulacra2, double butteraugli) {
        Scores scores = Scores.NONE.with(Measure.SSIMULACRA2, ssimulacra2).with(Measure.BUTTERAUGLI, butteraugli);
        return new Measurement(image, quality, 1000, bpp, scores, 10, 5);
    }

    private static Measurement point(float quality, double bpp, double psnr, double msssim) {
        return new Measurement("picture", quality, 1000, bpp, Scores.NONE.with(Measure.PSNR, psnr).with(Measure.MS_SSIM, msssim), 10, 5);
    }

    private static String text(BenchReport report) {
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text, true), false);
        return text.toString();
    }

    @Test
    void anOptionOfAnotherProfileIsAUsageError() {
        for (String[] options : new String[][] {{"lossless", "--tune", "psnr"}, {"caption", "--tune", "perceptual"},
                {"lossless", "--qualities", "0.5"}}) {
            Run run = Run.of("bench", "--images", folder, "--profile", options[0], options[1], options[2]);
            assertTrue(run.status() == 2 && run.err().contains("no effect with"), run.err());
        }
    }
}
