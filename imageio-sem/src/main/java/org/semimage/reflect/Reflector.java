// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encodes and decodes proposals, scores what comes out against the original, and looks around the best one for better ones, until the
 * tries or the gain end.
 */
public final class Reflector {

    /** A round that takes away less of the distance, as a part of it, is the last. */
    private static final double LEAST_GAIN = 0.002;

    /** How proposals become files, and files pictures. */
    public interface Coder {

        /**
         * The file of a proposal.
         *
         * @throws IIOException if it does not fit
         */
        SemFile encode(Proposal proposal) throws IIOException;

        /**
         * What a reader makes of a file.
         *
         * @throws IIOException if it makes nothing
         */
        PixelPlanes decode(SemFile file) throws IIOException;

        /** What the caption of a proposal takes, in bits; 0 without one. */
        double bits(Proposal proposal) throws IIOException;

        /** Proposals near a good one that might be better, the most promising first. */
        List<Proposal> around(Proposal best, SemFile file) throws IIOException;
    }

    private final Coder coder;
    private final Scorer scorer;
    private final int tries;
    private final Trace trace;
    private final Watcher watcher;
    private final List<Proposal> seen = new ArrayList<>();
    private Reflection best;
    private int tried;
    private boolean blind;

    private Reflector(Coder coder, PixelPlanes original, int tries, Trace trace, Watcher watcher) {
        this.coder = coder;
        this.scorer = new Scorer(original, watcher.cancellation());
        this.tries = tries;
        this.trace = trace;
        this.watcher = watcher;
    }

    /**
     * Reflects.
     *
     * @param original what to come near to
     * @param first    what to try first, of which one has to fit
     * @param tries    how many proposals to decode, at least 1
     * @param watcher  told if files cannot be decoded here: then the first file that fits, or the best so far, is taken
     * @return the best of all that were tried
     * @throws IIOException if none of the first fits, for the reason of the last of them
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    public static Reflection reflect(PixelPlanes original, List<Proposal> first, Coder coder, int tries, Trace trace, Watcher watcher)
            throws IIOException {
        trace.begins(original);
        Reflector reflector = new Reflector(coder, original, tries, trace, watcher);
        Optional<IIOException> reason = reflector.round(first);
        if (reflector.best == null) {
            throw reason.orElseThrow(() -> new IllegalArgumentException("nothing is proposed"));
        }
        double before = Double.POSITIVE_INFINITY;
        while (!reflector.isOver() && reflector.distance() < before * (1 - LEAST_GAIN)) {
            before = reflector.distance();
            reflector.round(coder.around(reflector.best.proposal(), reflector.best.file()));
        }
        trace.ends(reflector.best.proposal());
        return reflector.best;
    }

    private boolean isOver() {
        return blind || tried >= tries;
    }

    private double distance() {
        return best.score().map(Score::distance).orElse(Double.POSITIVE_INFINITY);
    }

    /** Tries proposals as far as there are tries left; why the last one that does not fit does not. */
    private Optional<IIOException> round(List<Proposal> proposals) throws IIOException {
        Optional<IIOException> reason = Optional.empty();
        for (Proposal proposal : proposals) {
            if (isOver() || seen.stream().anyMatch(proposal::asksFor)) {
                continue;
            }
            seen.add(proposal);
            SemFile file;
            try {
                file = coder.encode(proposal);
            } catch (IIOException e) {
                trace.dropped(proposal, e.getMessage());
                reason = Optional.of(e);
                continue;
            }
            look(proposal, file);
        }
        return reason;
    }

    private void look(Proposal proposal, SemFile file) throws IIOException {
        PixelPlanes picture;
        try {
            picture = coder.decode(file);
        } catch (IIOException e) {
            blind = true;
            trace.dropped(proposal, e.getMessage());
            watcher.warning("What files decode to cannot be seen here, and nothing is compared: " + e.getMessage());
            best = best != null ? best : new Reflection(file, proposal, Optional.empty());
            return;
        }
        tried++;
        watcher.checkpoint(0.3f + 0.6f * tried / tries);
        Score score = scorer.of(picture);
        boolean better = best == null || score.distance() < distance();
        trace.tried(new Trace.Attempt(proposal, SemSerializer.size(file), coder.bits(proposal), picture, score, better));
        if (better) {
            best = new Reflection(file, proposal, Optional.of(score));
        }
    }
}
