// SPDX-License-Identifier: Apache-2.0
/** Vectors of plain C++, for compilers to make vectors of. What is defined here, every instruction set defines. */
#ifndef SEM_ISA_PORTABLE_H
#define SEM_ISA_PORTABLE_H

#include <algorithm>
#include <cstdint>

#include "sem/arithmetic.h"

namespace sem {

namespace detail {

namespace portable {

/** A vector of words, each with the values of some channels at one position. */
struct Words {
    int32_t v[16];
};

struct Floats {
    float v[4];
};

/** Outputs, and vectors of positions, whose sums registers hold beside what goes into them. */
constexpr int OUTPUTS_TOGETHER = 1;
constexpr int VECTORS_TOGETHER = 1;

/** Winograd tiles of which registers hold the sums of two vectors of outputs beside what goes into them. */
constexpr int WINOGRAD_TOGETHER = 6;

/** Channels of a word of activations, 0..127, that add_products takes. */
constexpr int ACTIVATIONS_PER_WORD = 2;

/** Whether those values may be up to 255. */
constexpr bool TAKES_UNSIGNED = false;

inline Words load(const int32_t* p) {
    Words r;
    std::copy(p, p + 16, r.v);
    return r;
}

inline void store(int32_t* p, const Words& a) {
    std::copy(a.v, a.v + 16, p);
}

inline Words broadcast(int32_t word) {
    Words r;
    std::fill(r.v, r.v + 16, word);
    return r;
}

/**
 * sum + x * w for all channels of every word.
 *
 * @tparam CHANNELS 2 in int16, or 4 in bytes, of which those of x have no sign
 */
template <int CHANNELS>
inline Words add_products(const Words& sum, const Words& x, const Words& w) {
    static_assert(CHANNELS == 2, "words are pairs here");
    Words r;
    for (int i = 0; i < 16; i++) {
        r.v[i] = add(sum.v[i], static_cast<int16_t>(x.v[i]) * static_cast<int16_t>(w.v[i]) + (x.v[i] >> 16) * (w.v[i] >> 16));
    }
    return r;
}

/** Floats of what value(i) gives. */
template <typename Value>
inline Floats each(const Value& value) {
    Floats r;
    for (int i = 0; i < 4; i++) {
        r.v[i] = value(i);
    }
    return r;
}

inline Floats load(const float* p) {
    return each([=](int i) { return p[i]; });
}

inline void store(float* p, const Floats& a) {
    std::copy(a.v, a.v + 4, p);
}

inline Floats broadcast(float x) {
    return each([=](int) { return x; });
}

inline Floats operator+(const Floats& a, const Floats& b) {
    return each([&](int i) { return a.v[i] + b.v[i]; });
}

inline Floats operator-(const Floats& a, const Floats& b) {
    return each([&](int i) { return a.v[i] - b.v[i]; });
}

inline Floats operator*(const Floats& a, const Floats& b) {
    return each([&](int i) { return a.v[i] * b.v[i]; });
}

/** a * b + c; rounded once or twice. */
inline Floats multiply_add(const Floats& a, const Floats& b, const Floats& c) {
    return a * b + c;
}

/** Of each element the larger one. */
inline Floats larger(const Floats& a, const Floats& b) {
    return each([&](int i) { return std::max(a.v[i], b.v[i]); });
}

}  // namespace portable

}  // namespace detail

}  // namespace sem

#endif
