// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SemTest {

    @Test
    void namesEveryCommandInItsHelp() {
        Run help = Run.of("--help");
        assertEquals(0, help.status());
        for (String command : new String[] {"encode", "decode", "info", "demo", "draw", "classpath"}) {
            assertTrue(help.out().contains("  " + command + " "), help.out());
            assertEquals(0, Run.of(command, "--help").status());
        }
    }

    @Test
    void saysItsVersion() {
        Run version = Run.of("--version");
        assertEquals(0, version.status());
        assertTrue(version.out().startsWith("sem "), version.out());
    }

    @Test
    void answersMisuseWithStatusTwoAndTheUsage() {
        for (Run run : new Run[] {Run.of(), Run.of("encode", "in.png"), Run.of("info")}) {
            assertEquals(2, run.status());
            assertTrue(run.err().contains("Usage: sem"), run.err());
        }
        assertEquals(2, Run.of("compress").status());
    }

    @Test
    void answersFailureWithStatusOneAndOneLine() {
        Run run = Run.of("info", "no-such-file.sem");
        assertEquals(1, run.status());
        assertEquals("sem: no such file: no-such-file.sem", run.err().strip());
    }

    @Test
    void addsTheStackTraceOnRequest() {
        System.setProperty(Sem.DEBUG_PROPERTY, "true");
        try {
            assertTrue(Run.of("info", "no-such-file.sem").err().contains("\tat org.semimage.cli."));
        } finally {
            System.clearProperty(Sem.DEBUG_PROPERTY);
        }
    }

    @Test
    void printsAClassPathOfAbsolutePathsThatHoldsThisProgram() {
        Run run = Run.of("classpath");
        assertEquals(0, run.status());
        String[] entries = run.out().strip().split(File.pathSeparator);
        boolean found = false;
        for (String entry : entries) {
            assertTrue(Path.of(entry).isAbsolute(), entry);
            found |= Files.exists(Path.of(entry, "org", "semimage", "cli", "Sem.class"));
        }
        assertTrue(found, run.out());
        assertFalse(run.out().strip().contains("\n"));
    }
}
