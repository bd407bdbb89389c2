// SPDX-License-Identifier: Apache-2.0
/** Vectors of AVX-512 with VNNI; portable.h says what the names mean. */
#ifndef SEM_ISA_AVX512_H
#define SEM_ISA_AVX512_H

#include <immintrin.h>

#include <cstdint>

#define SEM_TARGET_AVX512 __attribute__((target("avx512f,avx512vnni")))

namespace sem {

namespace detail {

namespace avx512 {

using Words = __m512i;
using Floats = __m512;

constexpr int OUTPUTS_TOGETHER = 4;
constexpr int VECTORS_TOGETHER = 3;
constexpr int WINOGRAD_TOGETHER = 12;
constexpr int ACTIVATIONS_PER_WORD = 4;
constexpr bool TAKES_UNSIGNED = true;

SEM_TARGET_AVX512 inline Words load(const int32_t* p) {
    return _mm512_loadu_si512(p);
}

SEM_TARGET_AVX512 inline void store(int32_t* p, Words a) {
    _mm512_storeu_si512(p, a);
}

SEM_TARGET_AVX512 inline Words broadcast(int32_t word) {
    return _mm512_set1_epi32(word);
}

template <int CHANNELS>
SEM_TARGET_AVX512 inline Words add_products(Words sum, Words x, Words w) {
    return CHANNELS == 4 ? _mm512_dpbusd_epi32(sum, x, w) : _mm512_dpwssd_epi32(sum, x, w);
}

SEM_TARGET_AVX512 inline Floats load(const float* p) {
    return _mm512_loadu_ps(p);
}

SEM_TARGET_AVX512 inline void store(float* p, Floats a) {
    _mm512_storeu_ps(p, a);
}

SEM_TARGET_AVX512 inline Floats broadcast(float x) {
    return _mm512_set1_ps(x);
}

SEM_TARGET_AVX512 inline Floats multiply_add(Floats a, Floats b, Floats c) {
    return _mm512_fmadd_ps(a, b, c);
}

SEM_TARGET_AVX512 inline Floats larger(Floats a, Floats b) {
    return _mm512_maskz_max_ps(0xFFFF, a, b);
}

}  // namespace avx512

}  // namespace detail

}  // namespace sem

#endif
