// SPDX-License-Identifier: Apache-2.0
/**
 * The entropy coder of residual symbols in C++ (FORMAT.md, "Symbols" and "Entropy coding").
 *
 * A symbol is zero more often than not, and then one number decides it: the frequency of zero in its row. Only the
 * others look into the tables, through an index by the upper half of the slot. Eight lanes to an AVX2 vector were no faster: some
 * lane of eight is not zero too often. Callers check what they pass: scale indices are
 * 0..127, symbols within MAX_SYMBOL, frequencies as org.semimage.compute.entropy.ScaleTables demands. Bytes may be anything.
 */
#ifndef SEM_ENTROPY_H
#define SEM_ENTROPY_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sem/dependent.h"

namespace sem {

/** The scale tables, as both coders use them. */
class EntropyTables {
public:
    /**
     * @param sizes       entries of each table, those of the second quantizer behind those of the first
     * @param frequencies of all entries, table by table
     * @param quantizers  1, or 2 for dependent quantization
     */
    EntropyTables(const int32_t* sizes, const int32_t* frequencies, int quantizers) {
        index_ = {};
        index_.quantizers = quantizers;
        size_t total = 0;
        for (int t = 0; t < quantizers * TABLES; t++) {
            total += sizes[t];
        }
        entries_.reserve(total);
        for (int t = 0; t < quantizers * TABLES; t++) {
            index_.base[t] = static_cast<uint32_t>(entries_.size());
            index_.radius[t] = (sizes[t] - 2) / 2;
            uint32_t start = 0;
            for (int k = 0; k < sizes[t]; k++) {
                uint32_t freq = static_cast<uint32_t>(*frequencies++);
                int32_t symbol = k == sizes[t] - 1 ? detail::ESCAPE : k % 2 == 1 ? (k + 1) / 2 : -k / 2;
                uint64_t reciprocal = ((uint64_t(1) << 48) + freq - 1) / freq;
                entries_.push_back({reciprocal, static_cast<uint16_t>(start), static_cast<uint16_t>(freq), symbol});
                // The first entry of a bucket of 256 slots is the one that holds the bucket's first slot.
                for (uint32_t bucket = (start + 255) / 256; bucket < (start + freq + 255) / 256; bucket++) {
                    index_.first[t][bucket] = static_cast<uint8_t>(k);
                }
                start += freq;
            }
        }
        for (int row = 0; row < quantizers * SCALES; row++) {
            index_.zero[row] = detail::low_bits(row) == 0 ? entries_[index_.base[detail::table_of(row)]].freq : 0;
        }
    }

    int quantizers() const {
        return index_.quantizers;
    }

    /** By row, the frequency of the symbol zero, whose interval starts at 0; 0 in rows with low bits. */
    const int32_t* zero() const {
        return index_.zero;
    }

    /** The entry that holds a slot. */
    const detail::Entry& find(int table, uint32_t slot) const {
        return detail::find(index_, entries_.data(), table, slot);
    }

    const detail::Entry& entry(int table, int index) const {
        return entries_[index_.base[table] + index];
    }

    /** The largest magnitude that a table holds without escape. */
    int radius(int table) const {
        return index_.radius[table];
    }

    /** For a copy on a device. */
    const detail::TableIndex& index() const {
        return index_;
    }

