// SPDX-License-Identifier: Apache-2.0
/** Levels of the prior with random weights, made once, and the pictures that fuzzers put through them. */
#ifndef SEM_FUZZ_LEVELS_H
#define SEM_FUZZ_LEVELS_H

#include <map>
#include <tuple>

#include "input.h"

namespace sem_fuzz {

/** What goes through a level. */
struct Shape {
    int seed, phases, inputs, height, width, quality_index, threads;
    bool has_up, gray;

    explicit Shape(Input& in) {
        int kind = in.byte();
        seed = kind & 7;
        phases = kind & 8 ? 4 : 1;
        has_up = kind & 16;
        gray = kind & 32;
        threads = (kind & 192) == 192 ? 2 : 1;
        inputs = 1 + seed;
        int unit = phases == 1 ? 1 : 2;
        height = (1 + in.below(12)) * unit;
        width = (1 + in.below(40)) * unit;
        quality_index = in.byte();
    }

    size_t coefficients() const {
        return static_cast<size_t>(sem_test::BANDS) * height * width;
    }

    size_t grid() const {
        return static_cast<size_t>(height) * width / phases;
    }

    std::vector<int8_t> context(Input& in) const {
        std::vector<int8_t> values(inputs * grid());
        int step = 1 + in.below(16);
        int8_t value = 0;
        for (size_t i = 0; i < values.size(); i++) {
            value = i % step == 0 ? static_cast<int8_t>(in.byte() % 255 - 127) : value;
            // Only the first level's context has a sign.
            values[i] = static_cast<int8_t>(phases == 1 ? value : std::abs(value));
        }
        return values;
    }

    std::vector<int8_t> next() const {
        return std::vector<int8_t>(has_up ? 4 * grid() : 0);
    }

    const sem::PriorLevel& level(int instruction_set) const {
        static std::map<std::tuple<int, int, int, bool>, sem::PriorLevel> levels;
        auto key = std::make_tuple(instruction_set, seed, phases, has_up);
        auto found = levels.find(key);
        if (found == levels.end()) {
            sem_test::generator.seed(seed);
            found = levels.emplace(key, sem_test::random_level(instruction_set, phases, inputs, has_up)).first;
        }
        return found->second;
    }
};

/** Tables of refinement layers. */
inline const sem::RefinementTables& refinement() {
    static const sem::RefinementTables tables = [] {
        sem_test::generator.seed(3);
        std::vector<int8_t> cells = sem_test::random_values<int8_t>(sem::TABLES * 5 * 2, 15);
        for (size_t i = 1; i < cells.size(); i += 2) {
            cells[i] &= 1;
        }
        std::vector<float> bits = sem_test::random_values<float>(sem::TABLES * 5, 8);
        for (float& length : bits) {
            length = std::abs(length);
        }
        return sem::RefinementTables(cells.data(), sem_test::random_values<int8_t>(sem::TABLES, 8).data(), bits.data());
    }();
    return tables;
}

}  // namespace sem_fuzz

#endif
