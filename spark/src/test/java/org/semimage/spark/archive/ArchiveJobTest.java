// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.container.ProfileId;
import org.semimage.profile.Tune;
import org.semimage.spark.LocalSpark;
import org.semimage.spark.TestPictures;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(1800)
class ArchiveJobTest {

    private static final int PICTURES = 1000;

    @TempDir
    private static Path folder;

    private static Path sources;
    private static int bad;

    @BeforeAll
    static void drawPictures() throws IOException {
        sources = folder.resolve("sources");
        bad = TestPictures.archive(sources, PICTURES);
    }

    @AfterAll
    static void endSpark() {
        LocalSpark.session().stop();
    }

    private static ArchiveJob job(Path target) {
        return new ArchiveJob(sources.toString(), null, true, target.toString(), TranscodeSettings.DEFAULT, ArchiveLimits.DEFAULT, false,
                1 << 22);
    }

    /** All SEM files below a folder by name, with their bytes. */
    private static Map<String, String> files(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(target)) {
            Map<String, String> files = new TreeMap<>();
            for (Path file : all.filter(f -> f.toString().endsWith(".sem")).toList()) {
                files.put(target.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
            return files;
        }
    }

    private static long count(Path target) {
        try (Stream<Path> all = Files.exists(target) ? Files.walk(target) : Stream.empty()) {
            return all.filter(f -> f.toString().endsWith(".sem")).count();
        } catch (IOException | UncheckedIOException renamedMeanwhile) {
            return 0;
        }
    }

    @Test
    void aRunThatWasKilledHalfWayIsGoneOnWith() throws Exception {
        Path whole = folder.resolve("whole");
        Summary first = job(whole).run(LocalSpark.session());
        assertEquals(PICTURES - bad, first.archive().pictures());
        assertEquals(PICTURES - bad, first.run().written());
        assertEquals(Map.of("damaged", 10L, "unknown-format", 20L, "too-large", 10L, "already-sem", 10L), first.quarantined());
        assertTrue(first.run().picturesPerCoreHour() > 0);

        Path ended = folder.resolve("ended");
        SparkSession spark = LocalSpark.session();
        CompletableFuture<Summary> running = CompletableFuture.supplyAsync(() -> {
            try {
                return job(ended).run(spark);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (count(ended) < PICTURES / 3 && !running.isDone()) {
            TimeUnit.MILLISECONDS.sleep(250);
        }
        spark.sparkContext().cancelAllJobs();
        assertThrows(ExecutionException.class, running::get);
        spark.stop();
        long half = count(ended);
        assertTrue(half >= PICTURES / 3 && half < PICTURES - bad, half + " files");
        assertFalse(Files.exists(ended.resolve("_sem/summary.json")));

        Summary again = job(ended).run(LocalSpark.session());
        assertEquals(first.archive(), again.archive());
        assertEquals(first.quarantined(), again.quarantined());
        assertTrue(again.run().kept() >= half, again.toString());
        assertEquals(PICTURES - bad, again.run().kept() + again.run().written());
        assertEquals(files(whole), files(ended));
        assertFalse(Files.exists(ended.resolve("_sem/temporary")));

        Row quarantined = LocalSpark.session().read().parquet(ended.resolve("_sem/quarantine").toString())
                .where("path like '%y1/m 3/p0007.jpg'").first();
        assertEquals("damaged", quarantined.getAs("reason"));
        assertTrue(Files.readString(ended.resolve("_sem/summary.json")).contains("\"pictures\" : " + (PICTURES - bad)));

        assertEquals(PICTURES - bad, LocalSpark.session().read().format("sem").load(ended.toString()).select("path").count());
    }

    @Test
    void aSourceThatIsAnotherIsMadeAgain() throws Exception {
        Path in = Files.createDirectories(folder.resolve("few"));
        for (int i = 0; i < 3; i++) {
            Files.write(in.resolve(i + ".png"), TestPictures.file(TestPictures.picture(20, 20, 1, i), "png"));
        }
        Path out = folder.resolve("few-out");
        ArchiveJob few = new ArchiveJob(in.toString(), "*.png", true, out.toString(), TranscodeSettings.DEFAULT, ArchiveLimits.DEFAULT,
                false, 1 << 20);
        assertEquals(3, few.run(LocalSpark.session()).run().written());
        FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
        Files.setLastModifiedTime(in.resolve("0.png"), later);
        Files.write(in.resolve("1.png"), TestPictures.file(TestPictures.picture(20, 20, 1, 77), "png"));
        Files.setLastModifiedTime(in.resolve("1.png"), later);
        Path cut = out.resolve("2.png.sem");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), (int) Files.size(cut) - 9));
        Summary.Run run = few.run(LocalSpark.session()).run();
        assertEquals(List.of(2L, 1L), List.of(run.written(), run.kept()), "the same content is kept, another and a cut file are not");

        TranscodeSettings lossless = new TranscodeSettings(ProfileId.LOSSLESS, null, Tune.PERCEPTUAL, 1, 0, true);
        ArchiveJob other = new ArchiveJob(in.toString(), null, true, out.toString(), lossless, ArchiveLimits.DEFAULT, false, 1 << 20);
        Summary summary = other.run(LocalSpark.session());
        assertEquals(3, summary.run().written());
        assertEquals(3, summary.archive().lossless());
        assertTrue(summary.archive().ssimulacra2().isEmpty());
    }

    @Test
    void aTargetAmongTheSourcesIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ArchiveJob.of(sources.toString(), sources + "/out").run(LocalSpark.session()));
        assertThrows(FileNotFoundException.class, () -> ArchiveJob.of(folder + "/none", folder + "/out").run(LocalSpark.session()));
        assertThrows(IllegalArgumentException.class, () -> new ArchiveJob("a", null, true, "b", TranscodeSettings.DEFAULT,
                ArchiveLimits.DEFAULT, false, 0));
    }

    @Test
    void aMirrorKeepsPlacesBelowTheLastPartWithoutAWildcard() throws IOException {
        Configuration hadoop = new Configuration();
        Mirror mirror = Mirror.of(sources + "/y*/m 0", folder + "/out", hadoop);
        assertEquals("file:" + folder + "/out/y1/m 0/a b%20.jpg.sem", mirror.of("file:" + sources + "/y1/m 0/a b%20.jpg").toString());
        assertThrows(IllegalArgumentException.class, () -> mirror.of("file:/elsewhere/a.jpg"));
    }
}
