// SPDX-License-Identifier: Apache-2.0
/**
 * The arithmetic of the format's integer convolutions (FORMAT.md, "Integer prior"), and of encoders, once for C++ and CUDA.
 *
 * Sums wrap around at 32 bits as Java's do; in C++ only unsigned integers may.
 */
#ifndef SEM_ARITHMETIC_H
#define SEM_ARITHMETIC_H

#include <cstdint>

#if defined(__CUDACC__)
#define SEM_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define SEM_HOST_DEVICE inline
#endif

namespace sem {

SEM_HOST_DEVICE int32_t add(int32_t a, int32_t b) {
    return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

/** sum + value * weight for int8 (or int16) factors. */
SEM_HOST_DEVICE int32_t accumulate(int32_t sum, int32_t value, int32_t weight) {
    return add(sum, value * weight);
}

/** sum + the dot product of four int8 values and weights, packed into words with the first in the lowest byte. */
SEM_HOST_DEVICE int32_t accumulate4(int32_t sum, int32_t values, int32_t weights) {
#if defined(__CUDA_ARCH__)
    return __dp4a(values, weights, sum);
#else
    for (int shift = 0; shift < 32; shift += 8) {
        sum = accumulate(sum, static_cast<int8_t>(values >> shift), static_cast<int8_t>(weights >> shift));
    }
    return sum;
#endif
}

/** Sums and products that are rounded one by one, as Java's are: a device would contract them. */
SEM_HOST_DEVICE float sum(float a, float b) {
#if defined(__CUDA_ARCH__)
    return __fadd_rn(a, b);
#else
    return a + b;
#endif
}

SEM_HOST_DEVICE float difference(float a, float b) {
    return sum(a, -b);
}

SEM_HOST_DEVICE float product(float a, float b) {
#if defined(__CUDA_ARCH__)
    return __fmul_rn(a, b);
#else
    return a * b;
#endif
}

/** The position of the highest bit of a number that is not zero. */
SEM_HOST_DEVICE int top_bit(uint32_t value) {
#if defined(__CUDA_ARCH__)
    return 31 - __clz(static_cast<int>(value));
#else
    return 31 - __builtin_clz(value);
#endif
}

/** Four int8 in a word, the first in the lowest byte. */
SEM_HOST_DEVICE int32_t pack4(int8_t a, int8_t b, int8_t c, int8_t d) {
    return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint8_t>(a)) | static_cast<uint32_t>(static_cast<uint8_t>(b)) << 8
            | static_cast<uint32_t>(static_cast<uint8_t>(c)) << 16 | static_cast<uint32_t>(static_cast<uint8_t>(d)) << 24);
}

/** Accumulator to activation: rounded, shifted by 0..16, clamped to 0..127. */
SEM_HOST_DEVICE int8_t activate(int32_t sum, int shift) {
    int32_t rounded = add(sum, 1 << shift >> 1) >> shift;
    return static_cast<int8_t>(rounded < 0 ? 0 : rounded > 127 ? 127 : rounded);
}

}  // namespace sem

#endif