    /** For a copy on a device. */
    const std::vector<detail::Entry>& entries() const {
        return entries_;
    }

private:
    detail::TableIndex index_;
    std::vector<detail::Entry> entries_;
};

/** Decodes the symbols of a stream, step by step; keeps a copy of the bytes, and the tables must outlive it. */
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
     * Decodes symbols from..to-1 of a step of so many.
     *
     * @param scales  of the whole step
     * @param symbols of the whole step, or their levels with two quantizers; zero from the first that the stream no longer holds
     * @param from    a multiple of the lanes
     * @param to      a multiple of the lanes, or the end of the step
     * @return symbols decoded
     */
    int decode(const int8_t* scales, int32_t* symbols, int size, int from, int to) {
        if (from == 0) {
            std::fill(chain_states_, chain_states_ + MAX_CHAINS, 0);
            chains_ = chains_of(size);
        }
        int decoded = exhausted_ ? from : decode_groups(scales, symbols, from, to);
        while (!exhausted_ && decoded < to) {
            int n = std::min(step_lanes(), to - decoded);
            int rows[MAX_LANES];
            set_rows(scales, decoded, n, rows);
            int held = decode_group(rows, symbols + decoded, n);
            to_levels(symbols, decoded, held);
            decoded += held;
        }
        std::fill(symbols + decoded, symbols + to, 0);
        return decoded - from;
    }

private:
    int step_lanes() const {
        return std::min(lanes_, chains_);
    }

    /** The rows of the group that begins at a symbol. */
    void set_rows(const int8_t* scales, int group, int n, int* rows) const {
        for (int lane = 0; lane < n; lane++) {
            int quantizer = tables_.quantizers() == 1 ? 0 : detail::quantizer_of(chain_states_[(group + lane) & (chains_ - 1)]);
            rows[lane] = detail::row_of(scales[group + lane] & (SCALES - 1), quantizer);
        }
    }

