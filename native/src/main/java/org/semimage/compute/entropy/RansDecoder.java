// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/**
 * Interleaved rANS decoder, the counterpart of {@link RansEncoder}.
 *
 * <p>Decoding an operation is {@link #slot} (the probability slot that the lane's state points to), a table look-up by the
 * caller, then {@link #advance} with the interval found. Any bytes decode to something; running out of words sets
 * {@link #exhausted}, and later operations read nothing more.
 */
public final class RansDecoder {

    /** The most lanes that a stream can have: one CUDA warp. */
    public static final int MAX_LANES = 32;

    static final int LOWER_BOUND = 1 << 16;

    private final int[] states;
    private final byte[] bytes;
    private final int end;
    private int position;
    private boolean exhausted;

    /**
     * @param bytes the array that holds the stream
     * @param from  where its states begin
     * @param to    where it ends
     * @param lanes 1..{@link #MAX_LANES}
     */
    public RansDecoder(byte[] bytes, int from, int to, int lanes) {
        SymbolArguments.checkStream(bytes, from, to, lanes);
        this.bytes = bytes;
        this.end = to;
        this.states = new int[lanes];
        this.exhausted = to - from < 4 * lanes;
        this.position = exhausted ? to : from;
        if (!exhausted) {
            for (int i = 0; i < lanes; i++) {
                states[i] = word() | word() << 16;
            }
        }
    }

    private int word() {
        int word = bytes[position] & 0xFF | (bytes[position + 1] & 0xFF) << 8;
        position += 2;
        return word;
    }

    /** Number of interleaved states. */
    public int lanes() {
        return states.length;
    }

    /** Whether the stream ended before the operations did; what was decoded since is meaningless. */
    public boolean exhausted() {
        return exhausted;
    }

    /** Offset of the next unread byte in the array given. */
    public int position() {
        return position;
    }

    /** The slot 0..65535 that decides the lane's next symbol. */
    public int slot(int lane) {
        return states[lane] & 0xFFFF;
    }

    /** Consumes the interval {@code start..start+freq-1} that holds the lane's slot. */
    public void advance(int lane, int start, int freq) {
        int x = states[lane];
        int next = freq * (x >>> 16) + (x & 0xFFFF) - start;
        if (Integer.compareUnsigned(next, LOWER_BOUND) < 0) {
            if (end - position < 2) {
                exhausted = true;
                return;
            }
            next = next << 16 | word();
        }
        states[lane] = next;
    }

    /** Decodes equiprobable bits, 1..15 of them. */
    public int bits(int lane, int bits) {
        int value = slot(lane) >>> RansEncoder.PRECISION - bits;
        advance(lane, value << RansEncoder.PRECISION - bits, 1 << RansEncoder.PRECISION - bits);
        return value;
    }
}
