// SPDX-License-Identifier: Apache-2.0
/** Vectors of NEON, which every 64-bit ARM processor has; portable.h says what the names mean. */
#ifndef SEM_ISA_NEON_H
#define SEM_ISA_NEON_H

#include <arm_neon.h>

#include <cstdint>

namespace sem {

namespace detail {

namespace neon {

using Words = int32x4_t;
using Floats = float32x4_t;

constexpr int OUTPUTS_TOGETHER = 4;
constexpr int VECTORS_TOGETHER = 3;
constexpr int WINOGRAD_TOGETHER = 12;
constexpr int ACTIVATIONS_PER_WORD = 2;
constexpr bool TAKES_UNSIGNED = false;

inline Words load(const int32_t* p) {
    return vld1q_s32(p);
}

inline void store(int32_t* p, Words a) {
    vst1q_s32(p, a);
}

inline Words broadcast(int32_t word) {
    return vdupq_n_s32(word);
}

template <int CHANNELS>
inline Words add_products(Words sum, Words x, Words w) {
    static_assert(CHANNELS == 2, "words are pairs here");
    int16x8_t a = vreinterpretq_s16_s32(x);
    int16x8_t b = vreinterpretq_s16_s32(w);
    return vaddq_s32(sum, vpaddq_s32(vmull_s16(vget_low_s16(a), vget_low_s16(b)), vmull_high_s16(a, b)));
}

inline Floats load(const float* p) {
    return vld1q_f32(p);
}

inline void store(float* p, Floats a) {
    vst1q_f32(p, a);
}

inline Floats broadcast(float x) {
    return vdupq_n_f32(x);
}

inline Floats multiply_add(Floats a, Floats b, Floats c) {
    return vfmaq_f32(c, a, b);
}

inline Floats larger(Floats a, Floats b) {
    return vmaxq_f32(a, b);
}

}  // namespace neon

}  // namespace detail

}  // namespace sem

#endif
