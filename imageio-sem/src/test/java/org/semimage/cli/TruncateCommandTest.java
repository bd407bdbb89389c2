// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TruncateCommandTest {

    @TempDir
    private Path folder;

    private Path encoded(String... more) throws Exception {
        Path coded = folder.resolve("coded.sem");
        Path drawn = Run.draw(folder, "drawn.png", "150x100");
        Run encode = more.length == 0 ? Run.of("encode", drawn, coded) : Run.of("encode", drawn, coded, more[0]);
        assertEquals(0, encode.status(), encode.err());
        return coded;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--progressive", "--quality=0.6"})
    void aFileIsCutToASizeAndDecodes(String how) throws Exception {
        Path coded = encoded(how);
        Path cut = folder.resolve("cut.sem");
        Run truncate = Run.of("truncate", coded, cut, "--bytes", 700);
        assertEquals(0, truncate.status(), truncate.err());
        assertEquals(700, Files.size(cut), 1);
        assertEquals(0, Run.of("truncate", coded, cut, "--ratio", 100).status());
        assertEquals(450, Files.size(cut), 1);
        Run decode = Run.of("decode", cut, folder.resolve("cut.png"));
        assertEquals(0, decode.status(), decode.err());
    }

    @Test
    void aFileThatFitsStaysAsItIs() throws Exception {
        Path coded = encoded();
        Path same = folder.resolve("same.sem");
        assertEquals(0, Run.of("truncate", coded, same, "--ratio", 0.5).status());
        assertEquals(-1, Files.mismatch(coded, same));
    }

    @Test
    void allPicturesOfAFileAreKept() throws Exception {
        byte[] one = Files.readAllBytes(encoded());
        Path three = folder.resolve("three.sem");
        try (OutputStream out = Files.newOutputStream(three)) {
            for (int i = 0; i < 3; i++) {
                out.write(one);
            }
        }
        Path cut = folder.resolve("cut.sem");
        assertEquals(0, Run.of("truncate", three, cut, "--bytes", 100_000).status());
        assertEquals(-1, Files.mismatch(three, cut));
        Run shared = Run.of("truncate", three, cut, "--bytes", 2400);
        assertEquals(0, shared.status(), shared.err());
        assertTrue(Files.size(cut) <= 2400 && Files.size(cut) > 2394, Files.size(cut) + " bytes");
        assertTrue(shared.out().contains("of " + 3 * one.length + " bytes"), shared.out());
        assertTrue(Run.of("info", cut).out().contains("picture 3 of 3"));
        assertEquals(0, Run.of("truncate", three, cut, "--bytes", 100_000, "--picture", 2).status());
        assertArrayEquals(one, Files.readAllBytes(cut));
    }

    @Test
    void aFileCutInPlaceHasBeenAsLongAsItWas() throws Exception {
        Path coded = encoded();
        long before = Files.size(coded);
        Run cut = Run.of("truncate", coded, coded, "--bytes", 700);
        assertTrue(cut.out().contains(Files.size(coded) + " of " + before + " bytes"), cut.out());
    }

    @Test
    void bytesBehindThePicturesAreLeftOutWithAWarning() throws Exception {
        Path coded = encoded();
        byte[] picture = Files.readAllBytes(coded);
        Files.write(coded, new byte[5], StandardOpenOption.APPEND);
        Run cut = Run.of("truncate", coded, folder.resolve("cut.sem"), "--bytes", 100_000);
        assertTrue(cut.status() == 0 && cut.err().contains("5 bytes behind the last picture"), cut.err());
        assertArrayEquals(picture, Files.readAllBytes(folder.resolve("cut.sem")));
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        Path coded = encoded();
        Path out = folder.resolve("out.sem");
        assertEquals(2, Run.of("truncate", coded, out).status());
        assertEquals(2, Run.of("truncate", coded, out, "--bytes", 0).status());
        assertEquals(2, Run.of("truncate", coded, out, "--ratio", -1).status());
        assertEquals(2, Run.of("truncate", coded, folder.resolve("out.png"), "--bytes", 700).status());
        Run tooSmall = Run.of("truncate", coded, out, "--bytes", 12);
        assertEquals(1, tooSmall.status());
        assertTrue(tooSmall.err().contains("cannot be cut to 12 bytes"), tooSmall.err());
        Run missing = Run.of("truncate", folder.resolve("none.sem"), out, "--bytes", 700);
        assertTrue(missing.status() == 1 && missing.err().contains("no such file"), missing.err());
        Run png = Run.of("truncate", folder.resolve("drawn.png"), out, "--bytes", 700);
        assertEquals(1, png.status());
        assertTrue(Files.notExists(out));
    }
}
