// SPDX-License-Identifier: Apache-2.0
/**
 * The integer kernels in C++, for whatever the processor offers: plain C++, SSE2, AVX2, AVX-512 with VNNI, NEON with or without dot products.
 *
 * A convolution is cut into slabs of rows. A slab's input is widened to int16 and paired by channels in words, with a zero
 * border, so that one multiply-add instruction takes two channels at every position. Positions run through the padded slab
 * without a break at the end of a row: narrow grids fill the vectors too, and the border positions are dropped afterwards.
 */
#ifndef SEM_KERNELS_H
#define SEM_KERNELS_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/isa/instruction_sets.h"
#include "sem/symbols.h"
#include "sem/team.h"

namespace sem {

namespace detail {

/** Outputs whose weights lie together. */
constexpr int GROUP = 4;

/** Positions beyond a slab that a register block may read: the widest one. */
constexpr int SLACK = 48;

/** The greatest mean, in sixteenths. */
constexpr int MAX_MEAN = 127 * 16;

/** Planes of words, each with the values of some channels; a convolution's taps are so far from a position. */
struct WordPlanes {
    const int32_t* words;
    int count;
    int distance;  // words between planes
    int taps;
    int offsets[9];
};

/** Two channels' values as the int16 halves of a word, the first in the lower half. */
inline int32_t pair_word(int8_t a, int8_t b) {
    return static_cast<int32_t>(static_cast<uint16_t>(a) | static_cast<uint32_t>(static_cast<uint16_t>(b)) << 16);
}

/** What differs between instruction sets. */
struct Isa {
    using Accumulate = void (*)(const WordPlanes&, int, const int32_t*, int32_t*, size_t, bool);

    /** Positions that are added up together. */
    int register_block;
    Accumulate accumulate_pairs;
    void (*load_pairs)(const int8_t* const*, int, int32_t*);
    void (*activate_row)(const int32_t*, int32_t, int, int, int8_t*);
    void (*round_means)(const int32_t*, int32_t, int, int, int16_t*);
    void (*round_scale_indices)(const int32_t*, int32_t, int, int, int8_t*);
    /** Channels of a word of activations, 0..127, and what takes such words. */
    int activations_per_word;
    Accumulate accumulate_activations;
    void (*activate_words)(const int32_t* const*, const int32_t*, const int8_t*, int, int32_t*);
    void (*load_activations)(const int8_t* const*, int, int32_t*);
    /** Whether accumulate_activations takes values up to 255. */
    bool takes_unsigned;
};

}  // namespace detail

}  // namespace sem

#define SEM_TARGET_CODE "sem/kernels_target.inc"
#include "sem/foreach_target.inc"

namespace sem {

namespace detail {

inline const Isa& isa(int instruction_set) {
    return SEM_CHOICE(instruction_set, ISA);
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
    int margin, stride, plane, slab_rows;
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

    void convolve_slab(int first, int32_t* buffer) const {
        int rows = std::min(slab_rows, height - first);
        load(first, rows, buffer);
        WordPlanes planes = {buffer, (inputs + 1) / 2, plane, 1, {0}};
        if (margin == 1) {
            planes.taps = 9;
            for (int tap = 0; tap < 9; tap++) {
                planes.offsets[tap] = tap / 3 * stride + tap % 3;
            }
        }
        int positions = (rows - 1) * stride + width;
        int32_t block[GROUP * SLACK];
        const int32_t* w = weights;
        for (int o = 0; o < outputs; o += GROUP, w += static_cast<size_t>(planes.count) * planes.taps * GROUP) {
            for (int position = 0; position < positions; position += isa.register_block) {
                isa.accumulate_pairs(planes, position, w, block, isa.register_block, true);
                add_block(block, position, std::min(isa.register_block, positions - position), o, first);
            }
        }
    }

    void add_block(const int32_t* block, int position, int count, int output, int first) const {
        int channels = std::min(GROUP, outputs - output);
        for (int i = 0; i < count;) {
            int y = (position + i) / stride;
            int x = (position + i) % stride;
            int run = std::min(count - i, width - x);
            for (int o = 0; o < channels && run > 0; o++) {
                int32_t* to = sums + (static_cast<size_t>(output + o) * height + first + y) * width + x;
                const int32_t* from = block + o * isa.register_block + i;
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

/** Words of a slab that stay in the second-level cache. */
constexpr int SLAB_WORDS = 1 << 16;

}  // namespace detail

/**
 * Adds a convolution to accumulators; see org.semimage.compute.kernel.Kernels for the layout.
 *
 * @param instruction_set one that the processor has
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
    c.slab_rows = std::max(4, static_cast<int>(SLAB_WORDS / (static_cast<int64_t>(pairs) * c.stride)));
    if (threads > 1) {
        // Several slabs to a thread: one that has to wait for its processor keeps the others waiting for one slab only.
        c.slab_rows = std::min(c.slab_rows, std::max(2, (height + 4 * threads - 1) / (4 * threads)));
    }
    // An odd number of cache lines between planes spreads them over the sets of the first-level cache.
    c.plane = ((c.slab_rows + 2 * c.margin) * c.stride + SLACK + 15) / 16 * 16 | 16;

    int slabs = (height + c.slab_rows - 1) / c.slab_rows;
    size_t buffer = static_cast<size_t>(pairs) * c.plane;
    Team team(std::min(threads, slabs));
    std::vector<int32_t> buffers(buffer * team.size());
    team.run(slabs, [&](int worker, int slab) {
        c.convolve_slab(slab * c.slab_rows, buffers.data() + worker * buffer);
    });
}

/** Rounds accumulators to activations; see org.semimage.compute.kernel.Kernels for the layout. */
inline void activate(int instruction_set, const int32_t* sums, const int8_t* shifts, int channels, int area, int8_t* output) {
    detail::Isa isa = detail::isa(instruction_set);
    for (int c = 0; c < channels; c++) {
        size_t at = static_cast<size_t>(c) * area;
        isa.activate_row(sums + at, 1 << shifts[c] >> 1, shifts[c], area, output + at);
    }
}

}  // namespace sem

#endif
