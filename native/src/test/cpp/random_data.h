// SPDX-License-Identifier: Apache-2.0
/** What tests in C++ are made of: random tables, weights and values, the same for the same state of the generator. */
#ifndef SEM_TEST_RANDOM_DATA_H
#define SEM_TEST_RANDOM_DATA_H

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "sem/kernels.h"
#include "sem/prior.h"

namespace sem_test {

inline std::mt19937 generator(1);

inline int random_below(int bound) {
    return static_cast<int>(generator() % static_cast<unsigned>(bound));
}

inline void expect(bool condition, const char* what) {
    if (!condition) {
        std::fprintf(stderr, "failed: %s\n", what);
        std::abort();
    }
}

/** Those of this processor, the portable one first. */
inline std::vector<int> instruction_sets() {
    std::vector<int> sets;
    for (int set = sem::PORTABLE; set <= sem::NEON_DOT; set++) {
        if (sem::has_instruction_set(set)) {
            sets.push_back(set);
        }
    }
    return sets;
}

template <typename T>
std::vector<T> random_values(size_t size, int bound) {
    std::vector<T> values(size);
    for (T& value : values) {
        value = static_cast<T>(random_below(2 * bound + 1) - bound);
    }
    return values;
}

struct Tables {
    std::vector<int32_t> sizes;
    std::vector<int32_t> frequencies;

    sem::EntropyTables entropy() const {
        return sem::EntropyTables(sizes.data(), frequencies.data(), static_cast<int>(sizes.size()) / sem::TABLES);
    }
};

/** Random frequencies: tables of 2 to 256 entries, with anything from 1 on in them. */
inline Tables random_tables(int quantizers) {
    Tables tables;
    for (int t = 0; t < quantizers * sem::TABLES; t++) {
        int size = 2 + 2 * (t == 0 ? 0 : t == 1 ? 127 : random_below(128));
        int left = 65536 - size;
        std::vector<int32_t> row(size, 1);
        for (int k = 1; k < size; k++) {
            int more = random_below(left / 4 + 1);
            row[k] += more;
            left -= more;
        }
        row[0] += left;
        tables.sizes.push_back(size);
        tables.frequencies.insert(tables.frequencies.end(), row.begin(), row.end());
    }
    return tables;
}

/** Three orientations of three components. */
constexpr int BANDS = 9;

/** A level with random weights; the same for the same state of the generator. */
inline sem::PriorLevel random_level(int instruction_set, int phases, int inputs, bool has_up) {
    auto weights = [](int size) { return random_values<int8_t>(size, 127); };
    auto bias = [](int size) { return random_values<int32_t>(size, 5000); };
    auto shifts = [](int size) {
        std::vector<int8_t> values(size);
        for (int8_t& shift : values) {
            shift = static_cast<int8_t>(random_below(17));
        }
        return values;
    };
    std::vector<int8_t> compand(sem::detail::COMPANDED);
    for (size_t i = 0; i < compand.size(); i++) {
        compand[i] = static_cast<int8_t>(std::min<size_t>(i, 127));
    }
    int hidden = 1 + random_below(11);
    sem::PriorLevel level(instruction_set, phases, compand.data());
    level.add_context(weights(hidden * inputs * 9).data(), inputs, hidden, bias(hidden).data(), shifts(hidden).data(),
            weights(hidden).data());
    int channels = BANDS * phases;
    for (int first = 0, count; first < channels; first += count) {
        count = std::min(channels - first, 3);
        std::vector<int32_t> step;
        for (int i = 0; i < count; i++) {
            step.push_back(first + i);
        }
        int inner = 1 + random_below(11);
        level.add_symbol_step(step.data(), count, weights(inner * hidden).data(), inner, bias(inner).data(), shifts(inner).data(),
                weights(2 * count * inner).data(), bias(2 * count).data(), shifts(2 * count).data());
    }
    level.add_symbols(weights(hidden * 2 * channels * 9).data(), hidden);
    if (has_up) {
        int inner = 1 + random_below(11);
        level.add_up(weights(inner * hidden).data(), inner, bias(inner).data(), shifts(inner).data(), weights(4 * inner).data(), 4,
                bias(4).data(), shifts(4).data());
    }
    return level;
}

}  // namespace sem_test

#endif
