// SPDX-License-Identifier: Apache-2.0
/** What fuzzers of the C++ library share: how a fuzzer's bytes are taken apart, and data that is made once. */
#ifndef SEM_FUZZ_INPUT_H
#define SEM_FUZZ_INPUT_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "../random_data.h"

namespace sem_fuzz {

/** A fuzzer's bytes, from the first on; behind the last there are zeros. */
class Input {
public:
    Input(const uint8_t* bytes, size_t size) : next_(bytes), end_(bytes + size) {
    }

    int byte() {
        return next_ == end_ ? 0 : *next_++;
    }

    /** 0..bound-1, for bounds up to 65536. */
    int below(int bound) {
        int value = bound > 256 ? byte() << 8 : 0;
        return (value | byte()) % bound;
    }

    bool flag() {
        return byte() & 1;
    }

    /** Small numbers mostly, and every 32 bits that a float may have. */
    float number() {
        int kind = byte();
        if (kind < 0xF0) {
            return static_cast<float>(kind - 0x78) / 4;
        }
        uint32_t bits = 0;
        for (int i = 0; i < 4; i++) {
            bits = bits << 8 | static_cast<uint32_t>(byte());
        }
        float value;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }

    /** As number(), but finite and not beyond a bound. */
    float bounded(float bound) {
        float value = number();
        return value > bound ? bound : value >= -bound ? value : -bound;
    }

    /** The bytes that are left, at their exact size, so that sanitizers notice one beyond. */
    std::vector<int8_t> rest() {
        std::vector<int8_t> bytes(next_, end_);
        next_ = end_;
        return bytes;
    }

private:
    const uint8_t* next_;
    const uint8_t* end_;
};

/** Tables that are made once, as a picture's come from its pack: half of them for each number of quantizers. */
inline const sem::EntropyTables& tables(int which) {
    static const std::vector<sem::EntropyTables> all = [] {
        std::vector<sem::EntropyTables> made;
        for (int i = 0; i < 16; i++) {
            sem_test::generator.seed(i);
            made.push_back(sem_test::random_tables(1 + i % 2).entropy());
        }
        return made;
    }();
    return all[which % all.size()];
}

}  // namespace sem_fuzz

#endif
