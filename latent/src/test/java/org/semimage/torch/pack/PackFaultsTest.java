// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;
import org.semimage.model.LatentPack;
import org.semimage.torch.network.Placement;
import org.semimage.torch.network.SeededWeights;
import org.semimage.torch.network.TinyAutoEncoder;
import org.semimage.torch.network.Torch;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Files of a pack that somebody changes under a process that has the pack open. */
class PackFaultsTest {

    private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
    private static final Planes LATENTS = new Planes(4, 8, 12, SeededWeights.input("latents", 4 * 8 * 12, 0));

    @TempDir
    private Path folder;

    @BeforeAll
    static void needLibtorch() {
        assumeTrue(Torch.unavailable().isEmpty(), "libtorch is not here");
    }

    @BeforeEach
    void writePack() throws IOException {
        TinyPack.write(folder);
    }

    private static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** What has been loaded goes on, what has not is refused by name, and a file that is back is read. */
    @Test
    void aNetworkWhoseFileIsGoneOrCutIsRefusedUntilItIsBack() throws IOException {
        Path file = folder.resolve(UNET);
        Path kept = folder.resolve("kept");
        try (LatentPack pack = DirectoryPack.open(folder, Placement.CPU)) {
            float[] before = pack.autoEncoder().decode(LATENTS).data();
            Files.move(file, kept);
            assertTrue(assertThrows(IIOException.class, pack::denoiser).getMessage().contains(UNET));
            for (long size : new long[] {0, 100, Files.size(kept) - 1}) {
                Files.copy(kept, file, StandardCopyOption.REPLACE_EXISTING);
                cut(file, size);
                assertTrue(assertThrows(IIOException.class, pack::denoiser).getMessage().contains(UNET));
            }
            Files.copy(folder.resolve("text_encoder/model.safetensors"), file, StandardCopyOption.REPLACE_EXISTING);
            assertThrows(IIOException.class, pack::denoiser);
            Files.copy(kept, file, StandardCopyOption.REPLACE_EXISTING);
            pack.denoiser();
            Files.delete(file);
            cut(folder.resolve("vae/diffusion_pytorch_model.safetensors"), 0);
            pack.denoiser();
            assertArrayEquals(before, pack.autoEncoder().decode(LATENTS).data());
        }
    }

    /** Where a file is mapped and then cut, reading behind its end would end the process. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void weightsThatAreCutWhileTheyAreReadAreRefused() throws IOException {
        Path tiny = Files.createDirectory(folder.resolve("tiny"));
        TinyPack.writeTiny(tiny);
        Path file = tiny.resolve("small_decoder.safetensors");
        NamedTensors mapped;
        try (FileChannel channel = FileChannel.open(file)) {
            mapped = Safetensors.map("decoder", channel);
        }
        cut(file, 0);
        String message = assertThrows(IllegalStateException.class, () -> new TinyAutoEncoder(Optional.empty(), mapped, 1, Placement.CPU))
                .getMessage();
        assertTrue(message.contains("the file was changed while it was read"), message);
    }
}
