// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.model.TransformModel;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;

import javax.imageio.IIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * From a picture and what is asked for to a file: how small the picture is coded, and at which quality index.
 *
 * @param model   the pack
 * @param header  of the picture
 * @param picture without regard to alpha
 * @param others  chunks that come before the transform's
 * @param options what is asked for
 */
record PictureEncoding(TransformModel model, SemHeader header, PixelSource picture, List<Chunk> others, EncodeOptions options,
                       Watcher watcher) {

    /**
     * The file.
     *
     * @throws IIOException if there is none as small as asked for
     */
    SemFile file() throws IIOException {
        if (options.targetBytes().isPresent()) {
            return within(options.targetBytes().getAsInt());
        }
        RateSearch search = search(options.shrink().orElse(0));
        return options.targetPsnr().isPresent() ? search.reaching(options.targetPsnr().getAsDouble())
                : search.at(QualityIndex.ofQuality(options.quality()), 0.2f, 1);
    }

    /**
     * The best file at the size that is largest of those that fit: at equal bytes a coarser quality index looks better than a smaller size
     * (PERFORMANCE.md, "Shrunk pictures").
     */
    private SemFile within(int bytes) throws IIOException {
        int most = options.shrink().orElse(Shrink.MAX);
        for (int log2 = options.shrink().orElse(0); log2 < most; log2++) {
            RateSearch search = search(log2);
            Optional<SemFile> file = search.mayFit(bytes) ? search.within(bytes) : Optional.empty();
            if (file.isPresent()) {
                return file.get();
            }
        }
        RateSearch last = search(most);
        Optional<SemFile> file = last.within(bytes);
        if (file.isEmpty()) {
            throw new DoesNotFitException("the picture does not fit into " + bytes + " bytes; at the lowest quality"
                    + (most == 0 ? "" : " and 1/" + (1 << most) + " of its size") + " it takes " + last.leastBytes());
        }
        return file.get();
    }

    private RateSearch search(int log2) throws IIOException {
        CodedPicture coded = CodedPicture.of(header, log2);
        PixelSource source = coded.of(picture, watcher.cancellation());
        TileGrid tiles = options.tile().map(tile -> TileGrid.of(source.height(), source.width(), tile))
                .orElseGet(() -> TileGrid.of(source.height(), source.width()));
        TransformEncoder encoder = new TransformEncoder(model, source, tiles, gains(source, tiles, coded.of(options.interest())), watcher);
        return new RateSearch(encoder, model, picture, coded, source, others, options.progressive(), options.effort(), watcher);
    }

    /** The gains of what is coded by quality index. */
    private IntFunction<GainMap> gains(PixelSource source, TileGrid tiles, List<EncodeOptions.RegionOfInterest> interest)
            throws IIOException {
        if (options.tune() == Tune.PERCEPTUAL) {
            return ContrastMasking.of(source, tiles.height(), tiles.width(), watcher).plus(interest)::at;
        }
        GainMap same = interest.isEmpty() ? GainMap.NONE : GainMap.blank(tiles.height(), tiles.width()).plus(interest);
        return qualityIndex -> same;
    }
}
