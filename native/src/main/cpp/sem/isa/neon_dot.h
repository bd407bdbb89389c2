// SPDX-License-Identifier: Apache-2.0
/** Vectors of NEON with dot products of bytes, from ARMv8.2 on; portable.h says what the names mean. */
#ifndef SEM_ISA_NEON_DOT_H
#define SEM_ISA_NEON_DOT_H

#include <arm_neon.h>

#include <cstdint>

#define SEM_TARGET_NEON_DOT __attribute__((target("arch=armv8.2-a+dotprod")))

namespace sem {

namespace detail {

namespace neon_dot {

using Words = int32x4_t;
using Floats = float32x4_t;

constexpr int OUTPUTS_TOGETHER = 4;
constexpr int VECTORS_TOGETHER = 3;
constexpr int WINOGRAD_TOGETHER = 12;
constexpr int ACTIVATIONS_PER_WORD = 4;

/** Products are of bytes with sign. */
constexpr bool TAKES_UNSIGNED = false;

SEM_TARGET_NEON_DOT inline Words load(const int32_t* p) {
    return vld1q_s32(p);
}

SEM_TARGET_NEON_DOT inline void store(int32_t* p, Words a) {
    vst1q_s32(p, a);
}

SEM_TARGET_NEON_DOT inline Words broadcast(int32_t word) {
    return vdupq_n_s32(word);
}

template <int CHANNELS>
SEM_TARGET_NEON_DOT inline Words add_products(Words sum, Words x, Words w) {
    if (CHANNELS == 4) {
        return vdotq_s32(sum, vreinterpretq_s8_s32(x), vreinterpretq_s8_s32(w));
    }
    int16x8_t a = vreinterpretq_s16_s32(x);
    int16x8_t b = vreinterpretq_s16_s32(w);
    return vaddq_s32(sum, vpaddq_s32(vmull_s16(vget_low_s16(a), vget_low_s16(b)), vmull_high_s16(a, b)));
}

SEM_TARGET_NEON_DOT inline Floats load(const float* p) {
    return vld1q_f32(p);
}

SEM_TARGET_NEON_DOT inline void store(float* p, Floats a) {
    vst1q_f32(p, a);
}

SEM_TARGET_NEON_DOT inline Floats broadcast(float x) {
    return vdupq_n_f32(x);
}

SEM_TARGET_NEON_DOT inline Floats multiply_add(Floats a, Floats b, Floats c) {
    return vfmaq_f32(c, a, b);
}

SEM_TARGET_NEON_DOT inline Floats larger(Floats a, Floats b) {
    return vmaxq_f32(a, b);
}

}  // namespace neon_dot

}  // namespace detail

}  // namespace sem

#endif
