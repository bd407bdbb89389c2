// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;

/**
 * A model pack that is embedded (docs/MODELS.md). Packs hold data, never code. The build checks that the weights are what the manifest
 * vouches for; a process that reads them need not.
 *
 * @param id      the pack's name
 * @param weights the tensors that were wanted
 */
public record ModelPack(String id, NamedTensors weights) {

    /** Where a pack's files come from. */
    interface Files {
        /** Opens a file; null if there is none of the name. */
        InputStream open(String name) throws IOException;
    }

    /**
     * Loads a pack.
     *
     * @param id     its name
     * @param files  its files
     * @param file   the weights' file name
     * @param wanted tells tensors that are wanted by their names
     * @throws IIOException if the file is missing or broken
     */
    static ModelPack load(String id, Files files, String file, Predicate<String> wanted) throws IIOException {
        try (InputStream in = files.open(file)) {
            if (in == null) {
                throw new IIOException("model pack '" + id + "' has no " + file);
            }
            return new ModelPack(id, Safetensors.read("model pack '" + id + "', " + file, in, wanted));
        } catch (IIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new IIOException("model pack '" + id + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
