// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.spark.LocalSpark;
import org.semimage.spark.TestPictures;
import org.semimage.spark.UnreachableFiles;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SemSourceTest {

    private static final String PHOTO = "a photo.sem";
    private static final String DRAWING = "drawing.sem";
    private static final String WORDS = "words.sem";
    private static final String CUT = "cut.sem";
    private static final String NONE = "none.sem";
    private static final String UNREACHABLE = UnreachableFiles.SCHEME + "://";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void encodePictures() throws IOException {
        encode(TestPictures.picture(600, 400, BufferedImage.TYPE_INT_RGB, 1), PHOTO, "transform", null);
        encode(TestPictures.picture(30, 20, BufferedImage.TYPE_INT_ARGB, 2), DRAWING, "lossless", null);
        encode(TestPictures.picture(64, 48, BufferedImage.TYPE_INT_RGB, 3), WORDS, "caption", "a boat at sea");
        byte[] photo = Files.readAllBytes(folder.resolve(PHOTO));
        Files.write(folder.resolve(CUT), Arrays.copyOf(photo, photo.length / 2));
        Files.writeString(folder.resolve(NONE), "no picture");
        Files.writeString(folder.resolve("text.txt"), "not asked for");
        Files.createDirectories(folder.resolve("_sem"));
        Files.write(folder.resolve("_sem").resolve("other.sem"), photo);
        Files.write(folder.resolve("._other.sem"), photo);
    }

    @AfterAll
    static void endSpark() {
        LocalSpark.session().stop();
    }

    private static void encode(BufferedImage image, String name, String profile, String caption) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(profile);
        param.setCaption(caption);
        try (FileImageOutputStream out = new FileImageOutputStream(folder.resolve(name).toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        writer.dispose();
    }

    private static Dataset<Row> sem(String mode) {
        return LocalSpark.session().read().format("sem").option("mode", mode).load(folder.toString());
    }

    private static Row row(Dataset<Row> rows, String name) {
        return rows.collectAsList().stream().filter(row -> row.<String>getAs("path").endsWith("/" + name)).findFirst().orElseThrow();
    }

    @Test
    void aRowSaysWhatAFileIs() throws IOException {
        Dataset<Row> rows = sem("permissive");
        assertEquals(List.of("path", "modificationTime", "length", "width", "height", "profile", "caption", "thumbnail", "pixels", "error"),
                List.of(rows.columns()));
        Row photo = row(rows, PHOTO);
        assertEquals(Files.size(folder.resolve(PHOTO)), photo.<Long>getAs("length"));
        assertEquals(List.of(600, 400, "transform"), List.of(photo.getAs("width"), photo.getAs("height"), photo.getAs("profile")));
        BufferedImage thumbnail = ImageIO.read(new ByteArrayInputStream(photo.getAs("thumbnail")));
        assertEquals(List.of(128, 85), List.of(thumbnail.getWidth(), thumbnail.getHeight()));
        assertNull(photo.getAs("error"));
        assertNull(photo.getAs("caption"));

        Row drawing = row(rows, DRAWING);
        Row pixels = drawing.getAs("pixels");
        assertEquals(List.of(20, 30, 4, 24), List.of(pixels.getInt(0), pixels.getInt(1), pixels.getInt(2), pixels.getInt(3)));
        byte[] data = pixels.getAs("data");
        int argb = TestPictures.picture(30, 20, BufferedImage.TYPE_INT_ARGB, 2).getRGB(29, 19);
        int last = data.length - 4;
        assertEquals(argb,
                (data[last + 3] & 0xFF) << 24 | (data[last + 2] & 0xFF) << 16 | (data[last + 1] & 0xFF) << 8 | data[last] & 0xFF);

        Row words = row(rows, WORDS);
        assertEquals(List.of("caption", "a boat at sea"), List.of(words.getAs("profile"), words.getAs("caption")));
    }

    @Test
    void damagedFilesAreToldDroppedOrFail() {
        Dataset<Row> told = sem("PERMISSIVE").select("path", "width", "pixels", "error");
        assertEquals(5, told.collectAsList().size());
        assertNotNull(row(told, CUT).getAs("error"));
        assertEquals(600, row(told, CUT).<Integer>getAs("width"));
        assertNull(row(told, NONE).getAs("width"));
        assertNotNull(row(told, NONE).getAs("error"));
        assertEquals(3, sem("DropMalformed").select("width").collectAsList().size());
        SparkException failure = assertThrows(SparkException.class, () -> sem("FAILFAST").select("width").collectAsList());
        assertTrue(failure.getMessage().contains(".sem: "), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> sem("sometimes").count());
    }

    @Test
    void aStoreThatCannotBeReachedIsNoFilesFault() {
        for (String mode : List.of("PERMISSIVE", "DROPMALFORMED", "FAILFAST")) {
            Dataset<Row> rows = LocalSpark.session().read().format("sem").option("mode", mode)
                    .options(UnreachableFiles.SETTINGS).load(UNREACHABLE + folder);
            assertEquals(5, rows.select("path", "length").collectAsList().size());
            SparkException failure = assertThrows(SparkException.class, () -> rows.select("width").collectAsList());
            assertTrue(failure.getMessage().contains("the store does not answer") && failure.getMessage().contains(".sem: "),
                    failure.getMessage());
        }
    }

    @Test
    void settingsOfTheSessionNameFileSystems() {
        SparkSession session = LocalSpark.session().newSession();
        UnreachableFiles.SETTINGS.forEach(session.conf()::set);
        assertEquals(5, session.read().format("sem").load(UNREACHABLE + folder).select("length").collectAsList().size());
        assertThrows(Exception.class, () -> LocalSpark.session().read().format("sem").load(UNREACHABLE + folder).count());
    }

    /** Files need not even be opened for what the listing says. */
    @Test
    void whatNoColumnAsksForIsNotRead() {
        assertEquals(5, sem("FAILFAST").select("path", "length").collectAsList().size());
        assertEquals(5, sem("FAILFAST").count());
        String plan = sem("FAILFAST").select("profile").queryExecution().toString();
        assertTrue(plan.contains("BatchScan") && plan.contains("sem " + folder + " profile"), plan);
    }

    @Test
    void otherFilesAreNamedByOptions() {
        assertEquals(1, LocalSpark.session().read().format("sem").option("pathGlobFilter", "a*").load(folder.toString()).count());
        assertEquals(2, LocalSpark.session().read().format("sem").load(folder + "/{words,drawing}.sem").count());
        assertEquals(2, LocalSpark.session().read().format("sem").load(folder + "/words.sem", folder + "/drawing.sem").count());
        assertThrows(IllegalArgumentException.class, () -> LocalSpark.session().read().format("sem").load().count());
        assertThrows(Exception.class, () -> LocalSpark.session().read().format("sem").load(folder + "/nowhere").count());
    }

    @Test
    void sqlReadsIt() {
        sem("permissive").createOrReplaceTempView("pictures");
        assertEquals(1, LocalSpark.session().sql("select path from pictures where profile = 'lossless' and width > 20").count());
    }
}
