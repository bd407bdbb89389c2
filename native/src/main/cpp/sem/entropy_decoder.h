// SPDX-License-Identifier: Apache-2.0
/**
 * The decoder of residual symbols in C++ (FORMAT.md, "Symbols" and "Entropy coding").
 *
 * A symbol is zero more often than not, and then one number decides it: the frequency of zero in its row. Only the
 * others look into the tables, through an index by the upper half of the slot. Eight lanes to an AVX2 vector were no faster: some
 * lane of eight is not zero too often. Callers check what they pass: scale indices are
 * 0..127, frequencies as org.semimage.compute.entropy.ScaleTables demands. Bytes may be anything.
 */
#ifndef SEM_ENTROPY_DECODER_H
#define SEM_ENTROPY_DECODER_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/dependent.h"
#include "sem/entropy_tables.h"

namespace sem {

/** Decodes the symbols of a stream, one symbol step after the other; keeps a copy of the bytes, and the tables must outlive it. */
class EntropyDecoder {
public:
    EntropyDecoder(const EntropyTables& tables, const int8_t* bytes, int size, int lanes)
            : tables_(tables), lanes_(lanes), bytes_(bytes, bytes + size) {
        if (size < 4 * lanes) {
            position_ = bytes_.size();
            exhausted_ = true;
            return;
        }
        for (int lane = 0; lane < lanes; lane++) {
            uint32_t lower = word();
            states_[lane] = lower | word() << 16;
        }
    }

    /** Whether the stream ended before the symbols did. */
    bool exhausted() const {
        return exhausted_;
    }

    /**
     * Decodes symbols from..to-1 of a symbol step of so many.
     *
     * @param scale_indices of the whole symbol step
     * @param symbols of the whole symbol step, or their reconstruction levels with two quantizers; zero from the first that the stream no
     *                longer holds
     * @param from    a multiple of the lanes
     * @param to      a multiple of the lanes, or the end of the symbol step
     * @return symbols decoded
     */
    int decode(const int8_t* scale_indices, int32_t* symbols, int size, int from, int to) {
        if (from == 0) {
            std::fill(chain_states_, chain_states_ + MAX_CHAINS, 0);
            chains_ = chains_of(size);
        }
        int decoded = exhausted_ ? from : decode_groups(scale_indices, symbols, from, to);
        while (!exhausted_ && decoded < to) {
            int n = std::min(symbol_step_lanes(), to - decoded);
            int rows[MAX_LANES];
            set_rows(scale_indices, decoded, n, rows);
            int held = decode_group(rows, symbols + decoded, n);
            to_reconstruction_levels(symbols, decoded, held);
            decoded += held;
        }
        std::fill(symbols + decoded, symbols + to, 0);
        return decoded - from;
    }

private:
    int symbol_step_lanes() const {
        return std::min(lanes_, chains_);
    }

    /** The rows of the group that begins at a symbol. */
    void set_rows(const int8_t* scale_indices, int group, int n, int* rows) const {
        for (int lane = 0; lane < n; lane++) {
            int quantizer = tables_.quantizers() == 1 ? 0 : detail::quantizer_of(chain_states_[(group + lane) & (chains_ - 1)]);
            rows[lane] = detail::row_of(scale_indices[group + lane] & (SCALE_INDICES - 1), quantizer);
        }
    }

    /** Ends a group whose symbols are decoded. */
    void to_reconstruction_levels(int32_t* symbols, int group, int n) {
        for (int i = group; tables_.quantizers() == 2 && i < group + n; i++) {
            uint8_t& state = chain_states_[i & (chains_ - 1)];
            int quantizer = detail::quantizer_of(state);
            state = static_cast<uint8_t>(detail::next_state(state, symbols[i]));
            symbols[i] = detail::reconstruction_level(symbols[i], quantizer);
        }
    }

