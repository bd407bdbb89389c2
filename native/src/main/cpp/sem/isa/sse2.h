// SPDX-License-Identifier: Apache-2.0
/** Vectors of SSE2; portable.h says what the names mean. */
#ifndef SEM_ISA_SSE2_H
#define SEM_ISA_SSE2_H

#include <immintrin.h>

#include <cstdint>

namespace sem {

namespace detail {

namespace sse2 {

using Words = __m128i;
using Floats = __m128;

constexpr int OUTPUTS_TOGETHER = 4;
constexpr int VECTORS_TOGETHER = 3;
constexpr int WINOGRAD_TOGETHER = 6;
constexpr int ACTIVATIONS_PER_WORD = 2;
constexpr bool TAKES_UNSIGNED = false;

inline Words load(const int32_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

inline void store(int32_t* p, Words a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), a);
}

inline Words broadcast(int32_t word) {
    return _mm_set1_epi32(word);
}

template <int CHANNELS>
inline Words add_products(Words sum, Words x, Words w) {
    static_assert(CHANNELS == 2, "words are pairs here");
    return _mm_add_epi32(sum, _mm_madd_epi16(x, w));
}

inline Floats load(const float* p) {
    return _mm_loadu_ps(p);
}

inline void store(float* p, Floats a) {
    _mm_storeu_ps(p, a);
}

inline Floats broadcast(float x) {
    return _mm_set1_ps(x);
}

inline Floats multiply_add(Floats a, Floats b, Floats c) {
    return _mm_add_ps(_mm_mul_ps(a, b), c);
}

inline Floats larger(Floats a, Floats b) {
    return _mm_max_ps(a, b);
}

}  // namespace sse2

}  // namespace detail

}  // namespace sem

#endif
