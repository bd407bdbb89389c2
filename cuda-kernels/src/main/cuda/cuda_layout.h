/** What the kernels and those who launch them agree on. */
#ifndef SEM_CUDA_LAYOUT_H
#define SEM_CUDA_LAYOUT_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/arithmetic.h"

namespace sem {

/** Output channels of one thread. */
constexpr int OUTPUTS_PER_THREAD = 8;

constexpr int THREADS_PER_BLOCK = 128;

/** Input channels in a word. */
constexpr int CHANNELS_PER_WORD = 4;

inline int divide_up(int64_t a, int64_t b) {
    return static_cast<int>((a + b - 1) / b);
}

/** Weights as words [outputs / 8][inputs / 4][tap][8] of four input channels each; zero where there are none. */
inline std::vector<int32_t> pack_weights(const int8_t* weights, int inputs, int outputs, int taps) {
    int words = divide_up(inputs, CHANNELS_PER_WORD);
    int blocks = divide_up(outputs, OUTPUTS_PER_THREAD);
    std::vector<int32_t> packed(static_cast<size_t>(blocks) * words * taps * OUTPUTS_PER_THREAD);
    for (int o = 0; o < outputs; o++) {
        for (int word = 0; word < words; word++) {
            for (int tap = 0; tap < taps; tap++) {
                int8_t w[CHANNELS_PER_WORD];
                for (int k = 0; k < CHANNELS_PER_WORD; k++) {
                    int input = CHANNELS_PER_WORD * word + k;
                    w[k] = input < inputs ? weights[(static_cast<size_t>(o) * inputs + input) * taps + tap] : 0;
                }
                size_t row = (static_cast<size_t>(o / OUTPUTS_PER_THREAD) * words + word) * taps + tap;
                packed[row * OUTPUTS_PER_THREAD + o % OUTPUTS_PER_THREAD] = pack4(w[0], w[1], w[2], w[3]);
            }
        }
    }
    return packed;
}

}  // namespace sem

#endif
