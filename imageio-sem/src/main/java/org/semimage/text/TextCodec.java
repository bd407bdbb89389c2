// SPDX-License-Identifier: Apache-2.0
package org.semimage.text;

import org.semimage.compute.entropy.ArithmeticDecoder;
import org.semimage.compute.entropy.ArithmeticEncoder;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.stream.IntStream;

import static org.semimage.text.Vocabulary.CAPITAL;
import static org.semimage.text.Vocabulary.END;
import static org.semimage.text.Vocabulary.JOIN;
import static org.semimage.text.Vocabulary.SPECIAL;
import static org.semimage.text.Vocabulary.SPELL;
import static org.semimage.text.Vocabulary.UPPER;

/**
 * Texts in a few bytes, exactly (FORMAT.md, "Text"): words under the prior's probabilities, what is no known word letter by letter, other
 * scripts by code point. Every Java string survives, unpaired surrogates included.
 */
public final class TextCodec {

    /** The longest text, in UTF-16 code units. */
    public static final int MAX_LENGTH = 16384;

    /** The number of pages of 128 code points. */
    private static final int PAGES = 0x110000 >> 7;

    private static final int MAX_MARKERS = 2;

    private static final int SPELL_END = 95;
    private static final int SPELL_OTHER = 96;
    private static final int ASCII_CLASS = 27;
    private static final int OTHER_CLASS = 28;

    private static final int[] SAME_PAGE = {3, 1};

    private final TextPrior prior;

    /**
     * A codec with a prior.
     *
     * @param prior trained on texts like those to code; both sides need the same one
     */
    public TextCodec(TextPrior prior) {
        this.prior = prior;
    }

    /** Is told of every token that a decoder finds. */
    @FunctionalInterface
    public interface Tap {

        /**
         * A token.
         *
         * @param token       its number
         * @param state       of the recurrent unit before it, in units of 2^-14; not to be changed
         * @param frequencies of the tokens 0..1023 there, under which it was told; not to be changed
         */
        void token(int token, int[] state, int[] frequencies);
    }

    /** Takes intervals: an encoder, or who sums up what they cost. */
    private interface Sink {
        void encode(int start, int frequency, int total);
    }

    /** Code points that the spelling alphabet lacks, coded near the last one. */
    private static final class Others {

        private final int[] counts = new int[128];
        private int page;

        private Others() {
            Arrays.fill(counts, 1);
        }

        void encode(int codePoint, Sink out) {
            boolean same = codePoint >> 7 == page;
            TextCodec.encode(SAME_PAGE, same ? 0 : 1, out);
            if (!same) {
                page = codePoint >> 7;
                out.encode(page, 1, PAGES);
            }
            TextCodec.encode(counts, codePoint & 127, out);
            counts[codePoint & 127] += 12;
        }

        int decode(ArithmeticDecoder in) {
            if (TextCodec.decode(SAME_PAGE, in) == 1) {
                page = in.decodeUniform(PAGES);
            }
            int low = TextCodec.decode(counts, in);
            counts[low] += 12;
            return page << 7 | low;
        }
    }

    /**
     * The bytes of a text; none for some short ones.
     *
     * @throws IIOException if it is longer than {@link #MAX_LENGTH}
     */
    public byte[] encode(String text) throws IIOException {
        ArithmeticEncoder out = new ArithmeticEncoder();
        encode(text, out::encode);
        return out.finish();
    }

    /**
     * What a text costs, before its end is rounded up to bytes.
     *
     * @return bits, more than 0
     * @throws IIOException if it is longer than {@link #MAX_LENGTH}
     */
    public double bits(String text) throws IIOException {
        double[] bits = new double[1];
        encode(text, (start, frequency, total) -> bits[0] += Math.log((double) total / frequency) / Math.log(2));
        return bits[0];
    }

    private void encode(String text, Sink out) throws IIOException {
        if (text.length() > MAX_LENGTH) {
            throw new IIOException("caption of " + text.length() + " characters, at most " + MAX_LENGTH + " can be coded");
        }
        TextPrior.State state = prior.start();
        Others others = new Others();
        int previous = END;
        for (Vocabulary.Token token : prior.vocabulary().tokens(text)) {
            state.next(previous);
            encodeToken(state, token.id(), out);
            if (token.id() == SPELL) {
                spell(token.spelled(), others, out);
            }
            previous = token.id();
        }
    }

    /**
     * The text of a payload.
     *
     * @throws IIOException if the bytes are no text's
     */
    public String decode(byte[] payload) throws IIOException {
        return decode(payload, (token, state, frequencies) -> { });
    }

