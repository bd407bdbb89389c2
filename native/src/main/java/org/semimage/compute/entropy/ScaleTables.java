// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import java.util.Objects;

/**
 * Static probability tables of the residual symbols, one per scale class (FORMAT.md, "Scale tables").
 *
 * <p>Entry {@code k} of a table is the symbol {@code zigzag(k)}: 0, 1, -1, 2, -2, ...; the last entry is the escape.
 * Scale indices from {@link #TABLES} on have no table of their own: their symbols lose low bits, coded as they are, and use
 * the table of the same scale eight classes (one octave) per bit further down.
 *
 * <p>There are tables for one quantizer, or for each of the two of dependent quantization ({@link Trellis}). A symbol's <em>row</em> is its
 * scale index, with the sign bit set under quantizer 1.
 */
public final class ScaleTables {

    /** Scale indices 0..{@code SCALE_INDICES - 1}, eight to the octave. */
    public static final int SCALE_INDICES = 128;

    /** Indices that have a table. */
    public static final int TABLES = 80;

    private static final int PER_OCTAVE = 8;
    private static final int CERTAIN_SCALE_INDICES = 24;
    private static final int TOTAL = 1 << RansEncoder.PRECISION;

    private final int[][] starts;
    private final byte[][] firstEntry;
    private final int[] zeroFrequency = new int[2 * SCALE_INDICES];
    private final float[][] bits;

    /**
     * @param frequencies one row per table, those of quantizer 1 behind those of quantizer 0 if there are two: frequencies of its entries,
     *                    each 1..65535, in sum 65536; at least two entries and an even number of them
     * @throws IllegalArgumentException if a table breaks these rules
     */
    public ScaleTables(int[][] frequencies) {
        Objects.requireNonNull(frequencies, "frequencies");
        if (frequencies.length != TABLES && frequencies.length != 2 * TABLES) {
            throw new IllegalArgumentException(frequencies.length + " scale tables, expected " + TABLES + " or " + 2 * TABLES);
        }
        starts = new int[frequencies.length][];
        firstEntry = new byte[frequencies.length][256];
        bits = new float[frequencies.length][];
        for (int t = 0; t < frequencies.length; t++) {
            int[] row = frequencies[t];
            if (row.length < 2 || row.length > 256 || row.length % 2 != 0) {
                throw new IllegalArgumentException("scale table " + t + " has " + row.length + " entries");
            }
            starts[t] = new int[row.length + 1];
            zeroFrequency[t % TABLES + t / TABLES * SCALE_INDICES] = row[0];
            bits[t] = new float[row.length];
            for (int k = 0; k < row.length; k++) {
                if (row[k] < 1 || row[k] >= TOTAL) {
                    throw new IllegalArgumentException("scale table " + t + ", entry " + k + ": frequency " + row[k]);
                }
                starts[t][k + 1] = starts[t][k] + row[k];
                bits[t][k] = (float) (RansEncoder.PRECISION - Math.log(row[k]) / Math.log(2));
            }
            if (starts[t][row.length] != TOTAL) {
                throw new IllegalArgumentException("scale table " + t + " sums to " + starts[t][row.length]);
            }
            for (int high = 0, k = 0; high < 256; high++) {
                while (starts[t][k + 1] <= high << 8) {
                    k++;
                }
                firstEntry[t][high] = (byte) k;
            }
        }
    }

    /** 1, or 2 for dependent quantization. */
    int quantizers() {
        return starts.length / TABLES;
    }

    /** The row of a scale index under a quantizer. */
    public static byte row(int scaleIndex, int quantizer) {
        return (byte) (scaleIndex | quantizer * SCALE_INDICES);
    }

    /** The scale index of a row. */
    static int scaleIndex(byte row) {
        return row & SCALE_INDICES - 1;
    }

    /**
     * Whether symbols of a scale index are zero but for surprises. Their means are zero: bits would not say where they are, and they would
     * drift in training.
     */
    public static boolean isCertain(int scaleIndex) {
        return scaleIndex < CERTAIN_SCALE_INDICES;
    }

    /** Low bits that symbols of a row lose: 0 for indices with a table. */
    static int lowBits(byte row) {
        int scaleIndex = scaleIndex(row);
        return scaleIndex < TABLES ? 0 : 1 + (scaleIndex - TABLES) / PER_OCTAVE;
    }

    static int table(byte row) {
        return scaleIndex(row) - PER_OCTAVE * lowBits(row) + (row < 0 ? TABLES : 0);
    }

    /** The entry of the escape symbol. */
    int escape(int table) {
        return starts[table].length - 2;
    }

    /** The largest magnitude that a table holds without escape. */
    int radius(int table) {
        return (starts[table].length - 3) / 2;
    }

    int start(int table, int entry) {
        return starts[table][entry];
    }

    int frequency(int table, int entry) {
        return starts[table][entry + 1] - starts[table][entry];
    }

    /**
     * The frequency of the symbol zero, whose interval starts at 0, if that is all there is to the symbol; 0 for rows with
     * low bits. Most symbols of a picture are decided by this number alone.
     */
    int zeroFrequency(byte row) {
        return zeroFrequency[row & 2 * SCALE_INDICES - 1];
    }

    /** The entry whose interval holds a slot 0..65535. */
    int entry(int table, int slot) {
        int[] s = starts[table];
        int k = firstEntry[table][slot >>> 8] & 0xFF;
        while (s[k + 1] <= slot) {
            k++;
        }
        return k;
    }

    /** Ideal code length in bits of a symbol in a row. */
    public float cost(byte row, int symbol) {
        int low = lowBits(row);
        int table = table(row);
        int magnitude = Math.abs(low == 0 ? symbol : symbol + (1 << low - 1) >> low);
        int radius = radius(table);
        if (magnitude > radius) {
            int excess = 31 - Integer.numberOfLeadingZeros(magnitude - radius);
            return bits[table][escape(table)] + SymbolEncoder.ESCAPE_HEAD_BITS + excess + low;
        }
        return bits[table][2 * magnitude] + low;
    }

    /** Ideal code length in bits of symbols in their rows. */
    public double cost(byte[] rows, int[] symbols) {
        double sum = 0;
        for (int i = 0; i < symbols.length; i++) {
            sum += cost(rows[i], symbols[i]);
        }
        return sum;
    }

    /** Frequency rows, as given to the constructor. */
    public int[][] frequencies() {
        int[][] rows = new int[starts.length][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new int[starts[t].length - 1];
            for (int k = 0; k < rows[t].length; k++) {
                rows[t][k] = frequency(t, k);
            }
        }
        return rows;
    }

    /** All frequency rows, one behind the other. */
    public int[] allFrequencies() {
        int[] all = new int[entries()];
        int at = 0;
        for (int[] row : frequencies()) {
            System.arraycopy(row, 0, all, at, row.length);
            at += row.length;
        }
        return all;
    }

    private int entries() {
        int entries = 0;
        for (float[] row : bits) {
            entries += row.length;
        }
        return entries;
    }

    /** Entries of each table. */
    public int[] sizes() {
        int[] sizes = new int[bits.length];
        for (int t = 0; t < sizes.length; t++) {
            sizes[t] = bits[t].length;
        }
        return sizes;
    }

    /** Ideal code length in bits of every entry, table by table, each of its {@link #sizes}; a copy. */
    public float[] bits() {
        float[] all = new float[entries()];
        int at = 0;
        for (float[] row : bits) {
            System.arraycopy(row, 0, all, at, row.length);
            at += row.length;
        }
        return all;
    }
}
