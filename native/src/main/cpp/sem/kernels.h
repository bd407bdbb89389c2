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
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include "sem/arithmetic.h"

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

/** Rows of the input, widened, paired and padded. */
struct Band {
    const int32_t* words;
    int pairs;
    int plane;  // words between pairs
    int taps;
    int offsets[9];
};

/** Two channels' values as the int16 halves of a word, the first in the lower half. */
inline int32_t pair_word(int8_t a, int8_t b) {
    return static_cast<int32_t>(static_cast<uint16_t>(a) | static_cast<uint32_t>(static_cast<uint16_t>(b)) << 16);
}

namespace portable {

constexpr int TILE = 16;

inline void accumulate_tile(const Band& band, int position, const int32_t* weights, int32_t* sums, size_t plane) {
    for (int o = 0; o < GROUP; o++) {
        // A local array of constant size: compilers keep it in registers.
        int32_t sum[TILE];
        std::copy(sums + o * plane, sums + o * plane + TILE, sum);
        const int32_t* w = weights + o;
        for (int pair = 0; pair < band.pairs; pair++) {
            for (int tap = 0; tap < band.taps; tap++, w += GROUP) {
                const int32_t* from = band.words + static_cast<ptrdiff_t>(pair) * band.plane + position + band.offsets[tap];
                for (int i = 0; i < TILE; i++) {
                    sum[i] = add(sum[i], static_cast<int16_t>(from[i]) * static_cast<int16_t>(*w) + (from[i] >> 16) * (*w >> 16));
                }
            }
        }
        std::copy(sum, sum + TILE, sums + o * plane);
    }
}

inline void activate_channel(const int32_t* sums, int shift, size_t area, int8_t* output) {
    for (size_t i = 0; i < area; i++) {
        output[i] = activate(sums[i], shift);
    }
}

inline void activate_pair(const int32_t* a, const int32_t* b, int shift_a, int shift_b, int count, int32_t* words) {
    for (int i = 0; i < count; i++) {
        words[i] = pair_word(activate(a[i], shift_a), activate(b[i], shift_b));
    }
}

}  // namespace portable

#ifdef SEM_X86

namespace sse2 {
#define SEM_TARGET
#define SEM_VECTOR __m128i
#define SEM_LANES 4
#define SEM_LOAD(p) _mm_loadu_si128(reinterpret_cast<const __m128i*>(p))
#define SEM_STORE(p, v) _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v)
#define SEM_BROADCAST(word) _mm_set1_epi32(word)
#define SEM_DOT(sum, x, w) _mm_add_epi32(sum, _mm_madd_epi16(x, w))
#include "sem/kernels_isa.inc"
#undef SEM_TARGET
#undef SEM_VECTOR
#undef SEM_LANES
#undef SEM_LOAD
#undef SEM_STORE
#undef SEM_BROADCAST
#undef SEM_DOT
}  // namespace sse2

namespace avx2 {
#define SEM_TARGET __attribute__((target("avx2")))
#define SEM_VECTOR __m256i
#define SEM_LANES 8
#define SEM_LOAD(p) _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))
#define SEM_STORE(p, v) _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v)
#define SEM_BROADCAST(word) _mm256_set1_epi32(word)
#define SEM_DOT(sum, x, w) _mm256_add_epi32(sum, _mm256_madd_epi16(x, w))
#include "sem/kernels_isa.inc"
#undef SEM_TARGET
#undef SEM_VECTOR
#undef SEM_LANES
#undef SEM_LOAD
#undef SEM_STORE
#undef SEM_BROADCAST
#undef SEM_DOT
}  // namespace avx2

namespace avx512 {
#define SEM_TARGET __attribute__((target("avx512f,avx512vnni")))
#define SEM_VECTOR __m512i
#define SEM_LANES 16
#define SEM_LOAD(p) _mm512_loadu_si512(p)
#define SEM_STORE(p, v) _mm512_storeu_si512(p, v)
#define SEM_BROADCAST(word) _mm512_set1_epi32(word)
#define SEM_DOT(sum, x, w) _mm512_dpwssd_epi32(sum, x, w)
#include "sem/kernels_isa.inc"
#undef SEM_TARGET
#undef SEM_VECTOR
#undef SEM_LANES
#undef SEM_LOAD
#undef SEM_STORE
#undef SEM_BROADCAST
#undef SEM_DOT
}  // namespace avx512

#endif

