// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import java.util.Arrays;

/** The counterpart of {@link SymbolEncoder}: the reference implementation. It owns nothing that needs closing. */
public final class JavaSymbolDecoder implements SymbolDecoder {

    private final ScaleTables tables;
    private final RansDecoder rans;
    private final int[] entries = new int[RansDecoder.MAX_LANES];
    private final int[] heads = new int[RansDecoder.MAX_LANES];
    private final byte[] rows = new byte[RansDecoder.MAX_LANES];
    private Trellis.Walk walk;

    /**
     * @param bytes the array that holds the stream, from states to last word
     * @param from  first byte
     * @param to    end
     * @param lanes as given to the encoder
     */
    public JavaSymbolDecoder(ScaleTables tables, byte[] bytes, int from, int to, int lanes) {
        this.tables = tables;
        this.rans = new RansDecoder(bytes, from, to, lanes);
    }

    @Override
    public int decode(byte[] scaleIndices, int[] symbols) {
        SymbolArguments.checkDecode(scaleIndices, symbols);
        walk = new Trellis.Walk(symbols.length);
        int lanes = Math.min(rans.lanes(), walk.chains());
        for (int group = 0; group < symbols.length; group += lanes) {
            int n = Math.min(lanes, symbols.length - group);
            int firstRaw = n;
            for (int lane = 0; lane < n; lane++) {
                byte row = row(scaleIndices, group + lane);
                int zeroFrequency = tables.zeroFrequency(row);
                int slot = rans.slot(lane);
                int entry = 0;
                if (slot < zeroFrequency) {
                    rans.advance(lane, 0, zeroFrequency);
                } else {
                    int table = ScaleTables.table(row);
                    entry = tables.entry(table, slot);
                    rans.advance(lane, tables.start(table, entry), tables.frequency(table, entry));
                    if (firstRaw == n && (zeroFrequency == 0 || entry == tables.escape(table))) {
                        firstRaw = lane;
                    }
                }
                if (rans.exhausted()) {
                    return stop(symbols, group, Math.min(lane, firstRaw));
                }
                rows[lane] = row;
                entries[lane] = entry;
                symbols[group + lane] = (entry & 1) == 1 ? entry + 1 >> 1 : -(entry >> 1);
            }
            if (firstRaw < n && !decodeRawBits(symbols, group, n)) {
                return stop(symbols, group, firstRaw);
            }
            toReconstructionLevels(symbols, group, n);
        }
        return symbols.length;
    }

    private byte row(byte[] scaleIndices, int i) {
        return tables.quantizers() == 1 ? scaleIndices[i] : ScaleTables.row(scaleIndices[i], walk.quantizer(i));
    }

    private void toReconstructionLevels(int[] symbols, int group, int n) {
        if (tables.quantizers() == 1) {
            return;
        }
        for (int i = group; i < group + n; i++) {
            int quantizer = walk.quantizer(i);
            walk.follow(i, symbols[i]);
            symbols[i] = Trellis.reconstructionLevel(symbols[i], quantizer);
        }
    }

    private int stop(int[] symbols, int group, int decodedOfGroup) {
        int decoded = group + decodedOfGroup;
        toReconstructionLevels(symbols, group, decodedOfGroup);
        Arrays.fill(symbols, decoded, symbols.length, 0);
        return decoded;
    }

    private boolean decodeRawBits(int[] symbols, int group, int n) {
        int[] lows = new int[n];
        for (int lane = 0; lane < n; lane++) {
            int low = ScaleTables.lowBits(rows[lane]);
            if (low > 0) {
                lows[lane] = rans.bits(lane, low);
            }
        }
        for (int round = 0; round < 3; round++) {
            for (int lane = 0; lane < n; lane++) {
                if (entries[lane] == tables.escape(ScaleTables.table(rows[lane]))) {
                    switch (round) {
                        case 0 -> {
                            heads[lane] = rans.bits(lane, SymbolEncoder.ESCAPE_HEAD_BITS);
                            symbols[group + lane] = 0;
                        }
                        case 1 -> symbols[group + lane] = bitsIfAny(lane, Math.min(bitCount(lane), SymbolEncoder.ESCAPE_ROUND_BITS));
                        default -> symbols[group + lane] |= 1 << bitCount(lane)
                                | bitsIfAny(lane, bitCount(lane) - SymbolEncoder.ESCAPE_ROUND_BITS) << SymbolEncoder.ESCAPE_ROUND_BITS;
                    }
                }
            }
        }
        for (int lane = 0; lane < n; lane++) {
            int table = ScaleTables.table(rows[lane]);
            if (entries[lane] == tables.escape(table)) {
                int magnitude = Math.min(symbols[group + lane] + tables.radius(table), SymbolEncoder.MAX_SYMBOL);
                symbols[group + lane] = (heads[lane] & 1) == 1 ? -magnitude : magnitude;
            }
            int low = ScaleTables.lowBits(rows[lane]);
            if (low > 0) {
                long symbol = ((long) symbols[group + lane] << low) + lows[lane] - (1 << low - 1);
                symbols[group + lane] = (int) Math.max(-SymbolEncoder.MAX_SYMBOL, Math.min(SymbolEncoder.MAX_SYMBOL, symbol));
            }
        }
        return !rans.exhausted();
    }

    @Override
    public boolean exhausted() {
        return rans.exhausted();
    }

    @Override
    public void close() {
    }

    /** Bits below the leading one of an escape: at most 21, whatever the head says. */
    private int bitCount(int lane) {
        return Math.min(heads[lane] >> 1, 21);
    }

    private int bitsIfAny(int lane, int bits) {
        return bits > 0 ? rans.bits(lane, bits) : 0;
    }
}
