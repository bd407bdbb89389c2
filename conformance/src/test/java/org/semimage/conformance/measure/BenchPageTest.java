// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.cli.Run;
import org.semimage.cli.TestPicture;
import org.semimage.container.ProfileId;
import org.semimage.picture.RgbSamples;
import org.semimage.profile.Tune;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class BenchPageTest {

    private static final String ANCHOR = """
            {"codec": "other <1>", "set": "drawn", "curve": [
              {"bpp": 0.1, "psnr": 20.0, "msssim": 0.7}, {"bpp": 0.8, "psnr": 30.0, "msssim": 0.96},
              {"bpp": 9, "psnr": 54.0, "msssim": 0.999}]}
            """;
    private static final String NASTY = "a<b>&.png";

    @TempDir
    private Path folder;

    @Test
    void writesOnePageWithPlotsTablesAndPictures() throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        ImageIO.write(TestPicture.draw(200, 180, 1), "png", images.resolve("a.png").toFile());
        ImageIO.write(TestPicture.draw(180, 200, 2), "png", images.resolve("b.png").toFile());
        Path anchors = Files.createDirectory(folder.resolve("anchors"));
        Files.writeString(anchors.resolve("other.json"), ANCHOR);
        Path site = folder.resolve("site/inner");
        Run run = Run.of("bench", "--images", images, "--qualities", "0.3,0.6", "--anchors", anchors, "--set", "drawn", "--html", site);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("sem-transform, 2 pictures"), run.out());
        String html = Files.readString(site.resolve("index.html"));
        Document page = parse(html);
        int plots = Butteraugli.find(System.getenv("PATH")).isPresent() ? 4 : 3;
        assertEquals(plots + 2 * 6, page.getElementsByTagName("figure").getLength());
        assertEquals(3, page.getElementsByTagName("table").getLength());
        assertEquals(0, page.getElementsByTagName("script").getLength() + page.getElementsByTagName("link").getLength());
        assertTrue(page.getElementsByTagName("h1").item(0).getTextContent().startsWith("sem-transform on drawn, "), html.substring(0, 400));
        assertTrue(text(page).contains("sem bench --images"), "command line");
        assertTrue(text(page).contains(Runtime.version().toString()), "Java version");
        NodeList shown = page.getElementsByTagName("img");
        assertTrue(shown.getLength() >= 3 + 2 * 3 * 2, shown.getLength() + " pictures");
        for (int i = 0; i < shown.getLength(); i++) {
            Element image = (Element) shown.item(i);
            assertFalse(image.getAttribute("alt").isBlank(), "picture " + i + " has no text");
            assertTrue(inlined(image).getWidth() > 0);
        }
        assertEquals(2 * RatePlot.WIDTH, inlined((Element) shown.item(0)).getWidth());
        assertArrayEquals(new String[] {"index.html"}, site.toFile().list());
    }

    @Test
    void saysWhichProgramsAreMissingAndEscapesNames() throws Exception {
        Path picture = folder.resolve("picture.png");
        ImageIO.write(TestPicture.draw(200, 180, 3), "png", picture.toFile());
        Comparison plain = compare(picture, folder.toString());
        Comparison nasty = new Comparison(NASTY, plain.width(), plain.height(), plain.bpp(), plain.details(), plain.columns());
        List<Measurement> measured = List.of(measurement(0.2f, 0.1, 20, 0.7), measurement(0.4f, 0.4, 25, 0.9));
        BenchReport report = new BenchReport("<sem>", "x & y", measured, List.of());
        List<String> command = List.of("sem", "bench", "--images", "<'&\u0001>");
        String html = new BenchPage(report, List.of(nasty), command, ZonedDateTime.now()).html().get("index.html");
        Document page = parse(html);
        assertEquals(3 + 6, page.getElementsByTagName("figure").getLength());
        assertEquals(2 + 3 * 3, page.getElementsByTagName("img").getLength());
        assertTrue(text(page).contains("cwebp is not installed"), "WebP");
        assertTrue(text(page).contains("avifenc is not installed"), "AVIF");
        assertTrue(text(page).contains("cjxl is not installed"), "JPEG XL");
        assertTrue(page.getElementsByTagName("h3").item(0).getTextContent().startsWith(NASTY));
        assertTrue(html.contains("a&lt;b&gt;&amp;.png") && !html.contains(NASTY));
        assertTrue(text(page).contains("'<'\\''&\uFFFD>'"), "command line");
    }

    @Test
    void severalRatesGetAPageEach() throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        Run.draw(images, "a.png", "180x190");
        Path site = folder.resolve("site");
        Run run = Run.of("bench", "--images", images, "--qualities", "0.5", "--html", site, "--html-pictures", 1, "--html-bpp", "0.5,1");
        assertEquals(0, run.status(), run.err());
        Document first = parse(Files.readString(site.resolve("index.html")));
        assertEquals(0, first.getElementsByTagName("section").getLength());
        NodeList links = first.getElementsByTagName("a");
        assertEquals(2, links.getLength());
        for (int i = 0; i < 2; i++) {
            Document page = parse(Files.readString(site.resolve(((Element) links.item(i)).getAttribute("href"))));
            assertEquals(1, page.getElementsByTagName("section").getLength());
        }
        assertEquals(2, Run.of("bench", "--images", images, "--html", site, "--html-bpp", "0").status());
    }

    @Test
    void keepsWhatAFailingProgramSays() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        script("cwebp", "echo 'out of ideas' >&2; exit 3");
        script("dwebp", "exit 0");
        Path picture = folder.resolve("picture.png");
        ImageIO.write(TestPicture.draw(100, 90, 4), "png", picture.toFile());
        Comparison comparison = compare(picture, folder.toString());
        Comparison.Column webp = comparison.columns().get(2);
        assertEquals("cwebp failed with status 3: out of ideas", webp.remark());
        assertTrue(webp.view().isEmpty());
    }

    @Test
    void stopsProgramsThatTakeTooLong() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        script("slow", "exec sleep 60");
        ExternalProgram slow = ExternalProgram.find("slow", "relative:" + folder).orElseThrow();
        IOException failure = assertThrows(IOException.class, () -> slow.run(folder, Duration.ofSeconds(1), List.of()));
        assertEquals("slow took longer than 1 s", failure.getMessage());
    }

    @Test
    void jpegIsNotLargerThanOurs() throws Exception {
        Path picture = folder.resolve("picture.png");
        ImageIO.write(TestPicture.draw(400, 300, 5), "png", picture.toFile());
        List<Comparison.Column> columns = compare(picture, "").columns();
        assertEquals(List.of("Original", "JPEG", "WebP", "AVIF", "JPEG XL", "SEM"),
                columns.stream().map(Comparison.Column::codec).toList());
        long ours = columns.get(5).score().orElseThrow().bytes();
        long jpeg = columns.get(1).score().orElseThrow().bytes();
        assertTrue(jpeg <= ours || columns.get(1).remark().endsWith("it writes no smaller file"), jpeg + " and " + ours);
        Rival.Coded roomy = new JpegRival().code(ImageIO.read(picture.toFile()), 12_000);
        assertTrue(roomy.bytes() <= 12_000 && roomy.bytes() > 9_000, roomy.bytes() + " bytes");
    }

    @Test
    void theDetailIsWhereThePictureIsBusy() {
        int[] rgb = new int[300 * 200];
        for (int y = 100; y < 180; y++) {
            for (int x = 180; x < 260; x++) {
                rgb[y * 300 + x] = (x + y) % 2 == 0 ? 0xFFFFFF : 0;
            }
        }
        for (int x = 10; x < 80; x += 2) {
            rgb[20 * 300 + x] = 0xFF0000;
        }
        assertEquals(List.of(new Comparison.Detail(180, 100, 80), new Comparison.Detail(0, 0, 80)),
                Details.of(new RgbSamples(300, 200, rgb)));
        assertEquals(List.of(new Comparison.Detail(0, 0, 1)), Details.of(new RgbSamples(1, 1, new int[1])));
    }

    @Test
    void pagesWithoutCurvesSayWhy() throws Exception {
        Measurement lossless = new Measurement("tiny", 1, 100, 8, Scores.NONE.with(Measure.PSNR, Double.POSITIVE_INFINITY), 1, 1);
        String html = new BenchPage(new BenchReport("test", "tiny", List.of(lossless), List.of()), List.of(), List.of("sem"),
                ZonedDateTime.now()).html().get("index.html");
        assertTrue(text(parse(html)).contains("nothing to plot"), html);
        assertTrue(html.contains("∞") && html.contains("n/a"), html);
    }

    @Test
    void refusesAFileInPlaceOfTheFolder() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Run run = Run.of("bench", "--images", folder, "--html", file);
        assertEquals(1, run.status());
        assertEquals("sem: " + file + " is no folder", run.err().strip());
    }

    private static Comparison compare(Path picture, String searchPath) throws IOException {
        List<Rival> rivals = List.of(new JpegRival(), ExternalRival.webp(searchPath), ExternalRival.avif(searchPath),
                ExternalRival.jpegXl(searchPath));
        PrintWriter silent = new PrintWriter(new StringWriter());
        return new EqualBytes(ProfileId.TRANSFORM, Tune.PSNR, rivals, Optional.empty(), silent).compare(picture, 0.2);
    }

    private void script(String name, String line) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Measurement measurement(float quality, double bpp, double psnr, double msssim) {
        return new Measurement(NASTY, quality, 1000, bpp, Scores.NONE.with(Measure.PSNR, psnr).with(Measure.MS_SSIM, msssim), 10, 5);
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Document page) {
        return page.getDocumentElement().getTextContent();
    }

    private static BufferedImage inlined(Element image) throws IOException {
        String address = image.getAttribute("src");
        assertTrue(address.startsWith("data:image/"), address.substring(0, Math.min(80, address.length())));
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1))));
    }
}