    /** One group of n symbols; gives those decoded, fewer than n when the stream ends. */
    int decode_group(const int* rows, int32_t* symbols, int n) {
        bool raw = false;
        for (int lane = 0; lane < n; lane++) {
            const detail::Entry& entry = tables_.find(detail::table_of(rows[lane]), states_[lane] & 0xFFFF);
            advance(lane, entry.start, entry.freq);
            if (exhausted_) {
                return std::min(lane, first_raw(rows, symbols, lane));
            }
            symbols[lane] = entry.symbol;
            raw |= detail::is_raw(rows[lane], entry.symbol);
        }
        if (raw) {
            int first = first_raw(rows, symbols, n);
            decode_raw_bits(rows, symbols, n);
            return exhausted_ ? first : n;
        }
        return n;
    }

    /**
     * Whole groups from the one at `group` on, as long as there are words enough for each whatever it holds: the way of nearly all
     * symbols. With the lanes known to the compiler, the states of few lanes stay in registers.
     *
     * @return where it stopped
     */
    template <int LANES, bool DEPENDENT>
    int decode_groups(const int8_t* scale_indices, int32_t* symbols, int group, int to) {
        const int32_t* zero = tables_.zero();
        const uint8_t* next = bytes_.data() + position_;
        const uint8_t* end = bytes_.data() + bytes_.size();
        uint32_t states[LANES];
        std::copy(states_, states_ + LANES, states);
        while (to - group >= LANES && end - next >= 2 * LANES) {
            uint32_t raw = 0;
            uint8_t* chains = chain_states_ + group % chains_;
            uint8_t before[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                int row = scale_indices[group + lane] & (SCALE_INDICES - 1);
                int state = 0;
                if (DEPENDENT) {
                    state = chains[lane];
                    before[lane] = static_cast<uint8_t>(state);
                    row = detail::row_of(row, detail::quantizer_of(state));
                }
                uint32_t x = states[lane];
                uint32_t slot = x & 0xFFFF;
                uint32_t freq = static_cast<uint32_t>(zero[row]);
                if (slot < freq) {
                    x = freq * (x >> 16) + slot;
                    symbols[group + lane] = 0;
                    if (DEPENDENT) {
                        chains[lane] = static_cast<uint8_t>(detail::next_state(state, 0));
                    }
                } else {
                    const detail::Entry& entry = tables_.find(detail::table_of(row), slot);
                    x = entry.freq * (x >> 16) + slot - entry.start;
                    symbols[group + lane] = entry.symbol;
                    if (detail::is_raw(row, entry.symbol)) {
                        raw |= 1u << lane;
                    } else if (DEPENDENT) {
                        chains[lane] = static_cast<uint8_t>(detail::next_state(state, entry.symbol));
                        symbols[group + lane] = detail::reconstruction_level(entry.symbol, detail::quantizer_of(state));
                    }
                }
                if (x < detail::LOWER_BOUND) {
                    x = x << 16 | next[0] | static_cast<uint32_t>(next[1]) << 8;
                    next += 2;
                }
                states[lane] = x;
            }
            if (raw != 0) {
                std::copy(states, states + LANES, states_);
                position_ = next - bytes_.data();
                int rows[LANES];
                for (int lane = 0; lane < LANES; lane++) {
                    rows[lane] = detail::row_of(scale_indices[group + lane] & (SCALE_INDICES - 1),
                            DEPENDENT ? detail::quantizer_of(before[lane]) : 0);
                }
                int first = first_raw(rows, symbols + group, LANES);
                decode_raw_bits(rows, symbols + group, LANES);
                if (exhausted_) {
                    return group + first;
                }
                for (int lane = first; DEPENDENT && lane < LANES; lane++) {
                    if (raw >> lane & 1) {
                        int32_t& symbol = symbols[group + lane];
                        chains[lane] = static_cast<uint8_t>(detail::next_state(before[lane], symbol));
                        symbol = detail::reconstruction_level(symbol, detail::quantizer_of(before[lane]));
                    }
                }
                std::copy(states_, states_ + LANES, states);
                next = bytes_.data() + position_;
            }
            group += LANES;
        }
        std::copy(states, states + LANES, states_);
        position_ = next - bytes_.data();
        return group;
    }

