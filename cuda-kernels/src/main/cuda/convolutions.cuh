// SPDX-License-Identifier: Apache-2.0
/** Integer convolutions on the device (FORMAT.md, "Integer prior"): what a thread or a block does. */
#ifndef SEM_CONVOLUTIONS_CUH
#define SEM_CONVOLUTIONS_CUH

#include "cuda_layout.h"

namespace sem {

/** The position of a thread, or one that no plane has. */
static __device__ int thread_position() {
    return static_cast<int>(min(static_cast<int64_t>(INT32_MAX), static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x));
}

/** Sums of one position and OUTPUTS_PER_THREAD outputs; zero outside the item. */
template <int KERNEL>
static __device__ void convolve(const BatchItem& item, int position, int stride, const int* input, int words,
        const Weights<OUTPUTS_PER_THREAD>* weights, int* sum) {
    constexpr int MARGIN = KERNEL / 2;
    int y = (position - item.start) / item.width;
    int x = (position - item.start) % item.width;
    const int* from = input + position;
    for (int word = 0; word < words; word++, from += stride) {
#pragma unroll
        for (int dy = -MARGIN; dy <= MARGIN; dy++) {
#pragma unroll
            for (int dx = -MARGIN; dx <= MARGIN; dx++) {
                const Weights<OUTPUTS_PER_THREAD> w = *weights++;
                bool inside = y + dy >= 0 && y + dy < item.height && x + dx >= 0 && x + dx < item.width;
                int value = inside ? from[dy * item.width + dx] : 0;
#pragma unroll
                for (int o = 0; o < OUTPUTS_PER_THREAD; o++) {
                    sum[o] = accumulate4(sum[o], value, w.of[o]);
                }
            }
        }
    }
}

/** A(sums) of a block's positions, as words [channels / 4][POSITIONS_PER_BLOCK]. */
static __device__ void activate_block(const int* sums, const int8_t* shifts, int channels, int position, int positions, int stride,
        int* words) {
    int thread = threadIdx.x % POSITIONS_PER_BLOCK;
    for (int word = threadIdx.x / POSITIONS_PER_BLOCK; word * CHANNELS_PER_WORD < channels; word += WARPS_PER_BLOCK) {
        int8_t values[CHANNELS_PER_WORD];
        for (int k = 0; k < CHANNELS_PER_WORD; k++) {
            int channel = word * CHANNELS_PER_WORD + k;
            bool inside = position < positions && channel < channels;
            values[k] = inside ? activate(sums[static_cast<int64_t>(channel) * stride + position], shifts[channel]) : 0;
        }
        words[word * POSITIONS_PER_BLOCK + thread] = pack4(values[0], values[1], values[2], values[3]);
    }
    __syncthreads();
}

/** Sums of POINTWISE_OUTPUTS_PER_THREAD outputs of a 1x1 convolution at a position of the block. */
static __device__ void apply(const int* activations, int inputs, const int* weights, const int* bias, int first, int outputs, int* sum) {
    int words = (inputs + CHANNELS_PER_WORD - 1) / CHANNELS_PER_WORD;
    const auto* from = reinterpret_cast<const Weights<POINTWISE_OUTPUTS_PER_THREAD>*>(weights + static_cast<int64_t>(first) * words);
#pragma unroll
    for (int k = 0; k < POINTWISE_OUTPUTS_PER_THREAD; k++) {
        sum[k] = first + k < outputs ? bias[first + k] : 0;
    }
    for (int word = 0; word < words; word++) {
        int value = activations[word * POSITIONS_PER_BLOCK + threadIdx.x % POSITIONS_PER_BLOCK];
        const Weights<POINTWISE_OUTPUTS_PER_THREAD> w = from[word];
#pragma unroll
        for (int k = 0; k < POINTWISE_OUTPUTS_PER_THREAD; k++) {
            sum[k] = accumulate4(sum[k], value, w.of[k]);
        }
    }
}

/** A(convolution) of the block's positions, as words. */
static __device__ void activate_convolution(const int* activations, int inputs, const int* weights, const int* bias, const int8_t* shifts,
        int outputs, int* words) {
    constexpr int OUTPUTS = POINTWISE_OUTPUTS_PER_THREAD;
    for (int first = threadIdx.x / POSITIONS_PER_BLOCK * OUTPUTS; first < outputs; first += WARPS_PER_BLOCK * OUTPUTS) {
        int sum[OUTPUTS];
        apply(activations, inputs, weights, bias, first, outputs, sum);
        int8_t values[OUTPUTS];
#pragma unroll
        for (int k = 0; k < OUTPUTS; k++) {
            values[k] = first + k < outputs ? activate(sum[k], shifts[first + k]) : 0;
        }
#pragma unroll
        for (int k = 0; k < OUTPUTS; k += CHANNELS_PER_WORD) {
            if (first + k < outputs) {
                words[(first + k) / CHANNELS_PER_WORD * POSITIONS_PER_BLOCK + threadIdx.x % POSITIONS_PER_BLOCK] =
                        pack4(values[k], values[k + 1], values[k + 2], values[k + 3]);
            }
        }
    }
    __syncthreads();
}

}  // namespace sem

#endif