    /**
     * The same, with somebody who listens.
     *
     * @throws IIOException if the bytes are no text's
     */
    public String decode(byte[] payload, Tap tap) throws IIOException {
        ArithmeticDecoder in = new ArithmeticDecoder(payload, 0, payload.length);
        StringBuilder text = new StringBuilder();
        TextPrior.State state = prior.start();
        Others others = new Others();
        boolean join = false;
        int modifier = -1;
        int markers = 0;
        int token = END;
        while (true) {
            state.next(token);
            token = decodeToken(state, in, tap);
            if (in.exhausted()) {
                throw new IIOException("malformed text: no end within " + payload.length + " bytes");
            }
            if (text.length() > MAX_LENGTH + 1) {
                throw new IIOException("malformed text: no end within " + MAX_LENGTH + " characters");
            }
            if (token == END) {
                break;
            }
            markers = token < SPECIAL && token != SPELL ? markers + 1 : 0;
            if (markers > MAX_MARKERS) {
                throw new IIOException("malformed text: more than " + MAX_MARKERS + " markers before a word");
            }
            if (token == SPELL) {
                int before = text.length();
                despell(text, others, in);
                // A piece of nothing would let a hostile file run on for ever.
                if (text.length() == before) {
                    throw new IIOException("malformed text: an empty piece is spelled");
                }
            } else if (token == JOIN) {
                join = true;
            } else if (token == CAPITAL || token == UPPER) {
                modifier = token;
            } else {
                text.append(prior.vocabulary().dressed(token, join, modifier));
            }
            if (markers == 0) {
                join = false;
                modifier = -1;
            }
        }
        if (payload.length > in.length()) {
            throw new IIOException("malformed text: it ends within " + in.length() + " of " + payload.length + " bytes");
        }
        if (text.length() > 0 && text.charAt(0) != ' ' || text.length() == 1) {
            throw new IIOException("malformed text: it does not begin with a word");
        }
        return text.length() > 0 ? text.substring(1) : "";
    }

    private void encodeToken(TextPrior.State state, int token, Sink out) {
        int part = token < TextPrior.HEAD ? -1 : token < TextPrior.MIDDLE ? 0 : 1;
        encode(state.frequencies(0, TextPrior.HEAD), part < 0 ? token : SPECIAL - 2 + part, out);
        if (part >= 0) {
            encode(state.frequencies(low(part), high(part)), token - low(part), out);
        }
    }

    private int decodeToken(TextPrior.State state, ArithmeticDecoder in, Tap tap) {
        int[] frequencies = state.frequencies(0, TextPrior.HEAD);
        int head = decode(frequencies, in);
        int part = head - (SPECIAL - 2);
        int token = part != 0 && part != 1 ? head : low(part) + decode(state.frequencies(low(part), high(part)), in);
        tap.token(token, state.units(), frequencies);
        return token;
    }

    private static int low(int part) {
        return part == 0 ? TextPrior.HEAD : TextPrior.MIDDLE;
    }

    private int high(int part) {
        return part == 0 ? TextPrior.MIDDLE : prior.vocabulary().words().size();
    }

    private void spell(String piece, Others others, Sink out) {
        int before = 0;
        int last = 0;
        for (int codePoint : piece.codePoints().toArray()) {
            boolean ascii = isPrintable(codePoint);
            encode(prior.spelling(before, last), ascii ? codePoint - 32 : SPELL_OTHER, out);
            if (!ascii) {
                others.encode(codePoint, out);
            }
            before = last;
            last = spellingClass(codePoint);
        }
        encode(prior.spelling(before, last), SPELL_END, out);
    }

    private void despell(StringBuilder text, Others others, ArithmeticDecoder in) throws IIOException {
        int before = 0;
        int last = 0;
        while (text.length() <= MAX_LENGTH + 1 && !in.exhausted()) {
            int symbol = decode(prior.spelling(before, last), in);
            if (symbol == SPELL_END) {
                return;
            }
            int codePoint = symbol == SPELL_OTHER ? others.decode(in) : symbol + 32;
            if (symbol == SPELL_OTHER && isPrintable(codePoint) && !in.exhausted()) {
                throw new IIOException("malformed text: '" + (char) codePoint + "' as a character that the alphabet lacks");
            }
            text.appendCodePoint(codePoint);
            before = last;
            last = spellingClass(codePoint);
        }
    }

    private static boolean isPrintable(int codePoint) {
        return codePoint >= 32 && codePoint < 127;
    }

    /** 0 is a piece's start, 1..26 are letters, 27 what else the alphabet has, 28 what it has not. */
    private static int spellingClass(int codePoint) {
        int lower = codePoint | 32;
        return lower >= 'a' && lower <= 'z' ? lower - 'a' + 1 : isPrintable(codePoint) ? ASCII_CLASS : OTHER_CLASS;
    }

    private static void encode(int[] frequencies, int symbol, Sink out) {
        int start = 0;
        for (int i = 0; i < symbol; i++) {
            start += frequencies[i];
        }
        out.encode(start, frequencies[symbol], IntStream.of(frequencies).sum());
    }

    private static int decode(int[] frequencies, ArithmeticDecoder in) {
        return in.decode(frequencies, frequencies.length, IntStream.of(frequencies).sum());
    }
}
