// SPDX-License-Identifier: Apache-2.0
/**
 * The encoder of residual symbols in C++ (FORMAT.md, "Symbols" and "Entropy coding"). Callers check what they pass: symbols are within
 * MAX_SYMBOL, frequencies as org.semimage.compute.entropy.ScaleTables demands.
 */
#ifndef SEM_ENTROPY_ENCODER_H
#define SEM_ENTROPY_ENCODER_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/dependent.h"
#include "sem/entropy_tables.h"

namespace sem {

/** Codes symbols from the last to the first; the tables must outlive it. */
class EntropyEncoder {
public:
    EntropyEncoder(const EntropyTables& tables, int lanes) : tables_(tables), lanes_(lanes), words_(1 << 12) {
        std::fill(states_, states_ + MAX_LANES, detail::LOWER_BOUND);
    }

    /**
     * Codes symbols from..to-1 of a symbol step of so many, which are followed by those coded before; bounds as in EntropyDecoder::decode.
     */
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
