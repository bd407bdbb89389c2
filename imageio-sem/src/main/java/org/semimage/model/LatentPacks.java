// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.container.ModelRef;

import javax.imageio.IIOException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The installed packs of latent networks. The artifact {@value #ARTIFACT} has the implementation, found through {@link ServiceLoader}; a
 * program without it has no such packs.
 */
public interface LatentPacks {

    /** What a program adds to have packs of latent networks. */
    String ARTIFACT = "org.semimage:sem-latent";

    /**
     * How pictures name an installed pack.
     *
     * @param id the pack's name on this machine
     * @throws IIOException if there is none of that name, or it cannot be used; the message says why
     */
    ModelRef find(String id) throws IIOException;

    /**
     * Opens the installed pack that a picture names; its networks are loaded on first use.
     *
     * @throws IIOException if it is not installed, or cannot be opened; the message says why, and how to install one
     */
    LatentPack open(ModelRef ref) throws IIOException;

    /**
     * The packs of the artifact that has some.
     *
     * @throws IIOException if the artifact that has packs is not there; the message names it
     */
    static LatentPacks installed() throws IIOException {
        try {
            return ServiceLoader.load(LatentPacks.class, LatentPacks.class.getClassLoader()).findFirst()
                    .orElseThrow(() -> new IIOException("packs of latent networks need the artifact " + ARTIFACT
                            + ", which this program does not have"));
        } catch (ServiceConfigurationError e) {
            throw new IIOException("the artifact " + ARTIFACT + " does not work here: " + e.getMessage(), e);
        }
    }
}
