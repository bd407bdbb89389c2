// SPDX-License-Identifier: Apache-2.0
/**
 * The rANS coder of a warp (FORMAT.md, "Symbols" and "Entropy coding"): a thread is a lane of the stream, a round is one ballot. All of a
 * warp's threads call every function together; those beyond the stream's lanes take no part in what they decide.
 */
#ifndef SEM_RANS_CUH
#define SEM_RANS_CUH

#include "cuda_layout.h"

namespace sem {

constexpr unsigned WHOLE_WARP = 0xFFFFFFFF;

/** The threads of a mask that come before one. */
static __device__ int threads_before(unsigned mask, int lane) {
    return __popc(mask & ((1u << lane) - 1));
}

/** The first thread of a mask, 32 if it has none. */
static __device__ int first_thread(unsigned mask) {
    return mask == 0 ? THREADS_PER_WARP : __ffs(static_cast<int>(mask)) - 1;
}

/** Scale tables in device memory. */
struct Tables {
    const detail::TableIndex* index;
    const detail::Entry* entries;
};

/** A decoder at work: the state is the lane's, the rest is the same in all lanes. */
struct WarpDecoder {
    const uint16_t* words;
    int position;
    int end;
    int lanes;
    bool exhausted;
    uint32_t state;
};

static __device__ WarpDecoder load(const DecoderState* stored, int lane) {
    return {reinterpret_cast<const uint16_t*>(stored + 1), stored->position, stored->end, stored->lanes, stored->exhausted != 0,
            stored->states[lane]};
}

static __device__ void store(DecoderState* stored, const WarpDecoder& decoder, int lane) {
    stored->states[lane] = decoder.state;
    if (lane == 0) {
        stored->position = decoder.position;
        stored->exhausted = decoder.exhausted;
    }
}

/** Consumes an interval on each active lane; gives the first lane for which there was no word, 32 if there was one for all. */
static __device__ int advance(WarpDecoder& decoder, int lane, bool active, uint32_t start, uint32_t freq) {
    uint32_t x = detail::decoded(decoder.state, start, freq);
    bool wanting = active && x < detail::LOWER_BOUND;
    unsigned wants = __ballot_sync(WHOLE_WARP, wanting);
    int before = threads_before(wants, lane);
    int available = decoder.end - decoder.position;
    if (wanting && before < available) {
        x = x << 16 | decoder.words[decoder.position + before];
    }
    if (active) {
        decoder.state = x;
    }
    int wanted = __popc(wants);
    if (wanted <= available) {
        decoder.position += wanted;
        return THREADS_PER_WARP;
    }
    decoder.position = decoder.end;
    decoder.exhausted = true;
    return first_thread(__ballot_sync(WHOLE_WARP, wanting && before >= available));
}

/** Equiprobable bits; zero on lanes that read none. */
static __device__ uint32_t read_bits(WarpDecoder& decoder, int lane, int count) {
    uint32_t value = count > 0 ? (decoder.state & 0xFFFF) >> (16 - count) : 0;
    advance(decoder, lane, count > 0, value << (16 - count), 1u << (16 - count));
    return value;
}

/** One group of n symbols, one on each lane; gives the symbols that the stream held, fewer than n when it ends. */
static __device__ int decode_group(const Tables& tables, WarpDecoder& decoder, int lane, int n, int row, int32_t& symbol) {
    bool active = lane < n;
    uint32_t slot = decoder.state & 0xFFFF;
    uint32_t start = 0;
    uint32_t freq = static_cast<uint32_t>(tables.index->zero[row]);
    symbol = 0;
    if (active && slot >= freq) {
        const detail::Entry& entry = detail::find(*tables.index, tables.entries, detail::table_of(row), slot);
        start = entry.start;
        freq = entry.freq;
        symbol = entry.symbol;
    }
    int refilled = advance(decoder, lane, active, start, freq);
    int plain = first_thread(__ballot_sync(WHOLE_WARP, active && detail::is_raw(row, symbol)));
    if (refilled < n || plain >= n) {
        return min(n, min(refilled, plain));
    }
    int low = active ? detail::low_bits(row) : 0;
    uint32_t lows = read_bits(decoder, lane, low);
    bool escape = active && symbol == detail::ESCAPE;
    if (__ballot_sync(WHOLE_WARP, escape) != 0) {
        uint32_t head = read_bits(decoder, lane, escape ? detail::ESCAPE_HEAD_BITS : 0);
        int bits = escape ? detail::escape_bits(head) : 0;
        int first = detail::first_escape_bits(bits);
        uint32_t value = read_bits(decoder, lane, first);
        value |= read_bits(decoder, lane, bits - first) << detail::ESCAPE_ROUND_BITS;
        if (escape) {
            symbol = detail::escaped(head, value, tables.index->radius[detail::table_of(row)]);
        }
    }
    if (low > 0) {
        symbol = detail::joined(symbol, lows, low);
    }
    return decoder.exhausted ? plain : n;
}

/** One symbol step; gives the symbols that the stream held, the others are zero. The lanes keep the states of the chains. */
static __device__ int64_t decode_symbol_step(const Tables& tables, WarpDecoder& decoder, int lane, const int8_t* scale_indices,
        int32_t* symbols, int64_t size) {
    int64_t group = 0;
    int64_t decoded = 0;
    bool dependent = tables.index->quantizers == 2;
    int chain_state = 0;
    int chains = chains_of(size);
    int lanes = min(decoder.lanes, chains);
    int next = lane < lanes && lane < size ? scale_indices[lane] : 0;
    for (; group < size && !decoder.exhausted; group += lanes) {
        int n = static_cast<int>(min(static_cast<int64_t>(lanes), size - group));
        int row = next & (SCALE_INDICES - 1);
        int state = 0;
        if (dependent) {
            state = __shfl_sync(WHOLE_WARP, chain_state, static_cast<int>((group + lane) % chains));
            row = detail::row_of(row, detail::quantizer_of(state));
        }
        // On its way while this group is decoded.
        next = lane < lanes && group + lanes + lane < size ? scale_indices[group + lanes + lane] : 0;
        int32_t symbol;
        int held = decode_group(tables, decoder, lane, n, row, symbol);
        if (dependent) {
            int of_chain = static_cast<int>((lane - group) & (chains - 1));
            int after = __shfl_sync(WHOLE_WARP, detail::next_state(state, symbol), of_chain);
            chain_state = of_chain < n ? after : chain_state;
            // An escape without its bits has no level.
            symbol = lane < held ? detail::reconstruction_level(symbol, detail::quantizer_of(state)) : 0;
        }
        if (lane < n) {
            symbols[group + lane] = lane < held ? symbol : 0;
        }
        decoded = group + held;
    }
    for (int64_t i = group + lane; i < size; i += THREADS_PER_WARP) {
        symbols[i] = 0;
    }
    return decoded;
}

/** An encoder at work, from the last word to the first: the state is the lane's, the rest is the same in all lanes. */
struct WarpEncoder {
    uint16_t* words;
    int64_t position;
    uint32_t state;
};

/** Makes the states of active lanes small enough to take a symbol of so much frequency. */
static __device__ void renormalise(WarpEncoder& encoder, int lane, bool active, uint32_t freq) {
    bool emits = active && encoder.state >> 16 >= freq;
    unsigned emitting = __ballot_sync(WHOLE_WARP, emits);
    encoder.position -= __popc(emitting);
    if (emits) {
        encoder.words[encoder.position + threads_before(emitting, lane)] = static_cast<uint16_t>(encoder.state);
        encoder.state >>= 16;
    }
}

/** Codes equiprobable bits, on lanes that have any. */
static __device__ void write_bits(WarpEncoder& encoder, int lane, uint32_t value, int count) {
    int shift = 16 - count;
    renormalise(encoder, lane, count > 0, 1u << shift);
    if (count > 0) {
        encoder.state = detail::encoded_bits(encoder.state, value, shift);
    }
}

/** Callers check symbols in host memory; of those in device memory nobody knows. */
static __device__ int32_t clamped(int32_t symbol) {
    return max(-MAX_SYMBOL, min(MAX_SYMBOL, symbol));
}

/** What is coded of a symbol. */
struct Coded {
    const detail::Entry* entry;
    int low;
    int32_t high;
    uint32_t excess;  // of an escape, else 0
    int bits;         // of the excess, below its leading one
};

static __device__ Coded coded(const Tables& tables, int32_t symbol, int row) {
    Coded c;
    c.low = detail::low_bits(row);
    c.high = detail::high_part(symbol, c.low);
    int table = detail::table_of(row);
    int radius = tables.index->radius[table];
    c.entry = &tables.entries[tables.index->base[table] + detail::entry_of(c.high, radius)];
    c.excess = c.entry->symbol == detail::ESCAPE ? static_cast<uint32_t>(abs(c.high) - radius) : 0;
    c.bits = c.excess == 0 ? 0 : 31 - __clz(static_cast<int>(c.excess));
    return c;
}

/** One group of n symbols, one on each lane, with what was coded before behind them. */
static __device__ void encode_group(const Tables& tables, WarpEncoder& encoder, int lane, int n, int32_t symbol, int row) {
    bool active = lane < n;
    Coded c = coded(tables, symbol, row);
    if (__ballot_sync(WHOLE_WARP, active && detail::is_raw(row, c.entry->symbol)) != 0) {
        bool escape = active && c.excess != 0;
        int first = detail::first_escape_bits(c.bits);
        uint32_t below = c.excess & ((1u << c.bits) - 1);
        write_bits(encoder, lane, below >> first, escape ? c.bits - first : 0);
        write_bits(encoder, lane, below & ((1u << first) - 1), escape ? first : 0);
        write_bits(encoder, lane, static_cast<uint32_t>(c.bits) << 1 | (c.high < 0 ? 1 : 0), escape ? detail::ESCAPE_HEAD_BITS : 0);
        write_bits(encoder, lane, c.low > 0 ? detail::low_part(symbol, c.low) : 0, active ? c.low : 0);
    }
    renormalise(encoder, lane, active, c.entry->freq);
    if (active) {
        encoder.state = detail::encoded(encoder.state, *c.entry);
    }
}

/** One symbol step, with what was coded before behind it. */
static __device__ void encode_symbol_step(const Tables& tables, WarpEncoder& encoder, int lane, int lanes, const int32_t* symbols,
        const int8_t* rows, int64_t size) {
    lanes = min(lanes, chains_of(size));
    int64_t group = (size - 1) / lanes * lanes;
    bool active = lane < lanes && group + lane < size;
    int32_t symbol = active ? clamped(symbols[group + lane]) : 0;
    int row = active ? detail::row_of(rows[group + lane]) : 0;
    for (; group >= 0; group -= lanes) {
        // Those of the group before are on their way while this one is coded.
        bool more = lane < lanes && group > 0;
        int32_t symbol_before = more ? clamped(symbols[group - lanes + lane]) : 0;
        int row_before = more ? detail::row_of(rows[group - lanes + lane]) : 0;
        encode_group(tables, encoder, lane, static_cast<int>(min(static_cast<int64_t>(lanes), size - group)), symbol, row);
        symbol = symbol_before;
        row = row_before;
    }
}

/**
 * No fewer bits than a symbol takes. An interval of frequency f makes the state at most 2^17 / f times as large, and a word takes
 * 16 bits off it.
 */
static __device__ int most_bits(const Tables& tables, int32_t symbol, int row) {
    Coded c = coded(tables, symbol, row);
    int entry = 17 - (31 - __clz(static_cast<int>(c.entry->freq)));
    int escape = c.excess != 0 ? detail::ESCAPE_HEAD_BITS + c.bits + 3 : 0;
    return entry + (c.low > 0 ? c.low + 1 : 0) + escape;
}

}  // namespace sem

#endif
