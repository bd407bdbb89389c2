// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.caption.Tagger;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.generate.Captioner;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.text.TextPrior;
import org.semimage.text.TextSearch;

import javax.imageio.IIOException;
import java.util.List;

/**
 * The captioner that comes with the library: tags of the picture, and of all texts the one that says most of them in fewest bits
 * (docs/MODELS.md).
 */
public final class PictureCaptioner implements Captioner {

    /** The system property that leaves pictures without captions nobody gave, if it is {@code none}. */
    public static final String PROPERTY = "org.semimage.captioner";

    /** Beginnings that are followed. */
    private static final int WIDTH = 12;

    /** Words of a caption, at most. */
    private static final int LONGEST = 16;

    /** Bits of merit that a bit of a caption must bring. */
    private static final double PRICE = 0.2;

    /** Added to probabilities, so that of many tags that are unlikely none is taken for its luck. */
    private static final double DOUBT = 0.02;

    @Override
    public String name() {
        return "embedded captioner";
    }

    @Override
    public boolean isInstalled() {
        return !"none".equals(System.getProperty(PROPERTY));
    }

    @Override
    public String caption(PixelPlanes image, Watcher watcher) throws IIOException {
        return captions(image, 1, watcher).get(0);
    }

    @Override
    public List<String> captions(PixelPlanes image, int count, Watcher watcher) throws IIOException {
        Tagger tagger = Models.tagger();
        TextPrior prior = Models.text();
        Cancellation cancellation = watcher.cancellation();
        List<TextSearch.Topic> topics = tagger.tags(image, cancellation).stream().map(PictureCaptioner::topic).toList();
        watcher.checkpoint(0.5f);
        return new TextSearch(prior, WIDTH, LONGEST, PRICE).best(topics, count, cancellation).stream().map(TextSearch.Found::text).toList();
    }

    private static TextSearch.Topic topic(Tagger.Tag tag) {
        return new TextSearch.Topic(tag.words(), Math.log((tag.probability() + DOUBT) / (tag.usual() + DOUBT)) / Math.log(2));
    }
}
