// SPDX-License-Identifier: Apache-2.0
/**
 * The integer kernels in C++, for whatever the processor offers: plain C++, SSE2, AVX2, AVX-512 with VNNI.
 *
 * A convolution is cut into bands of rows. A band's input is widened to int16 and paired by channels in words, with a zero
 * border, so that one multiply-add instruction takes two channels at every position. Positions run through the padded band
 * without a break at the end of a row: narrow grids fill the vectors too, and the border positions are dropped afterwards.
 */
#ifndef SEM_KERNELS_H
#define SEM_KERNELS_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/arithmetic.h"
#include "sem/team.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define SEM_X86 1
#include <immintrin.h>
#endif

namespace sem {

/** Instruction sets; each value includes those below it. */
enum InstructionSet { PORTABLE = 0, SSE2 = 1, AVX2 = 2, AVX512_VNNI = 3 };

/** The best instruction set of this processor. */
inline int best_instruction_set() {
#ifdef SEM_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) {
        return AVX512_VNNI;
    }
    return __builtin_cpu_supports("avx2") ? AVX2 : SSE2;
#else
    return PORTABLE;
#endif
}

namespace detail {

/** Outputs computed together. */
constexpr int GROUP = 4;

/** Positions beyond a band that a tile may read: the widest tile. */
constexpr int SLACK = 48;

/** The greatest mean, in sixteenths, and scale index. */
constexpr int MAX_MEAN = 127 * 16;
constexpr int MAX_SCALE = 127;

/** Planes of words, each with the values of some channels. */
struct Band {
    const int32_t* words;
    int planes;
    int plane;  // words between planes
    int taps;
    int offsets[9];
};

/** Two channels' values as the int16 halves of a word, the first in the lower half. */
inline int32_t pair_word(int8_t a, int8_t b) {
    return static_cast<int32_t>(static_cast<uint16_t>(a) | static_cast<uint32_t>(static_cast<uint16_t>(b)) << 16);
}

namespace portable {

constexpr int TILE = 16;

template <int CHANNELS>
inline void accumulate_tile(const Band& band, int position, const int32_t* weights, int32_t* sums, size_t plane, bool fresh) {
    static_assert(CHANNELS == 2, "words are pairs here");
    for (int o = 0; o < GROUP; o++) {
        // A local array of constant size: compilers keep it in registers.
        int32_t sum[TILE] = {};
        if (!fresh) {
            std::copy(sums + o * plane, sums + o * plane + TILE, sum);
        }
        const int32_t* w = weights + o;
        for (int p = 0; p < band.planes; p++) {
            for (int tap = 0; tap < band.taps; tap++, w += GROUP) {
                const int32_t* from = band.words + static_cast<ptrdiff_t>(p) * band.plane + position + band.offsets[tap];
                for (int i = 0; i < TILE; i++) {
                    sum[i] = add(sum[i], static_cast<int16_t>(from[i]) * static_cast<int16_t>(*w) + (from[i] >> 16) * (*w >> 16));
                }
            }
        }
        std::copy(sum, sum + TILE, sums + o * plane);
    }
}

#define SEM_TARGET
#include "sem/kernels_loops.inc"
#undef SEM_TARGET

}  // namespace portable

#ifdef SEM_X86

namespace sse2 {
#define SEM_TARGET
#define SEM_VECTOR __m128i
#define SEM_LANES 4
#define SEM_LOAD(p) _mm_loadu_si128(reinterpret_cast<const __m128i*>(p))
#define SEM_STORE(p, v) _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v)
#define SEM_BROADCAST(word) _mm_set1_epi32(word)
#define SEM_ZERO() _mm_setzero_si128()
#define SEM_DOT(sum, x, w) _mm_add_epi32(sum, _mm_madd_epi16(x, w))
#define SEM_DOT4 SEM_DOT
#include "sem/kernels_isa.inc"
#undef SEM_TARGET
#undef SEM_VECTOR
#undef SEM_LANES
#undef SEM_LOAD
#undef SEM_STORE
#undef SEM_BROADCAST
#undef SEM_ZERO
#undef SEM_DOT
#undef SEM_DOT4
}  // namespace sse2

namespace avx2 {
#define SEM_TARGET __attribute__((target("avx2")))
#define SEM_VECTOR __m256i
#define SEM_LANES 8
#define SEM_LOAD(p) _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))
#define SEM_STORE(p, v) _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v)
#define SEM_BROADCAST(word) _mm256_set1_epi32(word)
#define SEM_ZERO() _mm256_setzero_si256()
#define SEM_DOT(sum, x, w) _mm256_add_epi32(sum, _mm256_madd_epi16(x, w))
#define SEM_DOT4(sum, x, w) _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)))
#include "sem/kernels_isa.inc"
#undef SEM_TARGET
#undef SEM_VECTOR
#undef SEM_LANES
#undef SEM_LOAD
#undef SEM_STORE
#undef SEM_BROADCAST
#undef SEM_ZERO
#undef SEM_DOT
#undef SEM_DOT4
}  // namespace avx2

namespace avx512 {
#define SEM_TARGET __attribute__((target("avx512f,avx512vnni")))
#define SEM_VECTOR __m512i
#define SEM_LANES 16
#define SEM_LOAD(p) _mm512_loadu_si512(p)
#define SEM_STORE(p, v) _mm512_storeu_si512(p, v)
#define SEM_BROADCAST(word) _mm512_set1_epi32(word)
#define SEM_ZERO() _mm512_setzero_si512()
#define SEM_DOT(sum, x, w) _mm512_dpwssd_epi32(sum, x, w)
#define SEM_DOT4(sum, x, w) _mm512_dpbusd_epi32(sum, x, w)
#include "sem/kernels_isa.inc"
#undef SEM_TARGET
#undef SEM_VECTOR
#undef SEM_LANES
#undef SEM_LOAD
#undef SEM_STORE
#undef SEM_BROADCAST
#undef SEM_ZERO
#undef SEM_DOT
#undef SEM_DOT4
}  // namespace avx512

#endif

/** What differs between instruction sets. */
struct Isa {
    using Accumulate = void (*)(const Band&, int, const int32_t*, int32_t*, size_t, bool);

