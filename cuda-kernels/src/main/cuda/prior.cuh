// SPDX-License-Identifier: Apache-2.0
/** The arithmetic of the integer prior's levels (FORMAT.md, "Integer prior"), for one position at a time. */
#ifndef SEM_PRIOR_CUH
#define SEM_PRIOR_CUH

#include "rans.cuh"

namespace sem {

constexpr int MAX_MEAN = 127 * 16;

/** The product modulo 2^32, as Java's. */
static __device__ int times(int a, int b) {
    return static_cast<int>(static_cast<unsigned>(a) * static_cast<unsigned>(b));
}

static __device__ int rounded_shift(int sum, int shift) {
    return add(sum, 1 << shift >> 1) >> shift;
}

static __device__ int8_t scale_index_of(int log_scale) {
    return static_cast<int8_t>(max(0, min(SCALE_INDICES - 1, add(log_scale, 129) >> 1)));
}

/** The mean of a coefficient, of the networks' mean and scale index. */
static __device__ int mean_under(int mean, int8_t scale_index) {
    return scale_index < CERTAIN_SCALE_INDICES ? 0 : mean;
}

/** The networks' view of a value in sixteenths. */
static __device__ int8_t companded(const int8_t* compand, int value) {
    unsigned magnitude = value < 0 ? 0u - static_cast<unsigned>(value) : static_cast<unsigned>(value);
    int8_t view = compand[min(magnitude, COMPANDED - 1u)];
    return static_cast<int8_t>(value < 0 ? -view : view);
}

/** The item that a position belongs to. */
static __device__ const BatchItem& item_of(const BatchItem* items, int count, int position) {
    int from = 0;
    while (count > 1) {
        int half = count / 2;
        if (items[from + half].start <= position) {
            from += half;
            count -= half;
        } else {
            count = half;
        }
    }
    return items[from];
}

/** Where the coefficient of a phase channel at a position of the grid is in the item's bands. */
static __device__ int64_t in_bands(const BatchItem& item, int channel, int phases, int position) {
    int phase = channel % phases;
    int side = phases == 1 ? 1 : 2;
    int y = side * (position / item.width) + (phase >> 1);
    int x = side * (position % item.width) + (phase & 1);
    return (static_cast<int64_t>(channel / phases) * item.height * side + y) * item.width * side + x;
}

/** Where the tables' costs begin: a row holds those of magnitudes 0 to radius, then that of an escape with its head. */
SEM_HOST_DEVICE int first_cost(const detail::TableIndex& index, int table) {
    return static_cast<int>(index.base[table]) / 2 + table;
}

/** Ideal code lengths in bits. */
struct Bits {
    const detail::TableIndex& index;
    const float* costs;

    SEM_HOST_DEVICE float operator()(int row, int32_t symbol) const {
        int table = detail::table_of(row);
        return detail::ideal_bits(costs + first_cost(index, table), index.radius[table], detail::low_bits(row), symbol);
    }
};

/** One symbol further through the trellis; a bit says by which of its two sources a state is reached. */
static __device__ uint8_t advance(float (&reached)[detail::STATES], const float (&costs)[4]) {
    float next[detail::STATES];
    unsigned chosen = 0;
#pragma unroll
    for (int state = 0; state < detail::STATES; state++) {
        int one = detail::source_of(state, 0);
        int other = detail::source_of(state, 1);
        float first = sum(reached[one], costs[2 * (one & 1) + detail::source_parity(state, 0)]);
        float second = sum(reached[other], costs[2 * (other & 1) + detail::source_parity(state, 1)]);
        next[state] = second < first ? second : first;
        chosen |= (second < first ? 1u : 0u) << state;
    }
#pragma unroll
    for (int state = 0; state < detail::STATES; state++) {
        reached[state] = difference(next[state], next[0]);
    }
    return static_cast<uint8_t>(chosen);
}

/** The nearest integer, halves up, as Java's Math.round: zero for what is no number, the largest for what is too large. */
static __device__ int nearest_integer(float value) {
    float below = floorf(value);
    float nearest = __fsub_rn(value, below) >= 0.5f ? __fadd_rn(below, 1) : below;
    return nearest >= 2147483648.0f ? INT32_MAX : nearest >= -2147483648.0f ? static_cast<int>(nearest) : nearest < 0 ? INT32_MIN : 0;
}

/**
 * Puts a value of a symbol step where the bands and the next convolution have it: input words hold the symbol step's values, then their
 * magnitudes.
 */
static __device__ void place(const BatchItem& item, const int8_t* compand, int value, int64_t in_bands, int i, int channels, int position,
        int stride, int8_t* input) {
    device_pointer<float>(item.bands)[in_bands] = __fmul_rn(static_cast<float>(value), 0.0625f);
    int8_t view = companded(compand, value);
    int magnitude = channels + i;
    input[(static_cast<int64_t>(i / CHANNELS_PER_WORD) * stride + position) * CHANNELS_PER_WORD + i % CHANNELS_PER_WORD] = view;
    input[(static_cast<int64_t>(magnitude / CHANNELS_PER_WORD) * stride + position) * CHANNELS_PER_WORD + magnitude % CHANNELS_PER_WORD] =
            static_cast<int8_t>(abs(view));
}

}  // namespace sem

#endif
