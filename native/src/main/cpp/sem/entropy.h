/**
 * The entropy coder of residual symbols in C++ (FORMAT.md, "Symbols" and "Entropy coding").
 *
 * A symbol is zero more often than not, and then one number decides it: the frequency of zero under its scale index. Only the
 * others look into the tables, through an index by the upper half of the slot. Callers check what they pass: scale indices are
 * 0..127, symbols within MAX_SYMBOL, frequencies as org.semimage.compute.ScaleTables demands. Bytes may be anything.
 */
#ifndef SEM_ENTROPY_H
#define SEM_ENTROPY_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sem/kernels.h"

namespace sem {

constexpr int MAX_LANES = 32;
constexpr int SCALES = 128;
constexpr int TABLES = 80;
constexpr int MAX_SYMBOL = 1 << 20;

namespace detail {

constexpr uint32_t LOWER_BOUND = 1 << 16;
constexpr int ESCAPE_HEAD_BITS = 6;
constexpr int ESCAPE_ROUND_BITS = 12;
constexpr int MAX_ESCAPE_BITS = 21;

/** Rounds of a group: the most words that a symbol takes. */
constexpr int ROUNDS = 5;

/** What stands for an escape until its bits are there; no symbol has this value. */
constexpr int32_t ESCAPE = INT32_MIN;

inline int low_bits(int scale) {
    return scale < TABLES ? 0 : 1 + (scale - TABLES) / 8;
}

inline int table_of(int scale) {
    return scale - 8 * low_bits(scale);
}

/** The part of a symbol that tables know. */
inline int32_t high_part(int32_t symbol, int low) {
    return low == 0 ? symbol : (symbol + (1 << (low - 1))) >> low;
}

/** One entry of a table. The quotient of a state x < freq << 16 by freq is x * reciprocal >> 48, exactly. */
struct Entry {
    uint64_t reciprocal;
    uint16_t start;
    uint16_t freq;
    int32_t symbol;
};

#ifdef SEM_X86

/** For every set of lanes that need a word, which word each gets: the k-th set bit gets word k. */
struct WordOrders {
    alignas(32) int32_t of[256][8];

    constexpr WordOrders() : of() {
        for (int mask = 0; mask < 256; mask++) {
            for (int lane = 0, word = 0; lane < 8; lane++) {
                of[mask][lane] = word;
                word += mask >> lane & 1;
            }
        }
    }
};

inline constexpr WordOrders WORD_ORDERS;

/** Decodes eight lanes if all their symbols are zero, and else does nothing; there must be 16 bytes to read. */
__attribute__((target("avx2,popcnt"))) inline bool decode_zeros_avx2(const int32_t* zero, const int8_t* scales, uint32_t* states,
        const uint8_t*& next, int32_t* symbols) {
    __m256i scale = _mm256_and_si256(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(scales))),
            _mm256_set1_epi32(SCALES - 1));
    __m256i freq = _mm256_i32gather_epi32(zero, scale, 4);
    __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(states));
    __m256i slot = _mm256_and_si256(x, _mm256_set1_epi32(0xFFFF));
    if (_mm256_movemask_epi8(_mm256_cmpgt_epi32(freq, slot)) != -1) {
        return false;
    }
    x = _mm256_add_epi32(_mm256_mullo_epi32(freq, _mm256_srli_epi32(x, 16)), slot);
    __m256i low = _mm256_cmpeq_epi32(_mm256_srli_epi32(x, 16), _mm256_setzero_si256());
    int mask = _mm256_movemask_ps(_mm256_castsi256_ps(low));
    if (mask != 0) {
        __m256i words = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(next)));
        __m256i order = _mm256_load_si256(reinterpret_cast<const __m256i*>(WORD_ORDERS.of[mask]));
        words = _mm256_permutevar8x32_epi32(words, order);
        x = _mm256_blendv_epi8(x, _mm256_or_si256(_mm256_slli_epi32(x, 16), words), low);
        next += 2 * __builtin_popcount(static_cast<unsigned>(mask));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(states), x);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(symbols), _mm256_setzero_si256());
    return true;
}

#endif

}  // namespace detail