    int tile;
    Accumulate accumulate_pairs;
    void (*load_pairs)(const int8_t* const*, int, int32_t*);
    void (*activate_row)(const int32_t*, int32_t, int, int, int8_t*);
    void (*round_means)(const int32_t*, int32_t, int, int, int16_t*);
    void (*round_scales)(const int32_t*, int32_t, int, int, int8_t*);
    /** Channels of a word of activations, 0..127, and what takes such words. */
    int activations;
    Accumulate accumulate_activations;
    void (*activate_words)(const int32_t* const*, const int32_t*, const int8_t*, int, int32_t*);
    void (*load_activations)(const int8_t* const*, int, int32_t*);
    /** Whether accumulate_activations takes values up to 255: maddubs would saturate. */
    bool takes_unsigned;
};

inline Isa isa(int instruction_set) {
#ifdef SEM_X86
    if (instruction_set == AVX512_VNNI) {
        return {avx512::TILE, avx512::accumulate_tile<2>, avx512::load_words<2>, avx512::activate_row, avx512::round_means, avx512::round_scales,
                4, avx512::accumulate_tile<4>, avx512::activate_words<4>, avx512::load_words<4>, true};
    }
    if (instruction_set == AVX2) {
        return {avx2::TILE, avx2::accumulate_tile<2>, avx2::load_words<2>, avx2::activate_row, avx2::round_means, avx2::round_scales,
                4, avx2::accumulate_tile<4>, avx2::activate_words<4>, avx2::load_words<4>, false};
    }
    if (instruction_set == SSE2) {
        return {sse2::TILE, sse2::accumulate_tile<2>, sse2::load_words<2>, sse2::activate_row, sse2::round_means, sse2::round_scales,
                2, sse2::accumulate_tile<2>, sse2::activate_words<2>, sse2::load_words<2>, false};
    }
#endif
    return {portable::TILE, portable::accumulate_tile<2>, portable::load_words<2>, portable::activate_row, portable::round_means, portable::round_scales,
            2, portable::accumulate_tile<2>, portable::activate_words<2>, portable::load_words<2>, false};
}

/**
 * Weights as [group][word][tap][GROUP] words, each with the weights of two input channels in int16 or of four in int8, the first in the
 * lowest bits; zero where there are none.
 */
inline std::vector<int32_t> weights_in_words(const int8_t* weights, int inputs, int outputs, int taps, int channels) {
    int words = (inputs + channels - 1) / channels;
    int groups = (outputs + GROUP - 1) / GROUP;
    std::vector<int32_t> packed(static_cast<size_t>(groups) * words * taps * GROUP);
    for (int o = 0; o < outputs; o++) {
        const int8_t* from = weights + static_cast<size_t>(o) * inputs * taps;
        int32_t* to = packed.data() + static_cast<size_t>(o / GROUP) * words * taps * GROUP + o % GROUP;
        for (int word = 0; word < words; word++) {
            for (int tap = 0; tap < taps; tap++, to += GROUP) {
                int8_t w[4] = {};
                for (int c = 0; c < channels && word * channels + c < inputs; c++) {
                    w[c] = from[(word * channels + c) * taps + tap];
                }
                *to = channels == 2 ? pair_word(w[0], w[1]) : pack4(w[0], w[1], w[2], w[3]);
            }
        }
    }
    return packed;
}

/** One convolution, shared by the threads that work on it. */
struct Convolution {
    const int8_t* input;
    int32_t* sums;
    int inputs, outputs, height, width;
    int margin, stride, plane, band_rows;
    const int32_t* weights;
    Isa isa;

