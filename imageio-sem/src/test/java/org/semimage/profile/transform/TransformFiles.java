// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOException;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.picture.PixelPlanes;

/** Files of the transform profile as tests want them, and what was lost in them. */
final class TransformFiles {

    private TransformFiles() {
    }

    /** A picture in tiles of the test's choice, without gains. */
    static TransformPayload payload(ModelRef model, PixelPlanes picture, TileGrid tiles, int qualityIndex, boolean progressive) {
        try (Models.Lease<TransformModel> lease = Models.transform(model)) {
            return new TransformEncoder(lease.model(), picture, tiles, index -> GainMap.NONE, Watcher.NONE)
                    .encode(qualityIndex, progressive, 0, 1);
        } catch (IIOException e) {
            throw new AssertionError(e);
        }
    }

    static SemFile file(ModelRef model, PixelPlanes picture, TransformPayload payload) {
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, picture.width(), picture.height(), picture.format(), model);
        return SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, payload.toBytes())));
    }

    /** The file with so many bytes of its payload. */
    static SemFile cut(SemFile file, int bytes) {
        byte[] payload = file.chunk(Chunk.TRANSFORM).orElseThrow().payload();
        return new SemFile(file.header(), List.of(new Chunk(Chunk.TRANSFORM, Arrays.copyOf(payload, bytes))), true);
    }

    /** Over the colour planes, of samples of 8 bits. */
    static double psnr(PixelPlanes a, PixelPlanes b) {
        double sum = 0;
        for (int c = 0; c < a.format().colourPlanes(); c++) {
            for (int i = 0; i < a.samples()[c].length; i++) {
                double d = a.samples()[c][i] - b.samples()[c][i];
                sum += d * d;
            }
        }
        return 10 * Math.log10(255 * 255.0 * a.format().colourPlanes() * a.samples()[0].length / sum);
    }
}
