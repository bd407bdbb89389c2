// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.semimage.container.ModelRef;
import org.semimage.model.LatentPack;
import org.semimage.model.LatentPacks;

import javax.imageio.IIOException;

/** Offers the packs of the folder that the system property {@value PackFolder#PROPERTY} names. */
public final class InstalledPacks implements LatentPacks {

    @Override
    public ModelRef find(String id) throws IIOException {
        return PackFolder.configured().find(id).ref().orElseThrow();
    }

    @Override
    public LatentPack open(ModelRef ref) throws IIOException {
        PackFolder folder = PackFolder.configured();
        return folder.open(folder.find(ref));
    }
}
