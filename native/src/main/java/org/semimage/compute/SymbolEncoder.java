package org.semimage.compute;

/**
 * Codes residual symbols under their scale indices (FORMAT.md, "Symbols").
 *
 * <p>Symbol {@code i} of a step belongs to lane {@code i mod lanes}. Each group of {@code lanes} symbols takes four rounds over
 * its lanes: table entry, low bits, escape head (bit count and sign), escape bits. A warp decodes a round at a time.
 */
public final class SymbolEncoder {

    static final int ESCAPE_HEAD_BITS = 6;

    /** Symbols are in {@code -MAX_SYMBOL..MAX_SYMBOL}. */
    public static final int MAX_SYMBOL = 1 << 20;

    private final ScaleTables tables;
    private final RansEncoder rans;
    private final int lanes;

    public SymbolEncoder(ScaleTables tables, int lanes) {
        this.tables = tables;
        this.lanes = lanes;
        this.rans = new RansEncoder(lanes);
    }

    /**
     * Codes one step.
     *
     * @param symbols in {@code -MAX_SYMBOL..MAX_SYMBOL}
     * @param scales  scale index of each symbol, 0..127
     * @throws IllegalArgumentException if a symbol is out of range
     */
    public void encode(int[] symbols, byte[] scales) {
        for (int group = 0; group < symbols.length; group += lanes) {
            int n = Math.min(lanes, symbols.length - group);
            int later = 0;
            for (int lane = 0; lane < n; lane++) {
                int symbol = symbols[group + lane];
                if (symbol < -MAX_SYMBOL || symbol > MAX_SYMBOL) {
                    throw new IllegalArgumentException("symbol " + symbol);
                }
                int table = ScaleTables.table(scales[group + lane]);
                int entry = entry(symbol, scales[group + lane]);
                rans.put(lane, tables.start(table, entry), tables.frequency(table, entry));
                later |= scales[group + lane] >= ScaleTables.TABLES || entry == tables.escape(table) ? 1 : 0;
            }
            if (later != 0) {
                encodeRawBits(symbols, scales, group, n);
            }
        }
    }

    private int high(int symbol, int scale) {
        int low = ScaleTables.lowBits(scale);
        return low == 0 ? symbol : symbol + (1 << low - 1) >> low;
    }

    private int entry(int symbol, int scale) {
        int high = high(symbol, scale);
        int table = ScaleTables.table(scale);
        if (Math.abs(high) > tables.radius(table)) {
            return tables.escape(table);
        }
        return high > 0 ? 2 * high - 1 : -2 * high;
    }

    private void encodeRawBits(int[] symbols, byte[] scales, int group, int n) {
        for (int lane = 0; lane < n; lane++) {
            int low = ScaleTables.lowBits(scales[group + lane]);
            if (low > 0) {
                rans.putBits(lane, symbols[group + lane] + (1 << low - 1) & (1 << low) - 1, low);
            }
        }
        for (int round = 0; round < 3; round++) {
            for (int lane = 0; lane < n; lane++) {
                int high = high(symbols[group + lane], scales[group + lane]);
                int excess = Math.abs(high) - tables.radius(ScaleTables.table(scales[group + lane]));
                if (excess > 0) {
                    int bits = 31 - Integer.numberOfLeadingZeros(excess);
                    switch (round) {
                        case 0 -> rans.putBits(lane, bits << 1 | (high < 0 ? 1 : 0), ESCAPE_HEAD_BITS);
                        case 1 -> putIfAny(lane, excess & (1 << Math.min(bits, 12)) - 1, Math.min(bits, 12));
                        default -> putIfAny(lane, (excess & (1 << bits) - 1) >>> 12, bits - 12);
                    }
                }
            }
        }
    }

    private void putIfAny(int lane, int value, int bits) {
        if (bits > 0) {
            rans.putBits(lane, value, bits);
        }
    }

    /** The coded bytes of all steps. */
    public byte[] finish() {
        return rans.finish();
    }

    /** Lanes for a payload of about so many bytes: flushing them stays under one percent (FORMAT.md, "Lanes"). */
    public static int lanesFor(long bytes) {
        int lanes = 1;
        while (lanes < RansDecoder.MAX_LANES && lanes * 2 * 400L <= bytes) {
            lanes *= 2;
        }
        return lanes;
    }
}
