// SPDX-License-Identifier: Apache-2.0
/**
 * 3x3 convolutions by Winograd's minimal filtering F(4x4, 3x3), a quarter of the multiplications of the plain sum: Lavin and Gray, "Fast
 * algorithms for convolutional neural networks", CVPR 2016, section 4.3. In float the result differs from the plain sum's by about 1e-6 of
 * the largest values. A block of Winograd tiles is transformed, multiplied and transformed back before the next: what lies between stays in
 * the second-level cache, and only weights, shared by all blocks, come from farther away.
 */
#ifndef SEM_WINOGRAD_H
#define SEM_WINOGRAD_H

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sem/aligned.h"
#include "sem/team.h"

namespace sem {

namespace detail {

/** Winograd tiles of 4x4 outputs of a block; a multiple of every WINOGRAD_TOGETHER. */
constexpr int TILES_PER_BLOCK = 12;

/** A convolution's transformed weights. Channels are multiples of a vector's floats; those that are made up are zero. */
struct TiledConvolution {
    int inputs, outputs;
    const float* weights;  // [panel of two vectors of outputs][36][inputs][floats of the panel]
    const float* bias;
};

/** What a convolution reads and writes: maps [height + 2][stride][channels] with a border of zeros. */
struct TiledMaps {
    const float* input;
    const float* plus;   // added to what the convolution gives, or null
    const float* factor;  // then multiplied, [outputs], or null
    float slope;         // then what is negative is multiplied by this
    float* output;
    int height, width, stride, columns;
};

/** What differs between instruction sets. */
struct WinogradIsa {
    /** Floats of a vector. */
    int floats;
    void (*convolve_tiles)(const TiledConvolution&, const TiledMaps&, int, int, float*, float*);
};

}  // namespace detail

}  // namespace sem

#define SEM_TARGET_CODE "sem/winograd_target.inc"
#include "sem/foreach_target.inc"

namespace sem {

namespace detail {

inline const WinogradIsa& winograd_isa(int instruction_set) {
    return SEM_CHOICE(instruction_set, WINOGRAD_ISA);
}

inline int round_up(int n, int multiple) {
    return (n + multiple - 1) / multiple * multiple;
}

inline float widened(float value) {
    return value;
}

/** A number of IEEE 754's binary16, by its bits. */
inline float widened(int16_t half) {
    constexpr int EXPONENT = 0x7C00;
    uint32_t bits = static_cast<uint32_t>(half & 0x7FFF) << 13;
    float magnitude;
    std::memcpy(&magnitude, &bits, sizeof magnitude);
    magnitude *= 0x1p112f;  // the distance of the exponents' zeros; exact, for what is below the normal numbers too
    if ((half & EXPONENT) == EXPONENT) {
        magnitude = (half & 0x3FF) == 0 ? INFINITY : NAN;
    }
    return half < 0 ? -magnitude : magnitude;
}

/** One convolution's weights, transformed once. */
class WinogradConvolution {
public:
    /** @param weights [outputs][inputs][3][3] */
    template <typename W>
    WinogradConvolution(const WinogradIsa& isa, Team& team, int inputs, int outputs, const W* weights, const float* bias)
            : inputs_(round_up(inputs, isa.floats)), outputs_(round_up(outputs, isa.floats)),
              weights_(static_cast<size_t>(36) * inputs_ * outputs_), bias_(outputs_) {
        std::copy(bias, bias + outputs, bias_.begin());
        int panel = 2 * isa.floats;
        team.run((outputs + panel - 1) / panel, [&](int, int p) {
            int first = p * panel;
            int columns = std::min(panel, outputs_ - first);
            float* to = &weights_[static_cast<size_t>(36) * inputs_ * first];
            for (int i = 0; i < inputs; i++) {
                transform(weights + (static_cast<size_t>(first) * inputs + i) * 9, static_cast<size_t>(inputs) * 9,
                        std::min(columns, outputs - first), to + static_cast<size_t>(i) * columns, static_cast<size_t>(inputs_) * columns);
            }
        });
    }

    TiledConvolution convolution() const {
        return {inputs_, outputs_, weights_.data(), bias_.data()};
    }

private:
    static constexpr int MOST_COLUMNS = 32;

    /** G g G' of some outputs, which are so far apart in `weights`; to planes that are so far apart in `to`. */
    template <typename W>
    static void transform(const W* weights, size_t distance, int outputs, float* to, size_t plane) {
        float t[18][MOST_COLUMNS];
        float out[6][MOST_COLUMNS];
        float g[9][MOST_COLUMNS];
        for (int k = 0; k < 9; k++) {
            for (int o = 0; o < outputs; o++) {
                g[k][o] = widened(weights[o * distance + k]);
            }
        }
        for (int x = 0; x < 3; x++) {
            transform(g[x], g[3 + x], g[6 + x], outputs, out);
            for (int y = 0; y < 6; y++) {
                std::copy(out[y], out[y] + outputs, t[3 * y + x]);
            }
        }
        for (int y = 0; y < 6; y++) {
            transform(t[3 * y], t[3 * y + 1], t[3 * y + 2], outputs, out);
            for (int x = 0; x < 6; x++) {
                std::copy(out[x], out[x] + outputs, to + (6 * y + x) * plane);
            }
        }
    }

    static void transform(const float* a, const float* b, const float* c, int outputs, float (*to)[MOST_COLUMNS]) {
        for (int o = 0; o < outputs; o++) {
            float outer = a[o] + c[o];
            float wide = a[o] / 24 + c[o] / 6;
            to[0][o] = a[o] / 4;
            to[1][o] = (outer + b[o]) / -6;
            to[2][o] = (outer - b[o]) / -6;
            to[3][o] = wide + b[o] / 12;
            to[4][o] = wide - b[o] / 12;
            to[5][o] = c[o];
        }
    }

    int inputs_, outputs_;
    AlignedVector<float> weights_, bias_;
};

}  // namespace detail

}  // namespace sem

#endif