    int decode_groups(const int8_t* scale_indices, int32_t* symbols, int group, int to) {
        return tables_.quantizers() == 1 ? decode_groups<false>(scale_indices, symbols, group, to)
                : decode_groups<true>(scale_indices, symbols, group, to);
    }

    template <bool DEPENDENT>
    int decode_groups(const int8_t* scale_indices, int32_t* symbols, int group, int to) {
        switch (symbol_step_lanes()) {
            case 1: return decode_groups<1, DEPENDENT>(scale_indices, symbols, group, to);
            case 2: return decode_groups<2, DEPENDENT>(scale_indices, symbols, group, to);
            case 4: return decode_groups<4, DEPENDENT>(scale_indices, symbols, group, to);
            case 8: return decode_groups<8, DEPENDENT>(scale_indices, symbols, group, to);
            case 16: return decode_groups<16, DEPENDENT>(scale_indices, symbols, group, to);
            case 32: return decode_groups<32, DEPENDENT>(scale_indices, symbols, group, to);
            default: return group;
        }
    }

    static int first_raw(const int* rows, const int32_t* symbols, int n) {
        int lane = 0;
        while (lane < n && !detail::is_raw(rows[lane], symbols[lane])) {
            lane++;
        }
        return lane;
    }

    void decode_raw_bits(const int* rows, int32_t* symbols, int n) {
        uint32_t lows[MAX_LANES];
        uint32_t heads[MAX_LANES];
        uint32_t values[MAX_LANES];
        int escapes[MAX_LANES];
        int count = 0;
        for (int lane = 0; lane < n; lane++) {
            int low = detail::low_bits(rows[lane]);
            lows[lane] = bits(lane, low);
            if (symbols[lane] == detail::ESCAPE) {
                escapes[count++] = lane;
            }
        }
        for (int i = 0; i < count; i++) {
            heads[i] = bits(escapes[i], detail::ESCAPE_HEAD_BITS);
        }
        for (int i = 0; i < count; i++) {
            values[i] = bits(escapes[i], detail::first_escape_bits(detail::escape_bits(heads[i])));
        }
        for (int i = 0; i < count; i++) {
            int lane = escapes[i];
            values[i] |= bits(lane, detail::escape_bits(heads[i]) - detail::ESCAPE_ROUND_BITS) << detail::ESCAPE_ROUND_BITS;
            symbols[lane] = detail::escaped(heads[i], values[i], tables_.radius(detail::table_of(rows[lane])));
        }
        for (int lane = 0; lane < n; lane++) {
            int low = detail::low_bits(rows[lane]);
            if (low > 0) {
                symbols[lane] = detail::joined(symbols[lane], lows[lane], low);
            }
        }
    }

    /** Equiprobable bits; zero if there are none to read. */
    uint32_t bits(int lane, int count) {
        if (count <= 0) {
            return 0;
        }
        uint32_t value = (states_[lane] & 0xFFFF) >> (16 - count);
        advance(lane, value << (16 - count), 1u << (16 - count));
        return value;
    }

    void advance(int lane, uint32_t start, uint32_t freq) {
        uint32_t x = detail::decoded(states_[lane], start, freq);
        if (x < detail::LOWER_BOUND) {
            if (remaining() < 2) {
                exhausted_ = true;
                return;
            }
            x = x << 16 | word();
        }
        states_[lane] = x;
    }

    size_t remaining() const {
        return bytes_.size() - position_;
    }

    uint32_t word() {
        uint32_t word = bytes_[position_] | static_cast<uint32_t>(bytes_[position_ + 1]) << 8;
        position_ += 2;
        return word;
    }

    const EntropyTables& tables_;
    int lanes_;
    std::vector<uint8_t> bytes_;
    size_t position_ = 0;
    bool exhausted_ = false;
    uint32_t states_[MAX_LANES] = {};
    int chains_ = 1;
    uint8_t chain_states_[MAX_CHAINS] = {};
};

}  // namespace sem

#endif
