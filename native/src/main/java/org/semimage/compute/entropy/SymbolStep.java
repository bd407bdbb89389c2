// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/**
 * The symbols of a symbol step, as the entropy coder takes them.
 *
 * @param symbols of residuals, channel-major
 * @param rows    their rows of the {@link ScaleTables}
 */
public record SymbolStep(int[] symbols, byte[] rows) {

    /** A symbol step of dependent quantization: rows with the quantizers that a decoder will find. */
    public static SymbolStep of(int[] symbols, byte[] scaleIndices) {
        byte[] rows = new byte[symbols.length];
        Trellis.Walk walk = new Trellis.Walk(rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = ScaleTables.row(scaleIndices[i], walk.quantizer(i));
            walk.follow(i, symbols[i]);
        }
        return new SymbolStep(symbols, rows);
    }

    /**
     * The symbol step that a decoder found: its symbols from their reconstruction levels.
     *
     * @param reconstructionLevels one per symbol, in coding order; not changed
     * @param scaleIndices         one per symbol, 0..127
     */
    public static SymbolStep ofReconstructionLevels(int[] reconstructionLevels, byte[] scaleIndices) {
        int[] symbols = new int[reconstructionLevels.length];
        byte[] rows = new byte[reconstructionLevels.length];
        Trellis.Walk walk = new Trellis.Walk(reconstructionLevels.length);
        for (int i = 0; i < symbols.length; i++) {
            int quantizer = walk.quantizer(i);
            symbols[i] = Trellis.symbol(reconstructionLevels[i], quantizer);
            rows[i] = ScaleTables.row(scaleIndices[i], quantizer);
            walk.follow(i, symbols[i]);
        }
        return new SymbolStep(symbols, rows);
    }

    /** The symbols' scale indices 0..127, in coding order, which a decoder knows before their quantizers; a copy. */
    public byte[] scaleIndices() {
        byte[] scaleIndices = new byte[rows.length];
        for (int i = 0; i < scaleIndices.length; i++) {
            scaleIndices[i] = (byte) ScaleTables.scaleIndex(rows[i]);
        }
        return scaleIndices;
    }
}