    /** Widens, pairs and pads rows first - margin .. first + rows - 1 + margin. The border in the buffer is zero already. */
    void load(int first, int rows, int32_t* buffer) const {
        for (int c = 0; c < inputs; c += 2) {
            for (int r = 0; r < rows + 2 * margin; r++) {
                int y = first + r - margin;
                int32_t* to = buffer + static_cast<size_t>(c / 2) * plane + r * stride + margin;
                if (y < 0 || y >= height) {
                    std::fill(to, to + width, 0);
                    continue;
                }
                // An odd last channel is its own partner: the weight there is zero.
                const int8_t* a = input + (static_cast<size_t>(c) * height + y) * width;
                const int8_t* b = c + 1 < inputs ? a + static_cast<size_t>(height) * width : a;
                for (int x = 0; x < width; x++) {
                    to[x] = pair_word(a[x], b[x]);
                }
            }
        }
    }

    void convolve_band(int first, int32_t* buffer) const {
        int rows = std::min(band_rows, height - first);
        load(first, rows, buffer);
        Band band = {buffer, (inputs + 1) / 2, plane, 1, {0}};
        if (margin == 1) {
            band.taps = 9;
            for (int tap = 0; tap < 9; tap++) {
                band.offsets[tap] = tap / 3 * stride + tap % 3;
            }
        }
        int positions = (rows - 1) * stride + width;
        int32_t tile[GROUP * SLACK];
        const int32_t* w = weights;
        for (int o = 0; o < outputs; o += GROUP, w += static_cast<size_t>(band.planes) * band.taps * GROUP) {
            for (int position = 0; position < positions; position += isa.tile) {
                isa.accumulate_pairs(band, position, w, tile, isa.tile, true);
                add_tile(tile, position, std::min(isa.tile, positions - position), o, first);
            }
        }
    }

    void add_tile(const int32_t* tile, int position, int count, int output, int first) const {
        int channels = std::min(GROUP, outputs - output);
        for (int i = 0; i < count;) {
            int y = (position + i) / stride;
            int x = (position + i) % stride;
            int run = std::min(count - i, width - x);
            for (int o = 0; o < channels && run > 0; o++) {
                int32_t* to = sums + (static_cast<size_t>(output + o) * height + first + y) * width + x;
                const int32_t* from = tile + o * isa.tile + i;
                for (int k = 0; k < run; k++) {
                    to[k] = add(to[k], from[k]);
                }
            }
            i += run > 0 ? run : stride - x;
        }
    }
};

/** Multiply-adds that are worth a thread of their own. */
constexpr int64_t WORK_PER_THREAD = 16 << 20;

/** Words of a band that stay in the second-level cache. */
constexpr int BAND_WORDS = 1 << 16;

}  // namespace detail

/**
 * Adds a convolution to accumulators; see org.semimage.compute.kernel.Kernels for the layout.
 *
 * @param instruction_set at most best_instruction_set()
 * @param threads         the most threads to use
 */
inline void convolve(int instruction_set, int threads, const int8_t* weights, int inputs, int outputs, int kernel,
        const int8_t* input, int height, int width, int32_t* sums) {
    using namespace detail;
    if (height == 0 || width == 0) {
        return;
    }
    int64_t work = static_cast<int64_t>(inputs) * outputs * kernel * kernel * height * width;
    threads = static_cast<int>(std::max<int64_t>(1, std::min<int64_t>(threads, work / WORK_PER_THREAD)));
    std::vector<int32_t> paired = weights_in_words(weights, inputs, outputs, kernel * kernel, 2);

    Convolution c = {};
    c.input = input;
    c.sums = sums;
    c.inputs = inputs;
    c.outputs = outputs;
    c.height = height;
    c.width = width;
    c.margin = kernel / 2;
    c.stride = width + 2 * c.margin;
    c.weights = paired.data();
    c.isa = isa(instruction_set);
    int pairs = (inputs + 1) / 2;
    c.band_rows = std::max(4, static_cast<int>(BAND_WORDS / (static_cast<int64_t>(pairs) * c.stride)));
    if (threads > 1) {
        // Several bands to a thread: one that has to wait for its processor keeps the others waiting for one band only.
        c.band_rows = std::min(c.band_rows, std::max(2, (height + 4 * threads - 1) / (4 * threads)));
    }
    // An odd number of cache lines between planes spreads them over the sets of the first-level cache.
    c.plane = ((c.band_rows + 2 * c.margin) * c.stride + SLACK + 15) / 16 * 16 | 16;

    int bands = (height + c.band_rows - 1) / c.band_rows;
    size_t buffer = static_cast<size_t>(pairs) * c.plane;
    Team team(std::min(threads, bands));
    std::vector<int32_t> buffers(buffer * team.size());
    team.run(bands, [&](int worker, int band) {
        c.convolve_band(band * c.band_rows, buffers.data() + worker * buffer);
    });
}

/** Rounds accumulators to activations; see org.semimage.compute.kernel.Kernels for the layout. */
inline void activate(int instruction_set, const int32_t* sums, const int8_t* shifts, int channels, int area, int8_t* output) {
    detail::Isa isa = detail::isa(instruction_set);
    for (int c = 0; c < channels; c++) {
        isa.activate_row(sums + static_cast<size_t>(c) * area, 1 << shifts[c] >> 1, shifts[c], area, output + static_cast<size_t>(c) * area);
    }
}

}  // namespace sem

#endif
