// SPDX-License-Identifier: Apache-2.0
/**
 * The arithmetic of dependent quantization (FORMAT.md, "Symbols"), once for C++ and CUDA: states, reconstruction levels, and what symbols
 * cost an encoder. See org.semimage.compute.entropy.Trellis and DependentQuantizer, which are the reference.
 */
#ifndef SEM_DEPENDENT_H
#define SEM_DEPENDENT_H

#include <cmath>
#include <cstdint>

#include "sem/symbols.h"

namespace sem {

/** The most chains of a symbol step, and the symbols that are worth one. */
constexpr int MAX_CHAINS = MAX_LANES;
constexpr int SYMBOLS_PER_CHAIN = 64;

/** Chains of a symbol step: symbol i follows symbol i - chains. It uses no more lanes than that. */
SEM_HOST_DEVICE int chains_of(int64_t size) {
    int chains = 1;
    while (chains < MAX_CHAINS && 2 * chains * SYMBOLS_PER_CHAIN <= size) {
        chains *= 2;
    }
    return chains;
}

namespace detail {

constexpr int STATES = 8;

/** Between reconstruction levels, in sixteenths of a quantizer step, and in quantizer steps. */
constexpr int SPACING_SIXTEENTHS = 10;
constexpr float SPACING = SPACING_SIXTEENTHS / 16.0f;

constexpr float MAX_MAGNITUDE = MAX_SYMBOL * SPACING;

/** The state after a symbol: a table of sixteen digits, those of even and odd symbols in state 0 the lowest. */
SEM_HOST_DEVICE int next_state(int state, int32_t symbol) {
    return static_cast<int>(0x5713640246317520u >> (8 * state + 4 * (symbol & 1))) & 7;
}

SEM_HOST_DEVICE int quantizer_of(int state) {
    return state & 1;
}

SEM_HOST_DEVICE int row_of(int scale_index, int quantizer) {
    return scale_index | quantizer * SCALE_INDICES;
}

SEM_HOST_DEVICE int32_t reconstruction_level(int32_t symbol, int quantizer) {
    return 2 * symbol - (symbol > 0 ? quantizer : symbol < 0 ? -quantizer : 0);
}

/** One of the two states that a state is reached from. */
SEM_HOST_DEVICE constexpr int source_of(int state, int choice) {
    return static_cast<int>((choice == 0 ? 0x13132020u : 0x75756464u) >> (4 * state)) & 7;
}

/** The parity of the symbols that lead from there. */
SEM_HOST_DEVICE constexpr int source_parity(int state, int choice) {
    return (0x9C >> state & 1) ^ choice;
}

/**
 * The ideal length of a symbol in bits, rounded as org.semimage.compute.entropy.ScaleTables.cost rounds it.
 *
 * @param table bits of its table's magnitudes 0 to radius, then those of an escape with its head
 * @param low   low bits of its row
 */
SEM_HOST_DEVICE float ideal_bits(const float* table, int radius, int low, int32_t symbol) {
    int32_t high = high_part(symbol, low);
    int magnitude = high < 0 ? -high : high;
    float bits = table[magnitude > radius ? radius + 1 : magnitude];
    if (magnitude > radius) {
        bits = sum(bits, static_cast<float>(top_bit(magnitude - radius)));
    }
    return sum(bits, static_cast<float>(low));
}

/** What is no number is nothing. */
SEM_HOST_DEVICE float bounded_magnitude(float residual) {
    float magnitude = fabsf(residual);
    return magnitude < MAX_MAGNITUDE ? magnitude : magnitude >= MAX_MAGNITUDE ? MAX_MAGNITUDE : 0;
}

/** Nearer to zero than to the first reconstruction level, where nothing is expected: that cannot pay for a symbol. */
SEM_HOST_DEVICE bool is_certain(float magnitude, int scale_index) {
    return scale_index < CERTAIN_SCALE_INDICES && magnitude < SPACING;
}

/** Squared error plus lambda times bits(row, symbol). */
template <typename Bits>
SEM_HOST_DEVICE float symbol_cost(float magnitude, int32_t symbol, int scale_index, int quantizer, float lambda, const Bits& bits) {
    float error = difference(magnitude, product(SPACING, static_cast<float>(reconstruction_level(symbol, quantizer))));
    return sum(product(error, error), product(lambda, bits(row_of(scale_index, quantizer), symbol)));
}

SEM_HOST_DEVICE int32_t symbol_below(float magnitude, int quantizer) {
    return static_cast<int32_t>(sum(product(magnitude, 0.8f), 0.5f * static_cast<float>(quantizer)));
}

/** Costs of the best even and odd symbol under a quantizer. */
template <typename Bits>
SEM_HOST_DEVICE void parity_costs(float magnitude, int scale_index, int quantizer, float lambda, const Bits& bits, float& even,
        float& odd) {
    float nothing = symbol_cost(magnitude, 0, scale_index, quantizer, lambda, bits);
    if (is_certain(magnitude, scale_index)) {
        even = nothing;
        odd = INFINITY;
        return;
    }
    int32_t below = symbol_below(magnitude, quantizer);
    float cost_below = symbol_cost(magnitude, below, scale_index, quantizer, lambda, bits);
    float cost_above = symbol_cost(magnitude, below + 1, scale_index, quantizer, lambda, bits);
    even = (below & 1) == 0 ? cost_below : cost_above;
    even = nothing < even ? nothing : even;
    odd = (below & 1) == 0 ? cost_above : cost_below;
}

/** The magnitude of the symbol that parity_costs gives the cost of. */
template <typename Bits>
SEM_HOST_DEVICE int32_t symbol_of_parity(float magnitude, int scale_index, int quantizer, int parity, float lambda, const Bits& bits) {
    if (is_certain(magnitude, scale_index)) {
        return 0;
    }
    int32_t below = symbol_below(magnitude, quantizer);
    int32_t nearest = (below & 1) == parity ? below : below + 1;
    bool nothing = parity == 0 && symbol_cost(magnitude, 0, scale_index, quantizer, lambda, bits)
            < symbol_cost(magnitude, nearest, scale_index, quantizer, lambda, bits);
    return nothing ? 0 : nearest;
}

}  // namespace detail

}  // namespace sem

#endif
