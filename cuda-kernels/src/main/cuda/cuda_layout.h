// SPDX-License-Identifier: Apache-2.0
/** What the kernels and those who launch them agree on. */
#ifndef SEM_CUDA_LAYOUT_H
#define SEM_CUDA_LAYOUT_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/dependent.h"

/** What a device address in a structure is off a pointer: nothing, but for a device that the host emulates. */
#ifndef SEM_DEVICE_OFFSET
#define SEM_DEVICE_OFFSET 0
#endif

namespace sem {

/** An address in device memory: a CUdeviceptr, or a libtorch tensor's data_ptr. */
using DeviceAddress = unsigned long long;

template <typename T>
SEM_HOST_DEVICE T* device_pointer(DeviceAddress address) {
    return reinterpret_cast<T*>(address - SEM_DEVICE_OFFSET);
}

/** Threads of a block that does one thing per thread. */
constexpr int THREADS_PER_BLOCK = 128;

constexpr int THREADS_PER_WARP = 32;
static_assert(MAX_CHAINS <= THREADS_PER_WARP, "a warp has a thread for each chain");

/** Input channels in a word. */
constexpr int CHANNELS_PER_WORD = 4;

/** Output channels of a thread in a 3x3 convolution, and in a 1x1 convolution. */
constexpr int OUTPUTS_PER_THREAD = 16;
constexpr int POINTWISE_OUTPUTS_PER_THREAD = 8;

/** Weights of neighbouring outputs, which a device loads sixteen bytes at a time. */
template <int OUTPUTS>
struct alignas(16) Weights {
    int32_t of[OUTPUTS];
};

/** Positions of a block in 1x1 convolutions; each of its warps takes a share of the channels. */
constexpr int POSITIONS_PER_BLOCK = THREADS_PER_WARP;
constexpr int WARPS_PER_BLOCK = 4;

/** Words of a block's activations that fit the shared memory of every device. */
constexpr int MAX_BLOCK_WORDS = 48 * 1024 / 4 / POSITIONS_PER_BLOCK;

constexpr int COMPANDED = 4096;

/**
 * One picture's share of a call that works on a level of many. The grids of the pictures lie one behind the other: a position counts
 * through all of them, and a plane of activations holds them all.
 */
struct BatchItem {
    int32_t start;         // first position
    int32_t height;        // of the grid
    int32_t width;         // of the grid
    int32_t half_quality_index;
    int32_t gray;
    float lambda;
    DeviceAddress context;  // int8 [channels][height][width]
    DeviceAddress bands;    // float [band][its height][its width]
    DeviceAddress symbols;  // int32 [channels in coding order][height][width]
    DeviceAddress rows;     // int8, as symbols: scale indices until the symbols are known
    DeviceAddress next;     // int8, the next level's context
    DeviceAddress decoder;  // DecoderState
};

/** What a decoder keeps between symbol steps; the stream's words follow, states included. */
struct DecoderState {
    uint32_t states[MAX_LANES];
    int32_t lanes;
    int32_t position;  // in words
    int32_t end;       // in words
    int32_t exhausted;
};

/** A symbol step to decode. */
struct DecodeRun {
    DeviceAddress decoder;  // DecoderState
    DeviceAddress scale_indices;   // int8
    DeviceAddress symbols;  // int32
    int64_t size;
    int64_t decoded;        // set: symbols that the stream held
};

/** Steps of one size, one behind the other, to encode. */
struct EncodeRun {
    DeviceAddress symbols;  // int32
    DeviceAddress rows;     // int8
    int64_t size;           // of each symbol step
    int64_t steps;
};

/** A stream to encode. */
struct EncodeStream {
    int64_t first_run;
    int64_t runs;
    int64_t begin;     // of its room for words
    int64_t end;       // of its room; its last word is written before it
    int64_t position;  // set: its first word
    unsigned long long bits;  // set: no fewer than its symbols take
    int32_t lanes;
    int32_t unused;
};

inline int divide_up(int64_t a, int64_t b) {
    return static_cast<int>((a + b - 1) / b);
}

/** Weights as words [outputs / group][inputs / 4][tap][group] of four input channels each; zero where there are none. */
inline std::vector<int32_t> pack_weights(const int8_t* weights, int inputs, int outputs, int taps, int group) {
    int words = divide_up(inputs, CHANNELS_PER_WORD);
    std::vector<int32_t> packed(static_cast<size_t>(divide_up(outputs, group)) * words * taps * group);
    for (int o = 0; o < outputs; o++) {
        for (int word = 0; word < words; word++) {
            for (int tap = 0; tap < taps; tap++) {
                int8_t w[CHANNELS_PER_WORD];
                for (int k = 0; k < CHANNELS_PER_WORD; k++) {
                    int input = CHANNELS_PER_WORD * word + k;
                    w[k] = input < inputs ? weights[(static_cast<size_t>(o) * inputs + input) * taps + tap] : 0;
                }
                size_t row = (static_cast<size_t>(o / group) * words + word) * taps + tap;
                packed[row * group + o % group] = pack4(w[0], w[1], w[2], w[3]);
            }
        }
    }
    return packed;
}

}  // namespace sem

#endif
