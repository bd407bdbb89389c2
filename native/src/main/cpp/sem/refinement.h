// SPDX-License-Identifier: Apache-2.0
/** How refinement layers split cells in C++ (FORMAT.md, "Refinement"). */
#ifndef SEM_REFINEMENT_H
#define SEM_REFINEMENT_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sem/symbols.h"

namespace sem {

/** The parts of cells, by class; org.semimage.compute.prior.RefinementTables says what numbers mean, and is the reference. */
class RefinementTables {
public:
    /**
     * @param cells    [TABLES][SYMBOLS][2] offsets and whether a part is narrow
     * @param expected [TABLES] offsets of coefficients without a symbol
     * @param bits     [TABLES][SYMBOLS] ideal code lengths
     */
    RefinementTables(const int8_t* cells, const int8_t* expected, const float* bits)
            : cells_(cells, cells + TABLES * SYMBOLS * 2), expected_(expected, expected + TABLES), bits_(bits, bits + TABLES * SYMBOLS) {
    }

    static int32_t value(int32_t cell) {
        return cell >> 1;
    }

    static int32_t centre(int32_t cell) {
        return clamped(2 * value(cell));
    }

    static int32_t unrefined(int32_t cell) {
        return centre(cell) * 2;
    }

    static int8_t class_of(int32_t cell, int32_t distance, int scale_index) {
        int32_t away = std::abs(distance);
        if (cell & 1) {
            int row = std::max(0, std::min(6, (scale_index - 32) / 6));
            return static_cast<int8_t>(66 + 2 * row + (away >= 8));
        }
        int row = std::max(0, std::min(10, (scale_index - 28) >> 2));
        int column = (away >= 3) + (away >= 6) + (away >= 10) + (away >= 16) + (away >= 28);
        return static_cast<int8_t>(6 * row + column);
    }

    int32_t refined(int32_t cell, int32_t distance, int refinement_class, int32_t symbol) const {
        int magnitude = std::min(SYMBOLS / 2, std::abs(symbol));
        const int8_t* part = &cells_[2 * (refinement_class * SYMBOLS + (symbol > 0 ? 2 * magnitude - 1 : 2 * magnitude))];
        return clamped(centre(cell) + (distance < 0 ? -part[0] : part[0])) * 2 | part[1];
    }

    int32_t expected(int32_t cell, int32_t distance, int refinement_class) const {
        int offset = expected_[refinement_class];
        return clamped(centre(cell) + (distance < 0 ? -offset : offset)) * 2;
    }

    int32_t quantize(float residual, int32_t distance, int refinement_class, float lambda) const {
        float towards = distance < 0 ? -residual : residual;
        int best = 0;
        float least = INFINITY;
        for (int k = 0; k < SYMBOLS; k++) {
            float error = (towards - cells_[2 * (refinement_class * SYMBOLS + k)]) / 16;
            float cost = error * error + lambda * bits_[refinement_class * SYMBOLS + k];
            if (cost < least) {
                least = cost;
                best = k;
            }
        }
        return best & 1 ? (best + 1) >> 1 : -(best >> 1);
    }

private:
    static constexpr int SYMBOLS = 5;
    static constexpr int32_t MAX_VALUE = 1 << 28;

    static int32_t clamped(int32_t value) {
        return std::max(-MAX_VALUE, std::min(MAX_VALUE, value));
    }

    std::vector<int8_t> cells_;
    std::vector<int8_t> expected_;
    std::vector<float> bits_;
};

}  // namespace sem

#endif
