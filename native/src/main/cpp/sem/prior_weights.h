// SPDX-License-Identifier: Apache-2.0
/**
 * Weights of a level of the integer prior in C++ (FORMAT.md, "Integer prior"), packed for the kernels.
 *
 * Inputs of a convolution are words of channels, two in int16 or four in int8, as the multiply-add instructions want them. Biases are added
 * where sums are rounded.
 */
#ifndef SEM_PRIOR_WEIGHTS_H
#define SEM_PRIOR_WEIGHTS_H

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sem/kernels.h"

namespace sem {

namespace detail {

constexpr int COMPANDED = 4096;

/** Added to values where words have bytes without sign. */
constexpr int VALUE_OFFSET = 128;

/** Weights packed for Isa::accumulate_pairs. */
struct PackedWeights {
    int words, outputs;
    std::vector<int32_t> weights;

    int groups() const {
        return (outputs + GROUP - 1) / GROUP;
    }
};

/** A convolution that gives activations, with its bias. */
struct PackedConvolution {
    PackedWeights packed;
    /** Bias and half of what is rounded away. */
    std::vector<int32_t> rounding;
    std::vector<int8_t> shifts;
};

/** What the values of a symbol step add to the sums. */
struct PackedSymbols {
    PackedWeights packed;
    /** Added for the 128 that is added to values where words have bytes without sign. */
    std::vector<int32_t> correction;
};

/** The networks of one level. Filled by the methods that add, then read by many threads. */
struct LevelWeights {
    /** Three orientations of three components. */
    static constexpr int BANDS = 9;

    struct SymbolStep {
        std::vector<int32_t> channels;
        PackedConvolution hidden, out;
        PackedSymbols symbols;
    };

    /**
     * @param phases  of a band on the grid, 1 or 4
     * @param compand [4096]
     */
    LevelWeights(int instruction_set, int phases, const int8_t* compand)
            : isa(detail::isa(instruction_set)), phases(phases), compand(compand, compand + COMPANDED) {
    }

    void add_context(const int8_t* weights, int inputs, int outputs, const int32_t* bias, const int8_t* shifts,
            const int8_t* quality_bias) {
        context_inputs = inputs;
        context = convolution(weights, inputs, outputs, 9, bias, shifts, context_channels());
        this->quality_bias.assign(quality_bias, quality_bias + outputs);
    }

    /** The next symbol step, with the phase channels that it codes. */
    void add_symbol_step(const int32_t* channels, int count, const int8_t* hidden_weights, int hidden, const int32_t* hidden_bias,
            const int8_t* hidden_shifts, const int8_t* out_weights, const int32_t* out_bias, const int8_t* out_shifts) {
        SymbolStep step;
        step.channels.assign(channels, channels + count);
        step.hidden = convolution(hidden_weights, context.packed.outputs, hidden, 1, hidden_bias, hidden_shifts, isa.activations_per_word);
        step.out = convolution(out_weights, hidden, 2 * count, 1, out_bias, out_shifts, isa.activations_per_word);
        symbol_steps.push_back(step);
    }

    /** What the coded values of the symbol steps so far add to the sums. */
    void add_symbols(const int8_t* weights, int outputs) {
        int n = BANDS * phases;
        for (SymbolStep& step : symbol_steps) {
            int count = static_cast<int>(step.channels.size());
            std::vector<int8_t> chosen;
            std::vector<int32_t> correction(outputs);
            for (int o = 0; o < outputs; o++) {
                for (int channel : step.channels) {
                    const int8_t* values = weights + (static_cast<size_t>(o) * 2 * n + channel) * 9;
                    const int8_t* magnitudes = values + static_cast<size_t>(n) * 9;
                    chosen.insert(chosen.end(), values, values + 9);
                    chosen.insert(chosen.end(), magnitudes, magnitudes + 9);
                    for (int tap = 0; isa.takes_unsigned && tap < 9; tap++) {
                        correction[o] -= VALUE_OFFSET * values[tap];
                    }
                }
            }
            step.symbols = {pack(chosen.data(), 2 * count, outputs, 9, symbol_channels()), correction};
        }
    }

    void add_up(const int8_t* hidden_weights, int hidden, const int32_t* hidden_bias, const int8_t* hidden_shifts, const int8_t* weights,
            int outputs, const int32_t* bias, const int8_t* shifts) {
        up_hidden = convolution(hidden_weights, context.packed.outputs, hidden, 1, hidden_bias, hidden_shifts, isa.activations_per_word);
        up = convolution(weights, hidden, outputs, 1, bias, shifts, isa.activations_per_word);
    }

    /** Channels of the context in a word. The first level's are values with a sign. */
    int context_channels() const {
        return phases == 1 ? 2 : isa.activations_per_word;
    }

    /** Values and magnitudes in a word. */
    int symbol_channels() const {
        return isa.takes_unsigned ? isa.activations_per_word : 2;
    }

    /** Bands of a part: on the finest level, which hands nothing down, colour may be left out. */
    int bands(bool gray) const {
        return gray && up.packed.outputs == 0 ? 3 : BANDS;
    }

    /** Steps that code colour come last; gray pictures have none. */
    int symbol_steps_to_code(bool gray) const {
        return gray ? std::min(phases, static_cast<int>(symbol_steps.size())) : static_cast<int>(symbol_steps.size());
    }

    Isa isa;
    int phases;
    int context_inputs = 0;
    /** The most words of activations that any of the networks makes, and the most sums. */
    int most_words = 0, most_sums = 0;
    std::vector<int8_t> compand;
    PackedConvolution context = {}, up_hidden = {}, up = {};
    /** Times half the quality index, added to the bias of the context. */
    std::vector<int8_t> quality_bias;
    std::vector<SymbolStep> symbol_steps;

private:
    PackedWeights pack(const int8_t* weights, int inputs, int outputs, int taps, int channels) const {
        return {(inputs + channels - 1) / channels, outputs, weights_in_words(weights, inputs, outputs, taps, channels)};
    }

    PackedConvolution convolution(const int8_t* weights, int inputs, int outputs, int taps, const int32_t* bias, const int8_t* shifts,
            int channels) {
        PackedConvolution made = {pack(weights, inputs, outputs, taps, channels), {}, std::vector<int8_t>(shifts, shifts + outputs)};
        for (int c = 0; c < outputs; c++) {
            made.rounding.push_back(add(bias[c], 1 << shifts[c] >> 1));
        }
        most_words = std::max(most_words, (outputs + isa.activations_per_word - 1) / isa.activations_per_word);
        most_sums = std::max(most_sums, made.packed.groups() * GROUP);
        return made;
    }
};

}  // namespace detail

}  // namespace sem

#endif
