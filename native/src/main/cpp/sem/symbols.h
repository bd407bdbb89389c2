// SPDX-License-Identifier: Apache-2.0
/**
 * How symbols become intervals and bits (FORMAT.md, "Symbols" and "Entropy coding"), once for C++ and CUDA.
 *
 * A row is a scale index, plus SCALE_INDICES under the second quantizer (see dependent.h); scale indices are rows as well. Callers check
 * what they pass: scale indices are 0..127, symbols within MAX_SYMBOL, frequencies as org.semimage.compute.entropy.ScaleTables demands.
 */
#ifndef SEM_SYMBOLS_H
#define SEM_SYMBOLS_H

#include <cstdint>

#include "sem/arithmetic.h"

namespace sem {

constexpr int MAX_LANES = 32;
constexpr int SCALE_INDICES = 128;
constexpr int TABLES = 80;
constexpr int MAX_SYMBOL = 1 << 20;

/** Below this scale index symbols are zero but for surprises, and means are zero. */
constexpr int CERTAIN_SCALE_INDICES = 24;

namespace detail {

constexpr uint32_t LOWER_BOUND = 1 << 16;
constexpr int ESCAPE_HEAD_BITS = 6;
constexpr int ESCAPE_ROUND_BITS = 12;
constexpr int MAX_ESCAPE_BITS = 21;

/** Rounds of a group: the most words that a symbol takes. */
constexpr int ROUNDS = 5;

/** What stands for an escape until its bits are there; no symbol has this value. */
constexpr int32_t ESCAPE = INT32_MIN;

/** A row of a byte. */
SEM_HOST_DEVICE int row_of(int8_t byte) {
    return static_cast<uint8_t>(byte);
}

SEM_HOST_DEVICE int low_bits(int row) {
    int scale_index = row & (SCALE_INDICES - 1);
    return scale_index < TABLES ? 0 : 1 + (scale_index - TABLES) / 8;
}

SEM_HOST_DEVICE int table_of(int row) {
    return (row & (SCALE_INDICES - 1)) - 8 * low_bits(row) + (row < SCALE_INDICES ? 0 : TABLES);
}

/** The part of a symbol that tables know. */
SEM_HOST_DEVICE int32_t high_part(int32_t symbol, int low) {
    return low == 0 ? symbol : (symbol + (1 << (low - 1))) >> low;
}

/** The part of a symbol that is coded as it is. */
SEM_HOST_DEVICE uint32_t low_part(int32_t symbol, int low) {
    return static_cast<uint32_t>(symbol + (1 << (low - 1))) & ((1u << low) - 1);
}

/** A symbol of its parts, for a scale index with low bits. */
SEM_HOST_DEVICE int32_t joined(int32_t high, uint32_t lows, int low) {
    int64_t symbol = static_cast<int64_t>(high) * (1 << low) + lows - (1 << (low - 1));
    return static_cast<int32_t>(symbol < -MAX_SYMBOL ? -MAX_SYMBOL : symbol > MAX_SYMBOL ? MAX_SYMBOL : symbol);
}

/** Bits below the leading one of an escape that a decoder reads: at most 21, whatever the head says. */
SEM_HOST_DEVICE int escape_bits(uint32_t head) {
    int bits = static_cast<int>(head >> 1);
    return bits < MAX_ESCAPE_BITS ? bits : MAX_ESCAPE_BITS;
}

/** Of the bits of an escape those that the first of its two rounds takes. */
SEM_HOST_DEVICE int first_escape_bits(int bits) {
    return bits < ESCAPE_ROUND_BITS ? bits : ESCAPE_ROUND_BITS;
}

/** The symbol, or its high part, of an escape. */
SEM_HOST_DEVICE int32_t escaped(uint32_t head, uint32_t bits, int radius) {
    int32_t magnitude = static_cast<int32_t>(bits | 1u << escape_bits(head)) + radius;
    magnitude = magnitude < MAX_SYMBOL ? magnitude : MAX_SYMBOL;
    return head & 1 ? -magnitude : magnitude;
}

/** One entry of a table. The quotient of a state x < freq << 16 by freq is x * reciprocal >> 48, exactly. */
struct Entry {
    uint64_t reciprocal;
    uint16_t start;
    uint16_t freq;
    int32_t symbol;
};

/** The state after an entry, of a state that is small enough to take it. */
SEM_HOST_DEVICE uint32_t encoded(uint32_t x, const Entry& entry) {
    uint32_t quotient = static_cast<uint32_t>(x * entry.reciprocal >> 48);
    return (quotient << 16) + x - quotient * entry.freq + entry.start;
}

/** The state after equiprobable bits, of a state that is small enough to take them; 16 - shift bits. */
SEM_HOST_DEVICE uint32_t encoded_bits(uint32_t x, uint32_t value, int shift) {
    return (x >> shift << 16) + (x & ((1u << shift) - 1)) + (value << shift);
}

/** The state before an interval that holds its slot, not yet refilled. */
SEM_HOST_DEVICE uint32_t decoded(uint32_t x, uint32_t start, uint32_t freq) {
    return freq * (x >> 16) + (x & 0xFFFF) - start;
}

/** Whether a symbol takes further rounds than the first. */
SEM_HOST_DEVICE bool is_raw(int row, int32_t symbol) {
    return (row & (SCALE_INDICES - 1)) >= TABLES || symbol == ESCAPE;
}

/** Where tables find their entries, which lie in an array of their own. */
struct TableIndex {
    /** Quantizers that have tables of their own, 1 or 2. */
    int32_t quantizers;
    /** By row, the frequency of the symbol zero, whose interval starts at 0; 0 in rows with low bits. */
    int32_t zero[2 * SCALE_INDICES];
    uint32_t base[2 * TABLES];
    /** The largest magnitude that a table holds without escape. */
    int32_t radius[2 * TABLES];
    /** The entry that holds the first slot of a bucket of 256. */
    uint8_t first[2 * TABLES][256];
};

/** The entry that holds a slot. */
SEM_HOST_DEVICE const Entry& find(const TableIndex& index, const Entry* entries, int table, uint32_t slot) {
    const Entry* entry = &entries[index.base[table] + index.first[table][slot >> 8]];
    while (slot - entry->start >= entry->freq) {
        entry++;
    }
    return *entry;
}

/** The entry of a high part in its table; the escape if it is beyond the radius. */
SEM_HOST_DEVICE uint32_t entry_of(int32_t high, int radius) {
    int32_t magnitude = high < 0 ? -high : high;
    return magnitude > radius ? 2 * radius + 1 : high > 0 ? 2 * magnitude - 1 : 2 * magnitude;
}

}  // namespace detail

}  // namespace sem

#endif
