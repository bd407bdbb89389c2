// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.cli.TestPicture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.imageio.ImageIO;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class RivalCurvesTest {

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    @Test
    void measuresInstalledProgramsAndWritesWhatAnchorsAreReadFrom() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        script("cjxl", "cp \"$5\" \"$6\" && echo \"$2\" >> \"$6\"");
        script("djxl", "cp \"$1\" \"$2\"");
        Path picture = folder.resolve("picture.png");
        ImageIO.write(TestPicture.draw(40, 30, 1), "png", picture.toFile());
        List<AnchorCurve> curves = measure(picture);
        assertEquals(List.of("JPEG XL", "JPEG XL lossless"), curves.stream().map(AnchorCurve::codec).toList());
        assertEquals(100, curves.get(1).points().get(0).scores().get(Measure.SSIMULACRA2).getAsDouble());
        assertTrue(curves.get(0).points().get(0).bytes() > Files.size(picture));
        assertTrue(said.toString().contains("AVIF 4:4:4 is left out: its programs are not installed"), said.toString());

        Path anchors = folder.resolve("new/anchors");
        RivalCurves.write(curves, "drawn", anchors);
        List<AnchorCurve> read = AnchorFiles.load(List.of(anchors), "drawn");
        assertEquals(List.of("JPEG XL", "JPEG XL lossless"), read.stream().map(AnchorCurve::codec).toList());
        assertEquals(curves.get(0).points().size(), read.get(0).points().size());
        assertEquals("picture", read.get(1).points().get(0).image());
    }

    @Test
    void withoutProgramsThereIsNothingToCompareWith() throws Exception {
        Path picture = folder.resolve("picture.png");
        ImageIO.write(TestPicture.draw(40, 30, 1), "png", picture.toFile());
        assertEquals(List.of(), measure(picture));
    }

    private List<AnchorCurve> measure(Path picture) throws Exception {
        PrintWriter err = new PrintWriter(said, true);
        return new RivalCurves(RivalCurves.all(folder.toString()), Optional.empty(), err).measure(List.of(picture));
    }

    private void script(String name, String line) throws Exception {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