    /** Ends a group whose symbols are decoded. */
    void to_levels(int32_t* symbols, int group, int n) {
        for (int i = group; tables_.quantizers() == 2 && i < group + n; i++) {
            uint8_t& state = chain_states_[i & (chains_ - 1)];
            int quantizer = detail::quantizer_of(state);
            state = static_cast<uint8_t>(detail::next_state(state, symbols[i]));
            symbols[i] = detail::level_of(symbols[i], quantizer);
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
    int decode_groups(const int8_t* scales, int32_t* symbols, int group, int to) {
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
                int row = scales[group + lane] & (SCALES - 1);
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
                        symbols[group + lane] = detail::level_of(entry.symbol, detail::quantizer_of(state));
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
                    rows[lane] = detail::row_of(scales[group + lane] & (SCALES - 1), DEPENDENT ? detail::quantizer_of(before[lane]) : 0);
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
                        symbol = detail::level_of(symbol, detail::quantizer_of(before[lane]));
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

    int decode_groups(const int8_t* scales, int32_t* symbols, int group, int to) {
        return tables_.quantizers() == 1 ? decode_groups<false>(scales, symbols, group, to) : decode_groups<true>(scales, symbols, group, to);
    }

    template <bool DEPENDENT>
    int decode_groups(const int8_t* scales, int32_t* symbols, int group, int to) {
        switch (step_lanes()) {
            case 1: return decode_groups<1, DEPENDENT>(scales, symbols, group, to);
            case 2: return decode_groups<2, DEPENDENT>(scales, symbols, group, to);
            case 4: return decode_groups<4, DEPENDENT>(scales, symbols, group, to);
            case 8: return decode_groups<8, DEPENDENT>(scales, symbols, group, to);
            case 16: return decode_groups<16, DEPENDENT>(scales, symbols, group, to);
            case 32: return decode_groups<32, DEPENDENT>(scales, symbols, group, to);
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

/** Codes symbols from the last to the first; the tables must outlive it. */
class EntropyEncoder {
public:
    EntropyEncoder(const EntropyTables& tables, int lanes) : tables_(tables), lanes_(lanes), words_(1 << 12) {
        std::fill(states_, states_ + MAX_LANES, detail::LOWER_BOUND);
    }

    /** Codes symbols from..to-1 of a step of so many, which are followed by those coded before; bounds as in EntropyDecoder::decode. */
    void push(const int32_t* symbols, const int8_t* rows, int size, int from, int to) {
        int lanes = std::min(lanes_, chains_of(size));
        for (int group = from + (to - from - 1) / lanes * lanes; group >= from; group -= lanes) {
            if (words_.size() - used_ < static_cast<size_t>(detail::ROUNDS) * MAX_LANES) {
                words_.resize(words_.size() * 2);
            }
            push_group(symbols + group, rows + group, std::min(lanes, to - group));
        }
    }

    /** Bytes of the stream. */
    int64_t size() const {
        return 4 * static_cast<int64_t>(lanes_) + 2 * static_cast<int64_t>(used_);
    }

    /** Writes the stream to an array of that size. */
    void write(int8_t* out) const {
        for (int lane = 0; lane < lanes_; lane++) {
            for (int shift = 0; shift < 32; shift += 8) {
                *out++ = static_cast<int8_t>(states_[lane] >> shift);
            }
        }
        for (size_t i = used_; i-- > 0;) {
            *out++ = static_cast<int8_t>(words_[i]);
            *out++ = static_cast<int8_t>(words_[i] >> 8);
        }
    }

private:
    void push_group(const int32_t* symbols, const int8_t* rows, int n) {
        const int32_t* zero = tables_.zero();
        const detail::Entry* entries[MAX_LANES];
        bool raw = false;
        for (int lane = 0; lane < n; lane++) {
            int row = detail::row_of(rows[lane]);
            int table = detail::table_of(row);
            if (symbols[lane] == 0 && zero[row] != 0) {
                entries[lane] = &tables_.entry(table, 0);
                continue;
            }
            int low = detail::low_bits(row);
            entries[lane] = &tables_.entry(table, detail::entry_of(detail::high_part(symbols[lane], low), tables_.radius(table)));
            raw |= detail::is_raw(row, entries[lane]->symbol);
        }
        if (raw) {
            push_raw_bits(symbols, rows, n);
        }
        for (int lane = n - 1; lane >= 0; lane--) {
            const detail::Entry& entry = *entries[lane];
            uint32_t x = renormalised(lane, entry.freq);
            states_[lane] = detail::encoded(x, entry);
        }
    }

    void push_raw_bits(const int32_t* symbols, const int8_t* rows, int n) {
        for (int round = 2; round >= 0; round--) {
            for (int lane = n - 1; lane >= 0; lane--) {
                int row = detail::row_of(rows[lane]);
                int32_t high = detail::high_part(symbols[lane], detail::low_bits(row));
                int32_t excess = (high < 0 ? -high : high) - tables_.radius(detail::table_of(row));
                if (excess > 0) {
                    push_escape(lane, round, static_cast<uint32_t>(excess), high < 0);
                }
            }
        }
        for (int lane = n - 1; lane >= 0; lane--) {
            int low = detail::low_bits(detail::row_of(rows[lane]));
            if (low > 0) {
                push_bits(lane, detail::low_part(symbols[lane], low), low);
            }
        }
    }

    void push_escape(int lane, int round, uint32_t excess, bool negative) {
        int bits = 0;
        while (excess >> (bits + 1) != 0) {
            bits++;
        }
        int first = detail::first_escape_bits(bits);
        uint32_t below = excess & ((1u << bits) - 1);
        if (round == 0) {
            push_bits(lane, static_cast<uint32_t>(bits) << 1 | (negative ? 1 : 0), detail::ESCAPE_HEAD_BITS);
        } else if (round == 1) {
            push_bits(lane, below & ((1u << first) - 1), first);
        } else {
            push_bits(lane, below >> first, bits - first);
        }
    }

    void push_bits(int lane, uint32_t value, int bits) {
        if (bits == 0) {
            return;
        }
        int shift = 16 - bits;
        uint32_t x = renormalised(lane, 1u << shift);
        states_[lane] = detail::encoded_bits(x, value, shift);
    }

    /** The lane's state, made small enough to take a symbol of so much frequency. */
    uint32_t renormalised(int lane, uint32_t freq) {
        uint32_t x = states_[lane];
        if (x >> 16 >= freq) {
            words_[used_++] = static_cast<uint16_t>(x);
            x >>= 16;
        }
        return x;
    }

    const EntropyTables& tables_;
    int lanes_;
    std::vector<uint16_t> words_;
    size_t used_ = 0;
    uint32_t states_[MAX_LANES];
};

}  // namespace sem

#endif