/** The scale tables, as both coders use them. */
class EntropyTables {
public:
    /**
     * @param sizes       entries of each table
     * @param frequencies of all entries, table by table
     */
    EntropyTables(const int32_t* sizes, const int32_t* frequencies) {
        size_t total = 0;
        for (int t = 0; t < TABLES; t++) {
            total += sizes[t];
        }
        entries_.reserve(total);
        for (int t = 0; t < TABLES; t++) {
            base_[t] = static_cast<uint32_t>(entries_.size());
            radius_[t] = (sizes[t] - 2) / 2;
            uint32_t start = 0;
            for (int k = 0; k < sizes[t]; k++) {
                uint32_t freq = static_cast<uint32_t>(*frequencies++);
                int32_t symbol = k == sizes[t] - 1 ? detail::ESCAPE : k % 2 == 1 ? (k + 1) / 2 : -k / 2;
                uint64_t reciprocal = ((uint64_t(1) << 48) + freq - 1) / freq;
                entries_.push_back({reciprocal, static_cast<uint16_t>(start), static_cast<uint16_t>(freq), symbol});
                // The first entry of a bucket of 256 slots is the one that holds the bucket's first slot.
                for (uint32_t bucket = (start + 255) / 256; bucket < (start + freq + 255) / 256; bucket++) {
                    first_[t][bucket] = static_cast<uint8_t>(k);
                }
                start += freq;
            }
        }
        for (int scale = 0; scale < SCALES; scale++) {
            zero_[scale] = scale < TABLES ? entries_[base_[scale]].freq : 0;
        }
    }

    /** Frequency of the symbol zero, whose interval starts at 0; 0 under scale indices with low bits. */
    const int32_t* zero() const {
        return zero_;
    }

    /** The entry that holds a slot. */
    const detail::Entry& find(int table, uint32_t slot) const {
        const detail::Entry* entry = &entries_[base_[table] + first_[table][slot >> 8]];
        while (slot - entry->start >= entry->freq) {
            entry++;
        }
        return *entry;
    }

    const detail::Entry& entry(int table, int index) const {
        return entries_[base_[table] + index];
    }

    /** The largest magnitude that a table holds without escape. */
    int radius(int table) const {
        return radius_[table];
    }

private:
    int32_t zero_[SCALES];
    uint32_t base_[TABLES];
    int32_t radius_[TABLES];
    uint8_t first_[TABLES][256];
    std::vector<detail::Entry> entries_;
};

