// SPDX-License-Identifier: Apache-2.0
/** Weights of the integer prior on the device (FORMAT.md, "Integer prior"). */
#ifndef SEM_CUDA_PRIOR_WEIGHTS_H
#define SEM_CUDA_PRIOR_WEIGHTS_H

#include "cuda_entropy.h"

namespace sem {

/** The networks of all levels. Filled by the methods that add, then read by many threads. */
struct CudaPriorWeights {
    static constexpr int LEVELS = 6;

    struct Convolution {
        int inputs = 0;
        int outputs = 0;
        DeviceMemory weights;
        DeviceMemory bias;
        DeviceMemory shifts;
    };

    struct SymbolStep {
        int before;  // channels of the level that symbol steps before take
        int count;   // its channels
        DeviceMemory channels;
        Convolution hidden;
        Convolution out;
        DeviceMemory symbols;
    };

    struct Level {
        Convolution context;
        DeviceMemory quality_bias;
        std::vector<SymbolStep> steps;
        Convolution up_hidden;
        Convolution up;
    };

    /**
     * @param compand companding table, 4096 entries
     * @param low     log scale of the low band, 3 rows of 3
     */
    CudaPriorWeights(const CudaTables& tables, const int8_t* compand, const int* low)
            : tables(tables), compand(DeviceMemory::lasting(tables.context(), compand, COMPANDED)),
              low(DeviceMemory::lasting(tables.context(), low, 9)) {
    }

    /** Adds the 3x3 context convolution of a level, which must be the first of the level's. */
    void add_context(int level, const int8_t* weights, int inputs, int outputs, const int* bias, const int8_t* shifts,
            const int8_t* quality_bias) {
        Level& l = levels[level - 1];
        l.context = convolution(weights, inputs, outputs, 9, OUTPUTS_PER_THREAD, bias, shifts);
        l.quality_bias = DeviceMemory::lasting(tables.context(), quality_bias, outputs);
    }

    /**
     * Adds a symbol step to a level.
     *
     * @param channels phase channels of the symbol step, count of them
     * @param symbols  3x3 weights from the symbol step's values and their magnitudes to the sums
     */
    void add_symbol_step(int level, const int* channels, int count, const int8_t* hidden_weights, int hidden, const int* hidden_bias,
            const int8_t* hidden_shifts, const int8_t* out_weights, const int* out_bias, const int8_t* out_shifts, const int8_t* symbols) {
        Level& l = levels[level - 1];
        SymbolStep step;
        step.before = l.steps.empty() ? 0 : l.steps.back().before + l.steps.back().count;
        step.count = count;
        step.channels = DeviceMemory::lasting(tables.context(), channels, count);
        step.hidden = convolution(hidden_weights, l.context.outputs, hidden, 1, POINTWISE_OUTPUTS_PER_THREAD, hidden_bias, hidden_shifts);
        step.out = convolution(out_weights, hidden, 2 * count, 1, POINTWISE_OUTPUTS_PER_THREAD, out_bias, out_shifts);
        step.symbols = weights_of(symbols, 2 * count, l.context.outputs, 9, OUTPUTS_PER_THREAD);
        check_width(l.context.outputs, hidden);
        l.steps.push_back(std::move(step));
    }

    /** Adds the convolutions that give the next level's context. */
    void add_up(int level, const int8_t* hidden_weights, int hidden, const int* hidden_bias, const int8_t* hidden_shifts,
            const int8_t* out_weights, int outputs, const int* out_bias, const int8_t* out_shifts) {
        Level& l = levels[level - 1];
        l.up_hidden = convolution(hidden_weights, l.context.outputs, hidden, 1, POINTWISE_OUTPUTS_PER_THREAD, hidden_bias, hidden_shifts);
        l.up = convolution(out_weights, hidden, outputs, 1, POINTWISE_OUTPUTS_PER_THREAD, out_bias, out_shifts);
        check_width(l.context.outputs, hidden);
    }

    /** Phases of a level's coefficients on the grid where its networks run. */
    static int phases(int level) {
        return level == LEVELS ? 1 : 4;
    }

    static int bands(int level, bool gray) {
        return level == 0 || (level == 1 && gray) ? 3 : 9;
    }

    /** Symbol steps that a picture has on a level; those that code colour come last. */
    int steps(int level, bool gray) const {
        return gray ? phases(level) : static_cast<int>(levels[level - 1].steps.size());
    }

    const CudaContext& context() const {
        return *tables.context();
    }

    CudaTables tables;
    DeviceMemory compand;
    DeviceMemory low;
    Level levels[LEVELS];

private:
    DeviceMemory weights_of(const int8_t* weights, int inputs, int outputs, int taps, int group) const {
        std::vector<int32_t> packed = pack_weights(weights, inputs, outputs, taps, group);
        return DeviceMemory::lasting(tables.context(), packed.data(), packed.size());
    }

    Convolution convolution(const int8_t* weights, int inputs, int outputs, int taps, int group, const int* bias,
            const int8_t* shifts) const {
        return {inputs, outputs, weights_of(weights, inputs, outputs, taps, group), DeviceMemory::lasting(tables.context(), bias, outputs),
                DeviceMemory::lasting(tables.context(), shifts, outputs)};
    }

    static void check_width(int channels, int hidden) {
        if (divide_up(channels, CHANNELS_PER_WORD) + divide_up(hidden, CHANNELS_PER_WORD) > MAX_BLOCK_WORDS) {
            throw std::runtime_error("convolutions of " + std::to_string(channels) + " and " + std::to_string(hidden)
                    + " channels are too wide");
        }
    }
};

}  // namespace sem

#endif