/** What differs between instruction sets. */
struct Isa {
    int tile;
    void (*accumulate_tile)(const Band&, int, const int32_t*, int32_t*, size_t);
    void (*activate_channel)(const int32_t*, int, size_t, int8_t*);
    void (*activate_pair)(const int32_t*, const int32_t*, int, int, int, int32_t*);
};

inline Isa isa(int instruction_set) {
#ifdef SEM_X86
    if (instruction_set == AVX512_VNNI) {
        return {avx512::TILE, avx512::accumulate_tile, avx512::activate_channel, avx512::activate_pair};
    }
    if (instruction_set == AVX2) {
        return {avx2::TILE, avx2::accumulate_tile, avx2::activate_channel, avx2::activate_pair};
    }
    if (instruction_set == SSE2) {
        return {sse2::TILE, sse2::accumulate_tile, sse2::activate_channel, sse2::activate_pair};
    }
#endif
    return {portable::TILE, portable::accumulate_tile, portable::activate_channel, portable::activate_pair};
}

/** Weights as [group][pair][tap][GROUP] words, each with the int16 weights of two input channels; zero where there are none. */
inline std::vector<int32_t> pair_weights(const int8_t* weights, int inputs, int outputs, int taps) {
    int pairs = (inputs + 1) / 2;
    int groups = (outputs + GROUP - 1) / GROUP;
    std::vector<int32_t> paired(static_cast<size_t>(groups) * pairs * taps * GROUP);
    for (int o = 0; o < outputs; o++) {
        const int8_t* from = weights + static_cast<size_t>(o) * inputs * taps;
        int32_t* to = paired.data() + static_cast<size_t>(o / GROUP) * pairs * taps * GROUP + o % GROUP;
        for (int pair = 0; pair < pairs; pair++) {
            for (int tap = 0; tap < taps; tap++, to += GROUP) {
                uint16_t first = static_cast<uint16_t>(from[2 * pair * taps + tap]);
                uint16_t second = 2 * pair + 1 < inputs ? static_cast<uint16_t>(from[(2 * pair + 1) * taps + tap]) : 0;
                *to = static_cast<int32_t>(first | static_cast<uint32_t>(second) << 16);
            }
        }
    }
    return paired;
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
        for (int o = 0; o < outputs; o += GROUP, w += static_cast<size_t>(band.pairs) * band.taps * GROUP) {
            for (int position = 0; position < positions; position += isa.tile) {
                std::fill(tile, tile + GROUP * isa.tile, 0);
                isa.accumulate_tile(band, position, w, tile, isa.tile);
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

/** Runs job(worker, index) for all indices on up to so many threads, this one among them. */
template <typename Job>
void run(int threads, int jobs, const Job& job) {
    std::atomic<int> next(0);
    auto work = [&](int worker) {
        for (int index = next++; index < jobs; index = next++) {
            job(worker, index);
        }
    };
    std::vector<std::thread> others;
    others.reserve(threads);
    try {
        for (int worker = 1; worker < std::min(threads, jobs); worker++) {
            others.emplace_back(work, worker);
        }
    } catch (const std::system_error&) {
        // The system gives no more threads: those there are, and this one, do the work.
    }
    work(0);
    for (std::thread& other : others) {
        other.join();
    }
}

/** Multiply-adds that are worth a thread of their own. */
constexpr int64_t WORK_PER_THREAD = 16 << 20;

/** Words of a band that stay in the second-level cache. */
constexpr int BAND_WORDS = 1 << 16;

}  // namespace detail

/**
 * Adds a convolution to accumulators; see org.semimage.compute.Kernels for the layout.
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
    std::vector<int32_t> paired = pair_weights(weights, inputs, outputs, kernel * kernel);

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
    std::vector<int32_t> buffers(buffer * std::min(threads, bands));
    run(threads, bands, [&](int worker, int band) {
        c.convolve_band(band * c.band_rows, buffers.data() + worker * buffer);
    });
}

/** Rounds accumulators to activations; see org.semimage.compute.Kernels for the layout. */
inline void activate(int instruction_set, const int32_t* sums, const int8_t* shifts, int channels, int area, int8_t* output) {
    detail::Isa isa = detail::isa(instruction_set);
    for (int c = 0; c < channels; c++) {
        isa.activate_channel(sums + static_cast<size_t>(c) * area, shifts[c], area, output + static_cast<size_t>(c) * area);
    }
}

}  // namespace sem

#endif
