// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;


import java.util.ArrayList;
import java.util.List;

/**
 * Codes symbols in their rows of {@link ScaleTables} (FORMAT.md, "Symbols"); the reference implementation.
 *
 * <p>Symbol {@code i} of a symbol step belongs to lane {@code i mod lanes}; a small symbol step uses only some of the lanes, see
 * {@link Trellis#chains}. Each group of {@code lanes} symbols takes five rounds over its lanes: table entry, low bits, escape head (bit
 * count and sign), escape bits in two parts. A warp decodes a round at a time.
 * The coder works from the last symbol to the first, and so walks through all of this backwards.
 */
public final class SymbolEncoder {

    static final int ESCAPE_HEAD_BITS = 6;

    /** The most bits of an escape that one round takes. */
    static final int ESCAPE_ROUND_BITS = 12;

    /** Symbols are in {@code -MAX_SYMBOL..MAX_SYMBOL}. */
    static final int MAX_SYMBOL = 1 << 20;

    private static final int BYTES_PER_LANE = 512;

    /** Up to here the flush of a single lane is all that keeps within ten bytes. */
    private static final int SINGLE_LANE_BYTES = 2048;

    private final ScaleTables tables;
    private final int lanes;
    private final List<SymbolStep> steps = new ArrayList<>();
    private final RansStack rans;

    /**
     * An encoder of one stream, empty at first.
     *
     * @param lanes 1..32, a power of two; decoders must be told
     */
    public SymbolEncoder(ScaleTables tables, int lanes) {
        this.tables = tables;
        this.lanes = lanes;
        this.rans = new RansStack(lanes);
    }

    /**
     * Takes one symbol step, to be coded by {@link #finish}; the arrays must not change until then.
     *
     * @param symbols in {@code -MAX_SYMBOL..MAX_SYMBOL}
     * @param rows    of the symbols, with the quantizers that a decoder will find
     * @throws IllegalArgumentException if a symbol is out of range, or a row is not what a decoder will find
     */
    public void encode(int[] symbols, byte[] rows) {
        SymbolArguments.checkEncode(tables, symbols, rows);
        steps.add(new SymbolStep(symbols, rows));
    }

    /** The coded bytes of all symbol steps; nothing can follow. */
    public byte[] finish() {
        for (int s = steps.size() - 1; s >= 0; s--) {
            SymbolStep step = steps.get(s);
            int size = step.symbols().length;
            int lanes = Math.min(this.lanes, Trellis.chains(size));
            for (int group = (size - 1) / lanes * lanes; group >= 0; group -= lanes) {
                encodeGroup(step, group, Math.min(lanes, size - group));
            }
        }
        return rans.bytes();
    }

    private void encodeGroup(SymbolStep step, int group, int n) {
        for (int lane = n - 1; lane >= 0; lane--) {
            if (hasRawBits(step.symbols()[group + lane], step.rows()[group + lane])) {
                encodeRawBits(step, group, n);
                break;
            }
        }
        for (int lane = n - 1; lane >= 0; lane--) {
            int symbol = step.symbols()[group + lane];
            byte row = step.rows()[group + lane];
            int zeroFrequency = tables.zeroFrequency(row);
            if (symbol == 0 && zeroFrequency != 0) {
                rans.push(lane, 0, zeroFrequency);
            } else {
                int table = ScaleTables.table(row);
                int entry = entry(symbol, row);
                rans.push(lane, tables.start(table, entry), tables.frequency(table, entry));
            }
        }
    }

    private boolean hasRawBits(int symbol, byte row) {
        return tables.zeroFrequency(row) == 0 || symbol != 0 && Math.abs(symbol) > tables.radius(ScaleTables.table(row));
    }

    private int high(int symbol, byte row) {
        int low = ScaleTables.lowBits(row);
        return low == 0 ? symbol : symbol + (1 << low - 1) >> low;
    }

    private int entry(int symbol, byte row) {
        int high = high(symbol, row);
        int table = ScaleTables.table(row);
        if (Math.abs(high) > tables.radius(table)) {
            return tables.escape(table);
        }
        return high > 0 ? 2 * high - 1 : -2 * high;
    }

    private void encodeRawBits(SymbolStep step, int group, int n) {
        for (int round = 2; round >= 0; round--) {
            for (int lane = n - 1; lane >= 0; lane--) {
                byte row = step.rows()[group + lane];
                int high = high(step.symbols()[group + lane], row);
                int excess = Math.abs(high) - tables.radius(ScaleTables.table(row));
                if (excess > 0) {
                    int bits = 31 - Integer.numberOfLeadingZeros(excess);
                    int firstBits = Math.min(bits, ESCAPE_ROUND_BITS);
                    switch (round) {
                        case 0 -> rans.pushBits(lane, bits << 1 | (high < 0 ? 1 : 0), ESCAPE_HEAD_BITS);
                        case 1 -> pushIfAny(lane, excess & (1 << firstBits) - 1, firstBits);
                        default -> pushIfAny(lane, (excess & (1 << bits) - 1) >>> firstBits, bits - firstBits);
                    }
                }
            }
        }
        for (int lane = n - 1; lane >= 0; lane--) {
            int low = ScaleTables.lowBits(step.rows()[group + lane]);
            if (low > 0) {
                rans.pushBits(lane, step.symbols()[group + lane] + (1 << low - 1) & (1 << low) - 1, low);
            }
        }
    }

    private void pushIfAny(int lane, int value, int bits) {
        if (bits > 0) {
            rans.pushBits(lane, value, bits);
        }
    }

    /** Lanes for a payload of about so many bytes: a lane costs two to four bytes, so all of them stay under one percent. */
    public static int lanesFor(long bytes) {
        int lanes = 1;
        while (bytes >= SINGLE_LANE_BYTES && lanes < RansDecoder.MAX_LANES && lanes * 2L * BYTES_PER_LANE <= bytes) {
            lanes *= 2;
        }
        return lanes;
    }
}
