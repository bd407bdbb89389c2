// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/** Checks of the arguments of symbol coders, for implementations whose memory accesses nobody else checks. */
public final class SymbolArguments {

    private SymbolArguments() {
    }

    /**
     * Checks a number of lanes.
     *
     * @throws IllegalArgumentException if there are not 1..{@link RansDecoder#MAX_LANES} lanes
     */
    public static void checkLanes(int lanes) {
        if (lanes < 1 || lanes > RansDecoder.MAX_LANES) {
            throw new IllegalArgumentException(lanes + " lanes");
        }
    }

    /**
     * Checks where a stream lies, and its number of lanes.
     *
     * @throws IllegalArgumentException if there are not 1..{@link RansDecoder#MAX_LANES} lanes, or the array has no such bytes
     */
    public static void checkStream(byte[] bytes, int from, int to, int lanes) {
        if (lanes < 1 || lanes > RansDecoder.MAX_LANES || from < 0 || to > bytes.length || from > to) {
            throw new IllegalArgumentException(lanes + " lanes in bytes " + from + ".." + to + " of " + bytes.length);
        }
    }

    /**
     * Checks the arrays of a symbol step to decode.
     *
     * @throws IllegalArgumentException if there are fewer scale indices than symbols, or one is not 0..127
     */
    public static void checkDecode(byte[] scaleIndices, int[] symbols) {
        int all = 0;
        for (byte scaleIndex : scaleIndices) {
            all |= scaleIndex;
        }
        if (all < 0 || scaleIndices.length < symbols.length) {
            throw new IllegalArgumentException(symbols.length + " symbols, " + scaleIndices.length
                    + " scale indices, or one of them negative");
        }
    }

    /**
     * @throws IllegalArgumentException if a symbol is out of range, there are fewer rows than symbols, or a row has another quantizer
     *                                  than a decoder will find
     */
    public static void checkEncode(ScaleTables tables, int[] symbols, byte[] rows) {
        if (rows.length < symbols.length) {
            throw new IllegalArgumentException(symbols.length + " symbols, " + rows.length + " rows");
        }
        boolean dependent = tables.quantizers() == 2;
        Trellis.Walk walk = new Trellis.Walk(symbols.length);
        for (int i = 0; i < symbols.length; i++) {
            if (rows[i] >>> 31 != (dependent ? walk.quantizer(i) : 0)) {
                throw new IllegalArgumentException("row " + rows[i] + " of symbol " + i
                        + " has another quantizer than a decoder will find");
            }
            walk.follow(i, symbols[i]);
        }
        int least = 0;
        int most = 0;
        for (int symbol : symbols) {
            least = Math.min(least, symbol);
            most = Math.max(most, symbol);
        }
        if (least < -SymbolEncoder.MAX_SYMBOL || most > SymbolEncoder.MAX_SYMBOL) {
            throw new IllegalArgumentException("symbol " + (least < -SymbolEncoder.MAX_SYMBOL ? least : most));
        }
    }
}