/** Decodes the symbols of a stream, step by step; keeps a copy of the bytes, and the tables must outlive it. */
class EntropyDecoder {
public:
    EntropyDecoder(const EntropyTables& tables, int instruction_set, const int8_t* bytes, int size, int lanes)
            : tables_(tables), instruction_set_(instruction_set), lanes_(lanes), bytes_(bytes, bytes + size) {
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
     * Decodes symbols from..to-1 of a step.
     *
     * @param scales  of the whole step
     * @param symbols of the whole step; zero from the first that the stream no longer holds
     * @param from    a multiple of the lanes
     * @param to      a multiple of the lanes, or the end of the step
     * @return symbols decoded
     */
    int decode(const int8_t* scales, int32_t* symbols, int from, int to) {
        if (exhausted_) {
            std::fill(symbols + from, symbols + to, 0);
            return 0;
        }
        for (int group = from; group < to; group += lanes_) {
            int n = std::min(lanes_, to - group);
            int decoded = decode_group(scales + group, symbols + group, n);
            if (exhausted_) {
                std::fill(symbols + group + decoded, symbols + to, 0);
                return group + decoded - from;
            }
        }
        return to - from;
    }

private:
    /** Gives the symbols decoded, fewer than n when the stream ends. */
    int decode_group(const int8_t* scales, int32_t* symbols, int n) {
        bool raw = false;
        if (remaining() >= 2 * static_cast<size_t>(n)) {
            raw = decode_entries(scales, symbols, n);
        } else {
            for (int lane = 0; lane < n; lane++) {
                int scale = scales[lane] & (SCALES - 1);
                const detail::Entry& entry = tables_.find(detail::table_of(scale), states_[lane] & 0xFFFF);
                advance(lane, entry.start, entry.freq);
                if (exhausted_) {
                    return std::min(lane, first_raw(scales, symbols, lane));
                }
                symbols[lane] = entry.symbol;
                raw |= is_raw(scale, entry.symbol);
            }
        }
        if (raw) {
            int first = first_raw(scales, symbols, n);
            decode_raw_bits(scales, symbols, n);
            return exhausted_ ? first : n;
        }
        return n;
    }

    /** The first round of a group for which there are words enough; tells whether others follow. */
    bool decode_entries(const int8_t* scales, int32_t* symbols, int n) {
        const uint8_t* next = bytes_.data() + position_;
        bool raw = false;
        int lane = 0;
#ifdef SEM_X86
        if (instruction_set_ >= AVX2) {
            for (; lane + 8 <= n; lane += 8) {
                if (!detail::decode_zeros_avx2(tables_.zero(), scales + lane, states_ + lane, next, symbols + lane)) {
                    raw |= decode_entries(scales, symbols, lane, lane + 8, next);
                }
            }
        }
#endif
        raw |= decode_entries(scales, symbols, lane, n, next);
        position_ = next - bytes_.data();
        return raw;
    }

    bool decode_entries(const int8_t* scales, int32_t* symbols, int from, int to, const uint8_t*& next) {
        const int32_t* zero = tables_.zero();
        bool raw = false;
        for (int lane = from; lane < to; lane++) {
            int scale = scales[lane] & (SCALES - 1);
            uint32_t x = states_[lane];
            uint32_t slot = x & 0xFFFF;
            uint32_t freq = static_cast<uint32_t>(zero[scale]);
            if (slot < freq) {
                x = freq * (x >> 16) + slot;
                symbols[lane] = 0;
            } else {
                const detail::Entry& entry = tables_.find(detail::table_of(scale), slot);
                x = entry.freq * (x >> 16) + slot - entry.start;
                symbols[lane] = entry.symbol;
                raw |= is_raw(scale, entry.symbol);
            }
            if (x < detail::LOWER_BOUND) {
                x = x << 16 | next[0] | static_cast<uint32_t>(next[1]) << 8;
                next += 2;
            }
            states_[lane] = x;
        }
        return raw;
    }

    static bool is_raw(int scale, int32_t symbol) {
        return scale >= TABLES || symbol == detail::ESCAPE;
    }

    static int first_raw(const int8_t* scales, const int32_t* symbols, int n) {
        int lane = 0;
        while (lane < n && !is_raw(scales[lane] & (SCALES - 1), symbols[lane])) {
            lane++;
        }
        return lane;
    }

    void decode_raw_bits(const int8_t* scales, int32_t* symbols, int n) {
        int32_t lows[MAX_LANES];
        uint32_t heads[MAX_LANES];
        uint32_t values[MAX_LANES];
        int escapes[MAX_LANES];
        int count = 0;
        for (int lane = 0; lane < n; lane++) {
            int low = detail::low_bits(scales[lane] & (SCALES - 1));
            lows[lane] = static_cast<int32_t>(bits(lane, low));
            if (symbols[lane] == detail::ESCAPE) {
                escapes[count++] = lane;
            }
        }
        for (int i = 0; i < count; i++) {
            heads[i] = bits(escapes[i], detail::ESCAPE_HEAD_BITS);
        }
        for (int i = 0; i < count; i++) {
            values[i] = bits(escapes[i], std::min(bit_count(heads[i]), detail::ESCAPE_ROUND_BITS));
        }
        for (int i = 0; i < count; i++) {
            int lane = escapes[i];
            int more = bit_count(heads[i]) - detail::ESCAPE_ROUND_BITS;
            uint32_t value = values[i] | bits(lane, more) << detail::ESCAPE_ROUND_BITS | 1u << bit_count(heads[i]);
            int radius = tables_.radius(detail::table_of(scales[lane] & (SCALES - 1)));
            int32_t magnitude = std::min(static_cast<int32_t>(value) + radius, MAX_SYMBOL);
            symbols[lane] = heads[i] & 1 ? -magnitude : magnitude;
        }
        for (int lane = 0; lane < n; lane++) {
            int low = detail::low_bits(scales[lane] & (SCALES - 1));
            if (low > 0) {
                int64_t symbol = static_cast<int64_t>(symbols[lane]) * (1 << low) + lows[lane] - (1 << (low - 1));
                symbols[lane] = static_cast<int32_t>(std::max<int64_t>(-MAX_SYMBOL, std::min<int64_t>(MAX_SYMBOL, symbol)));
            }
        }
    }

    static int bit_count(uint32_t head) {
        return std::min(static_cast<int>(head >> 1), detail::MAX_ESCAPE_BITS);
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
        uint32_t x = freq * (states_[lane] >> 16) + (states_[lane] & 0xFFFF) - start;
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
    int instruction_set_;
    int lanes_;
    std::vector<uint8_t> bytes_;
    size_t position_ = 0;
    bool exhausted_ = false;
    uint32_t states_[MAX_LANES] = {};
};

/** Codes symbols from the last to the first; the tables must outlive it. */
class EntropyEncoder {
public:
    EntropyEncoder(const EntropyTables& tables, int lanes) : tables_(tables), lanes_(lanes), words_(1 << 12) {
        std::fill(states_, states_ + MAX_LANES, detail::LOWER_BOUND);
    }

    /** Codes symbols from..to-1 of a step, which are followed by those coded before; bounds as in EntropyDecoder::decode. */
    void push(const int32_t* symbols, const int8_t* scales, int from, int to) {
        for (int group = from + (to - from - 1) / lanes_ * lanes_; group >= from; group -= lanes_) {
            if (words_.size() - used_ < static_cast<size_t>(detail::ROUNDS) * MAX_LANES) {
                words_.resize(words_.size() * 2);
            }
            push_group(symbols + group, scales + group, std::min(lanes_, to - group));
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
    void push_group(const int32_t* symbols, const int8_t* scales, int n) {
        const int32_t* zero = tables_.zero();
        const detail::Entry* entries[MAX_LANES];
        bool raw = false;
        for (int lane = 0; lane < n; lane++) {
            int scale = scales[lane] & (SCALES - 1);
            if (symbols[lane] == 0 && zero[scale] != 0) {
                entries[lane] = &tables_.entry(scale, 0);
                continue;
            }
            int low = detail::low_bits(scale);
            int table = scale - 8 * low;
            int32_t high = detail::high_part(symbols[lane], low);
            int magnitude = high < 0 ? -high : high;
            bool escape = magnitude > tables_.radius(table);
            int index = escape ? 2 * tables_.radius(table) + 1 : high > 0 ? 2 * magnitude - 1 : 2 * magnitude;
            entries[lane] = &tables_.entry(table, index);
            raw |= escape || zero[scale] == 0;
        }
        if (raw) {
            push_raw_bits(symbols, scales, n);
        }
        for (int lane = n - 1; lane >= 0; lane--) {
            const detail::Entry& entry = *entries[lane];
            uint32_t x = renormalised(lane, entry.freq);
            uint32_t quotient = static_cast<uint32_t>(x * entry.reciprocal >> 48);
            states_[lane] = (quotient << 16) + x - quotient * entry.freq + entry.start;
        }
    }

    void push_raw_bits(const int32_t* symbols, const int8_t* scales, int n) {
        for (int round = 2; round >= 0; round--) {
            for (int lane = n - 1; lane >= 0; lane--) {
                int scale = scales[lane] & (SCALES - 1);
                int32_t high = detail::high_part(symbols[lane], detail::low_bits(scale));
                int32_t excess = (high < 0 ? -high : high) - tables_.radius(detail::table_of(scale));
                if (excess > 0) {
                    push_escape(lane, round, static_cast<uint32_t>(excess), high < 0);
                }
            }
        }
        for (int lane = n - 1; lane >= 0; lane--) {
            int low = detail::low_bits(scales[lane] & (SCALES - 1));
            if (low > 0) {
                push_bits(lane, static_cast<uint32_t>(symbols[lane] + (1 << (low - 1))) & ((1u << low) - 1), low);
            }
        }
    }

    void push_escape(int lane, int round, uint32_t excess, bool negative) {
        int bits = 0;
        while (excess >> (bits + 1) != 0) {
            bits++;
        }
        int first = std::min(bits, detail::ESCAPE_ROUND_BITS);
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
        states_[lane] = (x >> shift << 16) + (x & ((1u << shift) - 1)) + (value << shift);
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
