// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.entropy.SymbolDecoder;

import java.util.Collections;
import java.util.List;

/**
 * Something to decode.
 *
 * @param symbols for each of the item's levels, what gives its symbols, and has given those of the levels before in the same stream; best
 *                of the backend that decodes, since another one may take the reference's way
 * @param kept    whose coefficients are given
 */
public record Source(BatchItem item, List<SymbolDecoder> symbols, Kept kept) {

    /** Checks that what is kept lies inside the item. */
    public Source {
        kept.check(item);
    }

    /** All of an item. */
    public Source(BatchItem item, List<SymbolDecoder> symbols) {
        this(item, symbols, Kept.all(item));
    }

    /** All levels of one stream. */
    public static Source of(BatchItem item, SymbolDecoder symbols) {
        return new Source(item, Collections.nCopies(item.levels().count(), symbols));
    }

    /** What gives a level's symbols. */
    public SymbolDecoder symbols(int level) {
        return symbols.get(item.levels().position(level));
    }

    Source with(BatchItem now) {
        return new Source(now, symbols, kept);
    }
}
