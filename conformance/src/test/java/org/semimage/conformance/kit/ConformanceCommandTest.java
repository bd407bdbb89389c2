// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.cli.Run;
import org.semimage.container.PixelFormat;
import org.w3c.dom.Element;

import javax.xml.parsers.DocumentBuilderFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisabledOnOs(OS.WINDOWS)
class ConformanceCommandTest {

    private static final Path ALL = Path.of("vectors");
    private static final String NEAR = "transform-psnr-rgb";
    private static final String EXACT = "header-good";
    private static final String REFUSED = "chunk-bad-crc";
    private static final String LATENTS = "latents-own";

    @TempDir
    private Path folder;

    @BeforeEach
    void someVectors() throws IOException {
        for (String name : List.of(NEAR + ".sem", NEAR + ".json", NEAR + ".png", EXACT + ".sem", EXACT + ".json", REFUSED + ".sem",
                REFUSED + ".json", "requirements.json")) {
            Files.copy(ALL.resolve(name), folder.resolve(name));
        }
    }

    /** A decoder that is a script of the shell: $1 is the file, $2 the picture. */
    private String script(String lines) throws IOException {
        Path script = folder.resolve("decoder.sh");
        Files.writeString(script, lines + "\n");
        return "sh " + script + " {in} {out.png}";
    }

    private Run run(String decoder, Object... more) {
        Object[] arguments = {"conformance", "--vectors", folder, "--decoder", decoder, "--limit", "20", "--each"};
        Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return Run.of(all);
    }

    @Test
    void reportsWhatAnotherDecoderDoesRightAndWrong() throws Exception {
        Path junit = folder.resolve("report.xml");
        Run run = run(script("case $1 in *chunk*) exit 3;; esac; cp \"${1%.sem}.png\" \"$2\""), "--junit", junit);
        assertEquals(1, run.status());
        assertTrue(run.out().contains("pass  " + NEAR), run.out());
        assertTrue(run.out().contains("pass  " + REFUSED), run.out());
        assertTrue(run.out().contains("FAIL  " + EXACT), run.out());
        assertTrue(run.out().contains("FAIL  R-LOS-3    0 of 1 vectors"), run.out());
        assertTrue(run.out().contains("2 of 3 vectors pass"), run.out());
        Element suite = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile()).getDocumentElement();
        assertEquals("3", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals(1, suite.getElementsByTagName("failure").getLength());
    }

    @Test
    void passesADecoderThatDoesAllRight() throws IOException {
        Run run = run(script("case $1 in *chunk*) exit 1;; esac; cp \"${1%.sem}.png\" \"$2\""), "--only", "-");
        assertEquals(1, run.status());
        Files.write(folder.resolve(EXACT + ".png"), Png.write(new LibraryDecoder().decode(folder.resolve(EXACT + ".sem"),
                Duration.ofSeconds(20)).pictures().get(0).samples()));
        assertEquals(0, run(script("case $1 in *chunk*) exit 1;; esac; cp \"${1%.sem}.png\" \"$2\"")).status());
    }

    @Test
    void reportsADecoderThatRefusesEverything() throws IOException {
        Run run = run(script("echo no such profile; exit 1"));
        assertEquals(1, run.status());
        assertTrue(run.out().contains("refused: status 1: no such profile"), run.out());
        assertTrue(run.out().contains("pass  " + REFUSED), run.out());
    }

    @Test
    void reportsADecoderThatHangs() throws IOException {
        TestedDecoder hanging = new CommandDecoder(script("sleep 100"));
        assertEquals("took longer than 1 s", hanging.decode(folder.resolve(EXACT + ".sem"), Duration.ofSeconds(1)).failure());
    }

    @Test
    void reportsADecoderThatIsMissingOrCrashesOrWritesNothing() throws IOException {
        Run missing = run(folder.resolve("no-such-program") + " {in} {out.png}");
        assertEquals(1, missing.status());
        assertTrue(missing.out().contains("the decoder does not start"), missing.out());
        assertTrue(missing.out().contains("0 of 3 vectors pass"), missing.out());
        Run crashed = run(script("kill -9 $$"));
        assertTrue(crashed.out().contains("ended with status 137"), crashed.out());
        assertTrue(crashed.out().contains("0 of 3 vectors pass"), crashed.out());
        Run silent = run(script("exit 0"));
        assertTrue(silent.out().contains("wrote no picture"), silent.out());
        Run garbled = run(script("echo text > \"$2\""));
        assertTrue(garbled.out().contains("wrote what is no PNG"), garbled.out());
    }

