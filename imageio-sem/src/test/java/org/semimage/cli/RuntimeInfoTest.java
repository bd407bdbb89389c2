// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.semimage.compute.backend.Backends;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RuntimeInfoTest {

    @Test
    void saysWhichKernelsRunAndWhy() {
        Run run = Run.of("info", "--runtime");
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("kernels " + Backends.get() + ", because "), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("java +java.*")), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("cache +\\S+.*")), run.out());
        JsonObject json = JsonParser.parseString(Run.of("info", "--runtime", "--json").out()).getAsJsonObject();
        assertEquals(Backends.get().toString(), json.get("kernels").getAsString());
        assertTrue(json.getAsJsonObject("backends").has("cuda"));
    }

    @Test
    void saysWhatIsInTheWay() throws Exception {
        Program demanded = with("-Dorg.semimage.backend=java");
        assertEquals(0, demanded.status(), demanded.err());
        assertTrue(demanded.text().contains("because -Dorg.semimage.backend=java demands it"), demanded.text());
        Program unknown = with("-Dorg.semimage.backend=abacus");
        assertEquals(1, unknown.status());
        assertTrue(unknown.text().contains("kernels none, because -Dorg.semimage.backend=abacus demands what is not available: there "
                + "are only"), unknown.text());
    }

    private static Program with(String property) throws Exception {
        List<String> command = new ArrayList<>(Program.command("info", "--runtime"));
        command.add(1, property);
        return Program.of(command, "".getBytes(StandardCharsets.US_ASCII), Map.of());
    }

    @Test
    void aFileOrTheRuntimeIsAskedFor() {
        assertEquals(2, Run.of("info").status());
        assertEquals(2, Run.of("info", "--runtime", "a.sem").status());
        assertEquals(2, Run.of("info", "--runtime", "--picture", "1").status());
    }
}
