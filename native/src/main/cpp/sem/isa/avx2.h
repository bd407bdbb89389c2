// SPDX-License-Identifier: Apache-2.0
/** Vectors of AVX2 with FMA; portable.h says what the names mean. */
#ifndef SEM_ISA_AVX2_H
#define SEM_ISA_AVX2_H

#include <immintrin.h>

#include <cstdint>

#define SEM_TARGET_AVX2 __attribute__((target("avx2,fma")))

namespace sem {

namespace detail {

namespace avx2 {

using Words = __m256i;
using Floats = __m256;

constexpr int OUTPUTS_TOGETHER = 4;
constexpr int VECTORS_TOGETHER = 3;
constexpr int WINOGRAD_TOGETHER = 6;
constexpr int ACTIVATIONS_PER_WORD = 4;

/** Pairs of greater products would saturate. */
constexpr bool TAKES_UNSIGNED = false;

SEM_TARGET_AVX2 inline Words load(const int32_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

SEM_TARGET_AVX2 inline void store(int32_t* p, Words a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a);
}

SEM_TARGET_AVX2 inline Words broadcast(int32_t word) {
    return _mm256_set1_epi32(word);
}

template <int CHANNELS>
SEM_TARGET_AVX2 inline Words add_products(Words sum, Words x, Words w) {
    Words pairs = CHANNELS == 4 ? _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)) : _mm256_madd_epi16(x, w);
    return _mm256_add_epi32(sum, pairs);
}

SEM_TARGET_AVX2 inline Floats load(const float* p) {
    return _mm256_loadu_ps(p);
}

SEM_TARGET_AVX2 inline void store(float* p, Floats a) {
    _mm256_storeu_ps(p, a);
}

SEM_TARGET_AVX2 inline Floats broadcast(float x) {
    return _mm256_set1_ps(x);
}

SEM_TARGET_AVX2 inline Floats multiply_add(Floats a, Floats b, Floats c) {
    return _mm256_fmadd_ps(a, b, c);
}

SEM_TARGET_AVX2 inline Floats larger(Floats a, Floats b) {
    return _mm256_max_ps(a, b);
}

}  // namespace avx2

}  // namespace detail

}  // namespace sem

#endif
