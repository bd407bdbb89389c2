// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An embedded model pack: a manifest and the weights it vouches for (docs/MODELS.md). Packs hold data, never code.
 *
 * @param id      the pack's name
 * @param licence of the weights
 * @param weights the tensors, checked against the manifest's digest
 */
record ModelPack(String id, String licence, NamedTensors weights) {

    /** Where a pack's files come from: a folder of the class path, or of a disk. */
    interface Files {
        /** Opens a file; null if there is none of the name. */
        InputStream open(String name) throws IOException;
    }

    /**
     * Loads a pack.
     *
     * @param name  what to call it in messages
     * @param files its files
     * @param file  the weights' file name
     * @throws IIOException if a file is missing, broken or not what the manifest vouches for
     */
    static ModelPack load(String name, Files files, String file) throws IIOException {
        try {
            byte[] manifestBytes = read(name, files, PackManifest.FILE);
            byte[] bytes = read(name, files, file);
            PackManifest manifest = PackManifest.parse(manifestBytes);
            PackManifest.Entry expected = present(Optional.ofNullable(manifest.files().get(file)), file);
            String found = HexFormat.of().formatHex(PackManifest.sha256().digest(bytes));
            if (!found.equals(expected.sha256())) {
                throw new IIOException("model pack '" + name + "': " + file + " has SHA-256 " + found + ", its manifest says "
                        + expected.sha256());
            }
            NamedTensors weights = Safetensors.parse("model pack '" + name + "', " + file, ByteBuffer.wrap(bytes));
            return new ModelPack(present(manifest.id(), "id"), present(manifest.licence(), "licence"), weights);
        } catch (IIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new IIOException("model pack '" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static <T> T present(Optional<T> of, String what) {
        return of.orElseThrow(() -> new IllegalArgumentException("its manifest has no " + what));
    }

    private static byte[] read(String name, Files files, String file) throws IOException {
        try (InputStream in = files.open(file)) {
            if (in == null) {
                throw new IIOException("model pack '" + name + "' has no " + file);
            }
            return in.readAllBytes();
        }
    }
}
