package org.semimage.conformance.measure;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BenchCommandTest {

    private static final String ANCHOR = """
            {"codec": "half-the-bits", "set": "drawn", "curve": [
              {"bpp": 0.1, "psnr": 26.0, "msssim": 0.9}, {"bpp": 0.2, "psnr": 30.0, "msssim": 0.96}, {"bpp": 0.4, "psnr": 34.0, "msssim": 0.99}]}
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
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), AnchorCurve.load(folder, "drawn"));
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
        BenchReport report = new BenchReport("test", "drawn", measured, AnchorCurve.load(folder, "drawn"));
        List<BenchReport.Delta> deltas = report.deltas();
        assertEquals(0, deltas.get(0).pictures());
        assertEquals("named", deltas.get(1).anchor());
        assertEquals(1, deltas.get(1).pictures());
        assertEquals(0, deltas.get(1).psnr().getAsDouble(), 1e-6);
        assertEquals(0.1, report.anchors().get(1).means().psnr().points().get(0).bpp(), 1e-9);
    }

    @Test
    void anchorsOfOtherPicturesGiveNoDifference() throws Exception {
        Files.writeString(folder.resolve("named.json"), """
                {"codec": "named", "set": "drawn", "curve": [], "points": [{"image": "z", "q": 9, "bpp": 0.1, "psnr": 26.0}]}
                """);
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), AnchorCurve.load(folder, "drawn"));
        assertTrue(report.deltas().get(0).psnr().isEmpty());
        assertEquals("n/a", BenchReport.pictures(report.deltas().get(0)));
        assertTrue(text(report).contains("n/a"), text(report));
    }

    @Test
    void ratesAreInterpolatedOnlyWhereTheyWereMeasured() throws Exception {
        BenchReport report = new BenchReport("test", "drawn", doubledRates(), List.of());
        assertTrue(text(report).contains("at 1.00 bpp: PSNR n/a dB"), text(report));
    }

    @Test
    void losslessAndTinyPicturesAreReportedAsSuch() throws Exception {
        List<Measurement> tiny = List.of(new Measurement("tiny", 1, 100, 8, Double.POSITIVE_INFINITY, OptionalDouble.empty(), 1, 1));
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
        return new Measurement(image, quality, 1000, bpp, psnr, OptionalDouble.empty(), 10, 5);
    }

    private static Measurement point(float quality, double bpp, double psnr, double msssim) {
        return new Measurement("picture", quality, 1000, bpp, psnr, OptionalDouble.of(msssim), 10, 5);
    }

    private static String text(BenchReport report) {
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text, true), false);
        return text.toString();
    }
}
