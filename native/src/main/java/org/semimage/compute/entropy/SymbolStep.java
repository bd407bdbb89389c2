// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/**
 * One step's symbols, as the entropy coder takes them.
 *
 * @param symbols of residuals, channel-major
 * @param rows    their rows of the {@link ScaleTables}
 */
public record SymbolStep(int[] symbols, byte[] rows) {

    /** A step of dependent quantization: rows with the quantizers that a decoder will find. */
    public static SymbolStep of(int[] symbols, byte[] scales) {
        byte[] rows = new byte[symbols.length];
        Trellis.Walk walk = new Trellis.Walk(rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = ScaleTables.row(scales[i], walk.quantizer(i));
            walk.follow(i, symbols[i]);
        }
        return new SymbolStep(symbols, rows);
    }

    /** The step that a decoder found: its symbols from their levels. */
    public static SymbolStep ofLevels(int[] levels, byte[] scales) {
        int[] symbols = new int[levels.length];
        byte[] rows = new byte[levels.length];
        Trellis.Walk walk = new Trellis.Walk(levels.length);
        for (int i = 0; i < symbols.length; i++) {
            int quantizer = walk.quantizer(i);
            symbols[i] = Trellis.symbol(levels[i], quantizer);
            rows[i] = ScaleTables.row(scales[i], quantizer);
            walk.follow(i, symbols[i]);
        }
        return new SymbolStep(symbols, rows);
    }

    /** The symbols' scale indices, which a decoder knows before their quantizers. */
    public byte[] scales() {
        byte[] scales = new byte[rows.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) ScaleTables.scaleIndex(rows[i]);
        }
        return scales;
    }
}
