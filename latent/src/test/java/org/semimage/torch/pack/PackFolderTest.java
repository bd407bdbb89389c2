// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.diffusion.Planes;
import org.semimage.container.ModelRef;
import org.semimage.model.LatentPack;
import org.semimage.model.Models;
import org.semimage.model.PackManifest;
import org.semimage.torch.network.Placement;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PackFolderTest {

    private static final String DECODER = "small_decoder.safetensors";

    @TempDir
    private Path work;

    private Path source;
    private PackFolder packs;

    @BeforeEach
    void writePack() throws IOException {
        source = work.resolve("source");
        TinyPack.writeTiny(source);
        packs = new PackFolder(work.resolve("models"));
    }

    private static void assertRefused(String part, Executable action) {
        String message = assertThrows(IIOException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void anAddedPackIsListedFoundAndVerified() throws IOException {
        assertEquals(List.of(), packs.list());
        PackFolder.Installed added = packs.add(source, "tiny");
        assertEquals(List.of(added), packs.list());
        assertEquals(added, packs.find("tiny"));
        assertEquals(added, packs.find(added.ref().orElseThrow()));
        assertEquals(Files.size(source.resolve(DECODER)) + Files.size(source.resolve("small_encoder.safetensors")), added.bytes());
        assertEquals(List.of(), packs.verify(added));
        try (LatentPack installed = packs.open(added); LatentPack original = DirectoryPack.open(source)) {
            assertEquals(original.ref(), installed.ref());
            assertEquals("tiny", installed.id());
        }
        try (var files = Files.list(packs.path())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aPackThatIsThereAlreadyGetsItsManifestWhereItIs() throws IOException {
        Path inPlace = packs.path().resolve("mine");
        TinyPack.writeTiny(inPlace);
        assertTrue(packs.list().get(0).problem().orElseThrow().contains("has no manifest.json"));
        assertRefused("model pack 'mine': it has no manifest.json", () -> packs.find("mine"));
        assertEquals(packs.add(source, "other").ref(), packs.add(inPlace, "mine").ref());
    }

    @Test
    void theManifestOfAFolderKeepsItsBytes() throws IOException {
        Files.writeString(source.resolve("a.txt"), "1");
        Files.createDirectory(source.resolve("b"));
        Files.writeString(source.resolve("b/c.txt"), "22");
        assertEquals("""
                {
                  "format": 1,
                  "files": {
                    "a.txt": {
                      "bytes": 1,
                      "sha256": "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
                    },
                    "b/c.txt": {
                      "bytes": 2,
                      "sha256": "785f3ec7eb32f30b90cd0fcf3657d388b5ff4297f2f9716ff66e9b69c05ddd09"
                    }
                  }
                }
                """, new String(ManifestFiles.of(source, List.of("b/c.txt", "a.txt")).bytes()));
    }

    @Test
    void aManifestOfThePacksMakerStays() throws IOException {
        Files.writeString(source.resolve("LICENCE.txt"), "MIT");
        String manifest = new String(ManifestFiles.of(source, List.of(DECODER, "small_encoder.safetensors", "LICENCE.txt")).bytes())
                .replace("{\n  \"format\"", "{\n  \"licence\": \"MIT\",\n  \"format\"");
        Files.writeString(source.resolve("manifest.json"), manifest);
        PackFolder.Installed added = packs.add(source, "made");
        assertEquals("MIT", added.licence().orElseThrow());
        assertEquals(manifest, Files.readString(added.folder().resolve("manifest.json")));
        assertEquals(List.of(), packs.verify(added));
        flip(source.resolve(DECODER));
        assertRefused(DECODER + " is not what the manifest vouches for", () -> packs.add(source, "again"));
        assertEquals(1, packs.list().size());
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void whatHasChangedSinceIsFound() throws IOException {
        PackFolder.Installed added = packs.add(source, "tiny");
        flip(added.folder().resolve(DECODER));
        assertEquals(List.of(DECODER), packs.verify(added));
        Files.write(added.folder().resolve(DECODER), new byte[10]);
        assertRefused(DECODER + " has 10 bytes, the manifest says", () -> packs.open(added));
        Files.delete(added.folder().resolve(DECODER));
        assertEquals(List.of(DECODER), packs.verify(added));
    }

    @Test
    void whatIsInstalledHasTheModeOfAnyNewFile() throws IOException {
        assumeTrue(work.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path anyFolder = Files.createDirectory(work.resolve("any"));
        Path anyFile = Files.createFile(anyFolder.resolve("file"));
        Files.setPosixFilePermissions(source.resolve(DECODER), PosixFilePermissions.fromString("rw-------"));
        Path added = packs.add(source, "tiny").folder();
        assertEquals(Files.getPosixFilePermissions(anyFolder), Files.getPosixFilePermissions(added));
        for (String file : List.of(DECODER, PackManifest.FILE)) {
            assertEquals(Files.getPosixFilePermissions(anyFile), Files.getPosixFilePermissions(added.resolve(file)), file);
        }
    }

    @Test
    void aPackThatCannotBeReadIsCalledSo() throws IOException {
        Path added = packs.add(source, "tiny").folder();
        Path manifest = added.resolve(PackManifest.FILE);
        Files.delete(manifest);
        try {
            Files.createSymbolicLink(manifest, manifest.getFileName());
        } catch (IOException | UnsupportedOperationException noLinks) {
            assumeTrue(false, "links to itself, which nobody can read, are not to be had here");
        }
        assertTrue(packs.list().get(0).problem().orElse("").contains("cannot be read"), packs.list().toString());
        assertRefused("cannot be read", () -> packs.find("tiny"));
    }

    @Test
    void aNameIsTakenOnce() throws IOException {
        packs.add(source, "tiny");
        assertRefused("there is a model pack 'tiny' in", () -> packs.add(source, "tiny"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".hidden", "a/b", "a b", "-x"})
    void aNameIsAPlainOne(String id) {
        assertRefused("is no name for a pack", () -> packs.add(source, id));
    }

    @Test
    void aBrokenPackIsNotAdded() throws IOException {
        Files.write(source.resolve(DECODER), new byte[20]);
        assertRefused(DECODER, () -> packs.add(source, "tiny"));
        assertEquals(List.of(), packs.list());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "lists no files | {}",
        "lists no files | {\"files\": {}}",
        "names the file '../x' | {\"files\": {\"../x\": {\"bytes\": 1, \"sha256\": \"00\"}}}",
        "names the file '/etc/passwd' | {\"files\": {\"/etc/passwd\": {}}}",
        "names the file 'a/../../b' | {\"files\": {\"a/../../b\": {}}}",
        "has no SHA-256 of a | {\"files\": {\"a\": {\"bytes\": 1, \"sha256\": \"00\"}}}",
        "has no SHA-256 of a | {\"files\": {\"a\": 1}}",
        "length of a | {\"files\": {\"a\": {\"sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\"}}}",
        "length of a | {\"files\": {\"a\": {\"bytes\": -1, \"sha256\": "
        + "\"0000000000000000000000000000000000000000000000000000000000000000\"}}}", "is not valid JSON | {"})
    void aBrokenManifestIsRefused(String part, String manifest) throws IOException {
        Files.writeString(source.resolve("manifest.json"), manifest);
        assertRefused(part, () -> packs.add(source, "tiny"));
    }

    @Test
    void aPlacementThatIsNoneIsRefused() throws IOException {
        PackFolder.Installed added = packs.add(source, "tiny");
        System.setProperty(Placement.PRECISION_PROPERTY, "int8");
        try {
            assertRefused("org.semimage.precision is 'int8'", () -> packs.open(added));
            assertRefused("org.semimage.precision is 'int8'", () -> DirectoryPack.open(source));
        } finally {
            System.clearProperty(Placement.PRECISION_PROPERTY);
        }
    }

    @Test
    void picturesFindTheirPackByItsDigest() throws IOException {
        String before = System.getProperty(PackFolder.PROPERTY);
        System.setProperty(PackFolder.PROPERTY, packs.path().toString());
        try {
            ModelRef ref = packs.add(source, "tiny").ref().orElseThrow();
            LatentPack first;
            try (Models.Lease<LatentPack> a = Models.latents(ref); Models.Lease<LatentPack> b = Models.latents(ref)) {
                first = a.model();
                assertSame(first, b.model());
                Models.unload();
                assertEquals(4, first.autoEncoder().encode(Planes.of(3, 4, 4)).data().length / 5);
            }
            try (Models.Lease<LatentPack> fresh = Models.latents(ref)) {
                assertNotSame(first, fresh.model());
            }
            Models.unload();
            assertRefused("the picture needs model pack sha256:0123456789abcdef, which is not in " + packs.path()
                    + "; sem packs add DIR puts it there", () -> Models.latents(ModelRef.ofDigest(0x0123456789ABCDEFL)));
        } finally {
            if (before == null) {
                System.clearProperty(PackFolder.PROPERTY);
            } else {
                System.setProperty(PackFolder.PROPERTY, before);
            }
        }
    }
}
