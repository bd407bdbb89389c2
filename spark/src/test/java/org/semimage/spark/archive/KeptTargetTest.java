// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.spark.TestPictures;
import org.semimage.spark.io.AtomicFile;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalDouble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which files of earlier runs a run keeps. */
class KeptTargetTest {

    private static final TranscodeSettings SETTINGS = TranscodeSettings.DEFAULT;

    private static ArchiveRecord record(OptionalDouble score) {
        return new ArchiveRecord(7, 8, "abc", SETTINGS.line(), score);
    }

    @Test
    void filesOfALowerScoreThanIsNowAskedForAreNotKept() {
        ArchiveLimits limits = new ArchiveLimits(1 << 20, 1 << 20, 70);
        assertTrue(record(OptionalDouble.of(69)).fits(7, SETTINGS, ArchiveLimits.DEFAULT));
        assertTrue(record(OptionalDouble.of(70)).fits(7, SETTINGS, limits));
        assertTrue(record(OptionalDouble.empty()).fits(7, SETTINGS, limits));
        assertFalse(record(OptionalDouble.of(69)).fits(7, SETTINGS, limits));
        assertFalse(record(OptionalDouble.of(70)).fits(6, SETTINGS, limits));
    }

    @Test
    void aFileThatDoesNotMatchItsChecksumIsMadeAnew(@TempDir File folder) throws IOException, BadPictureException {
        Configuration hadoop = new Configuration();
        Path path = new Path(new File(folder, "a.png.sem").toURI());
        byte[] source = TestPictures.file(TestPictures.picture(40, 30, BufferedImage.TYPE_INT_RGB, 1), "png");
        byte[] file = new Transcoder(SETTINGS, ArchiveLimits.DEFAULT).transcode(source, 8, "abc").file();
        AtomicFile.write(path, file, new Path(new File(folder, "temporary").toURI()), hadoop);
        assertTrue(PictureTask.target(path, hadoop).isPresent());
        file[file.length - 1] ^= 1;
        Files.write(new File(folder, "a.png.sem").toPath(), file);
        assertEquals(Optional.empty(), PictureTask.target(path, hadoop));
    }
}
