package org.semimage.torch.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.cli.Run;
import org.semimage.torch.pack.PackFolder;
import org.semimage.torch.pack.TinyPack;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PacksCommandTest {

    @TempDir
    private Path folder;

    private String before;

    @BeforeEach
    void useAFolderOfItsOwn() {
        before = System.getProperty(PackFolder.PROPERTY);
        System.setProperty(PackFolder.PROPERTY, folder.resolve("models").toString());
    }

    @AfterEach
    void useTheFolderBefore() {
        if (before == null) {
            System.clearProperty(PackFolder.PROPERTY);
        } else {
            System.setProperty(PackFolder.PROPERTY, before);
        }
    }

    private static Run succeeds(Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private static void fails(int status, String part, Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(status, run.status(), run.out());
        assertTrue((run.err() + run.out()).contains(part), run.err() + run.out());
    }

    @Test
    void aPackIsAddedListedDescribedAndVerified() throws Exception {
        assertTrue(succeeds("packs", "list").out().startsWith("no packs in "));
        Path source = folder.resolve("sd-tiny");
        TinyPack.write(source);
        assertTrue(succeeds("packs", "add", source).out().startsWith("sd-tiny  sha256:"));
        succeeds("packs", "add", source, "--id", "again");
        String list = succeeds("packs", "list").out();
        assertEquals(2, list.lines().count(), list);
        assertTrue(list.matches("(?s)again  sha256:[0-9a-f]{16}  0.\\d MB\\R.*"), list);
        String info = succeeds("packs", "info", "sd-tiny").out();
        for (String part : new String[] {"AutoencoderKL, ", "UNet2DConditionModel, ", "CLIPTextModel, ", " parameters in F32", "licence   not stated",
            "schedule  1000 timesteps, predicts epsilon", "tokenizer yes"}) {
            assertTrue(info.contains(part), info);
        }
        assertEquals(2, succeeds("packs", "verify").out().lines().filter(line -> line.endsWith("as its manifest says")).count());
        Path weights = folder.resolve("models/again/unet/diffusion_pytorch_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        fails(1, "again  missing or changed: unet/diffusion_pytorch_model.safetensors", "packs", "verify");
        succeeds("packs", "verify", "sd-tiny");
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        fails(1, "is no folder", "packs", "add", folder.resolve("none"));
        fails(1, "there is no model pack 'x' in", "packs", "info", "x");
        fails(1, "there is no model pack 'x' in", "encode", Run.draw(folder, "a.png", "20x20"), folder.resolve("a.sem"),
                "--profile", "generative", "--pack", "x");
        fails(1, "there is no model pack 'x' in", "packs", "verify", "x");
        fails(2, "DIR", "packs", "add");
        fails(2, "has no name", "packs", "add", folder.getRoot());
        Files.createDirectories(folder.resolve("models/broken"));
        fails(0, "broken  unusable: it has no manifest.json", "packs", "list");
        fails(1, "broken  it has no manifest.json", "packs", "verify");
        fails(2, "Missing required subcommand", "packs");
    }
}