    @Test
    void reportsAPictureOfAnotherSizeOrFewerPlanes() throws IOException {
        Path wrong = folder.resolve("wrong.png");
        Files.write(wrong, Png.write(Sketches.noise(4, 4, PixelFormat.GRAY, 1)));
        Run run = run(script("cp " + wrong + " \"$2\""));
        assertEquals(1, run.status());
        assertTrue(run.out().contains("4x4, expected 64x64"), run.out());
        Files.write(wrong, Png.write(Sketches.noise(64, 64, PixelFormat.RGB_ALPHA, 1)));
        assertTrue(run(script("cp " + wrong + " \"$2\"")).out().contains("samples are RGB_ALPHA"), run.out());
        Files.write(wrong, Png.write(Sketches.noise(64, 64, PixelFormat.RGB, 1)));
        assertTrue(run(script("cp " + wrong + " \"$2\"")).out().contains("dB from the reference"), run.out());
    }

    @Test
    void comparesWhatADecoderSaysInJson() throws IOException {
        String command = script("cp \"${1%.sem}.png\" \"$2\"; sed s/transform/lossless/ \"${1%.sem}.json\" > \"$3\"") + " {out.json}";
        Run run = run(command, "--only", NEAR);
        assertTrue(run.out().contains("profile: lossless, expected transform"), run.out());
        Run same = run(command.replace("decoder.sh", "same.sh"), "--only", NEAR);
        assertEquals(1, same.status());
        Files.writeString(folder.resolve("same.sh"), "cp \"${1%.sem}.png\" \"$2\"; cp \"${1%.sem}.json\" \"$3\"\n");
        assertEquals(0, run(command.replace("decoder.sh", "same.sh"), "--only", NEAR).status());
    }

    @Test
    void takesResultsThatWereMadeBeforehand() throws IOException {
        Path results = Files.createDirectory(folder.resolve("results"));
        Files.writeString(results.resolve(NEAR + ".status"), "0\n");
        Files.copy(folder.resolve(NEAR + ".png"), results.resolve(NEAR + ".png"));
        Files.copy(folder.resolve(NEAR + ".json"), results.resolve(NEAR + ".json"));
        Files.writeString(results.resolve(REFUSED + ".status"), "2");
        Files.writeString(results.resolve(REFUSED + ".txt"), "a wrong checksum");
        Run run = Run.of("conformance", "--vectors", folder, "--results", results, "--each");
        assertTrue(run.out().contains("pass  " + NEAR), run.out());
        assertTrue(run.out().contains("pass  " + REFUSED), run.out());
        assertTrue(run.out().contains("there is no " + EXACT + ".status"), run.out());
        assertEquals(2, Run.of("conformance", "--vectors", folder, "--results", results, "--decoder", "cat {in} {out.png}").status());
    }

    @Test
    void latentsAreToldOrRefused() throws IOException {
        Files.copy(ALL.resolve(LATENTS + ".sem"), folder.resolve(LATENTS + ".sem"));
        Files.copy(ALL.resolve(LATENTS + ".json"), folder.resolve(LATENTS + ".json"));
        assertTrue(run(script("exit 1"), "--only", LATENTS).out().contains("pass  " + LATENTS));
        String told = script("cp \"${1%.sem}.json\" \"$3\"") + " {out.json}";
        assertTrue(run(told, "--only", LATENTS).out().contains("pass  " + LATENTS));
        String wrong = script("sed 's/sha256\": \"./sha256\": \"-/' \"${1%.sem}.json\" > \"$3\"") + " {out.json}";
        assertTrue(run(wrong, "--only", LATENTS).out().contains("latents: "));
        String silent = script("echo '{\"pictures\": [{\"bits\": 8}]}' > \"$3\"") + " {out.json}";
        assertTrue(run(silent, "--only", LATENTS).out().contains("neither a picture nor latents"));
        assertTrue(run(silent, "--only", EXACT).out().contains("no picture"));
    }

    @Test
    void refusesCommandLinesThatMeanNothing() {
        assertEquals(2, Run.of("conformance", "--vectors", folder, "--decoder", "cat {in}").status());
        assertEquals(2, Run.of("conformance", "--vectors", folder, "--limit", "0").status());
        assertEquals(1, Run.of("conformance", "--vectors", folder.resolve("missing")).status());
        assertEquals(1, Run.of("conformance", "--vectors", folder, "--only", "no such vector").status());
    }

    @Test
    void coverageTellsHoles() {
        Run run = Run.of("conformance", "--vectors", folder, "--coverage");
        assertEquals(1, run.status());
        assertTrue(run.out().contains("R-CHK-1    " + REFUSED), run.out());
        assertTrue(run.out().contains("NO VECTOR"), run.out());
    }
}
