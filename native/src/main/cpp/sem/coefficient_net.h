// SPDX-License-Identifier: Apache-2.0
/**
 * The coefficient network in C++ (FORMAT.md, "Coefficient networks"); see org.semimage.compute.network.CoefficientNet.
 *
 * Its 3x3 convolutions run by Winograd's minimal filtering F(4x4, 3x3), a quarter of the multiplications of the plain sum: Lavin and
 * Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, section 4.3. In float the result differs from the plain
 * sum's by about 1e-6 of the largest values. A block of Winograd tiles is transformed, multiplied and transformed back before the next:
 * what lies between stays in the second-level cache, and only weights, shared by all blocks, come from farther away.
 */
#ifndef SEM_COEFFICIENT_NET_H
#define SEM_COEFFICIENT_NET_H

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sem/aligned.h"
#include "sem/cancellation.h"
#include "sem/kernels.h"

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

/**
 * Where a network finds its coefficients: packed as [channel][height][width], or as the bands that they come from, one plane behind the
 * other in the order of their channels (PackedCoefficients in Java).
 */
struct CoefficientRows {
    /** The first channels of levels 2 and 1, whose bands have 2 x 2 and 4 x 4 phases. */
    static constexpr int LEVEL2 = 12, LEVEL1 = 48;

    int height, width;
    bool packed;

    /** The distance of a channel's coefficients in a row. */
    int step(int channel) const {
        return packed || channel < LEVEL2 ? 1 : channel < LEVEL1 ? 2 : 4;
    }

    /** Where a channel's row begins. */
    size_t at(int channel, int y) const {
        int block = step(channel);
        int phase = block == 1 ? 0 : (channel - (block == 2 ? LEVEL2 : LEVEL1)) % (block * block);
        size_t plane = static_cast<size_t>(channel - phase) * height * width;
        return plane + (static_cast<size_t>(y) * block + phase / block) * width * block + phase % block;
    }
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
#ifdef SEM_X86
    switch (instruction_set) {
        case AVX512_VNNI: return avx512::WINOGRAD_ISA;
        case AVX2: return avx2::WINOGRAD_ISA;
        case SSE2: return sse2::WINOGRAD_ISA;
    }
#endif
#ifdef SEM_ARM
    switch (instruction_set) {
        case NEON_DOT: return neon_dot::WINOGRAD_ISA;
        case NEON: return neon::WINOGRAD_ISA;
    }
#endif
    (void) instruction_set;
    return portable::WINOGRAD_ISA;
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

/** A residual network on packed coefficients. Filled by `add_convolution`, then used by many threads. */
class CoefficientNet {
public:
    explicit CoefficientNet(int instruction_set) : isa_(detail::winograd_isa(instruction_set)) {
    }

    /**
     * The next convolution: the head, two of each block, the tail.
     *
     * @param weights [outputs][inputs][3][3], of float or of binary16's bits
     */
    template <typename W>
    void add_convolution(int threads, int inputs, int outputs, const W* weights, const float* bias) {
        detail::Team team(threads);
        convolutions_.emplace_back(isa_, team, inputs, outputs, weights, bias);
        if (convolutions_.size() == 1) {
            inputs_ = inputs;
        }
        width_ = convolutions_.size() == 1 ? outputs : width_;
        outputs_ = outputs;
        channels_ = std::min(inputs_, outputs_);
    }

    /**
     * Computes the correction, and in a network with divisive gains what moves coefficients to where correction and gain put them:
     * see CoefficientNet.withDivisiveGains in Java, which gives the same bits.
     *
     * @param packed     [inputs][height][width], coefficients first
     * @param quality_shift  added to what the head gives, for each channel
     * @param quality_factor multiplied before the tail, for each channel
     * @param knee       where softening of the input turns from linear to square root
     * @param slope      of activations for negative values
     * @param low        channels that come first and have no gains
     * @param unit       of gains
     * @param output     [channels][height][width]
     * @param cancelled  turns from 0 to 1 when nobody wants the result any more, which is then of no meaning; or null
     */
    void run(int threads, const float* packed, int height, int width, const float* quality_shift, const float* quality_factor, float knee,
            float slope, int low, float unit, float* output, const int32_t* cancelled = nullptr) const {
        run(threads, packed, {height, width, true}, quality_shift, quality_factor, knee, slope, low, unit, cancelled,
                [=](size_t at, int, float correction) { output[at] = correction; });
    }

    /**
     * Adds the correction to bands; see `run`.
     *
     * @param bands the low band of level 3 and details of levels 3, 2 and 1, one plane behind the other
     * @param heard what corrections are multiplied by first, [height][width]; or null
     */
    void correct(int threads, float* bands, int height, int width, const float* quality_shift, const float* quality_factor, float knee,
            float slope, int low, float unit, const float* heard, const int32_t* cancelled = nullptr) const {
        run(threads, bands, {height, width, false}, quality_shift, quality_factor, knee, slope, low, unit, cancelled,
                [=](size_t at, int position, float correction) {
                    bands[at] += heard == nullptr ? correction : correction * heard[position];
                });
    }

private:
    /** Calls take(where the coefficient is, its position, its correction) for all, once what it needs of the coefficient is read. */
    template <typename Take>
    void run(int threads, const float* coefficients, const detail::CoefficientRows& rows, const float* quality_shift,
            const float* quality_factor, float knee, float slope, int low, float unit, const int32_t* cancelled, const Take& take) const {
        Maps maps(rows.height, rows.width, cancelled);
        int n = convolutions_.front().convolution().outputs;
        int first = convolutions_.front().convolution().inputs;
        int ending = convolutions_.back().convolution().outputs;
        detail::AlignedVector<float> x(maps.size(n)), inner(maps.size(std::max({n, first, ending})));
        detail::AlignedVector<float> factor(n), head_bias(n);
        std::copy(quality_factor, quality_factor + width_, factor.begin());
        detail::TiledConvolution head = convolutions_.front().convolution();
        for (int c = 0; c < width_; c++) {
            head_bias[c] = head.bias[c] + quality_shift[c];
        }
        head.bias = head_bias.data();

        detail::Team team(std::min(threads, std::max(1, maps.rows * maps.columns / MIN_TILES)));
        load(team, maps, coefficients, rows, first, knee, inner.data());
        int last = static_cast<int>(convolutions_.size()) - 1;
        bool ends = last == 1;
        convolve(team, maps, head, inner.data(), nullptr, ends ? factor.data() : nullptr, ends ? slope : 1, x.data());
        inner.assign(inner.size(), 0);
        for (int i = 1; i < last; i += 2) {
            ends = i + 2 == last;
            convolve(team, maps, convolutions_[i].convolution(), x.data(), nullptr, nullptr, slope, inner.data());
            convolve(team, maps, convolutions_[i + 1].convolution(), inner.data(), x.data(), ends ? factor.data() : nullptr,
                    ends ? slope : 1, x.data());
        }
        inner.assign(inner.size(), 0);
        convolve(team, maps, convolutions_.back().convolution(), x.data(), nullptr, nullptr, 1, inner.data());
        unload(team, maps, inner.data(), ending, coefficients, rows, low, unit, take);
    }

    /** Winograd tiles that are worth a thread of their own. */
    static constexpr int MIN_TILES = 16;

    struct Maps {
        int height, width, rows, columns, stride;
        const int32_t* cancelled;

        /** A border of one, and what the last Winograd tiles read beyond it. */
        Maps(int height, int width, const int32_t* cancelled)
                : height(height), width(width), rows((height + 3) / 4), columns((width + 3) / 4), stride(4 * columns + 2),
                  cancelled(cancelled) {
        }

        size_t size(int channels) const {
            return static_cast<size_t>(4 * rows + 2) * stride * channels;
        }
    };

    void convolve(detail::Team& team, const Maps& maps, const detail::TiledConvolution& convolution, const float* input, const float* plus,
            const float* factor, float slope, float* output) const {
        using detail::TILES_PER_BLOCK;
        detail::TiledMaps tiled = {input, plus, factor, slope, output, maps.height, maps.width, maps.stride, maps.columns};
        int tiles = maps.rows * maps.columns;
        int blocks = (tiles + TILES_PER_BLOCK - 1) / TILES_PER_BLOCK;
        size_t transformed = static_cast<size_t>(36) * TILES_PER_BLOCK * convolution.inputs;
        size_t products = static_cast<size_t>(36) * TILES_PER_BLOCK * 2 * isa_.floats;
        detail::AlignedVector<float> room(team.size() * (transformed + products));
        team.run(blocks, [&](int worker, int block) {
            if (requested(maps.cancelled)) {
                return;
            }
            float* own = room.data() + worker * (transformed + products);
            int first = block * TILES_PER_BLOCK;
            isa_.convolve_tiles(convolution, tiled, first, std::min(TILES_PER_BLOCK, tiles - first), own, own + transformed);
        });
    }

    void load(detail::Team& team, const Maps& maps, const float* coefficients, const detail::CoefficientRows& rows, int stride, float knee,
            float* to) const {
        team.run(maps.height, [&](int, int y) {
            for (int c = 0; c < inputs_; c++) {
                const float* from = coefficients + rows.at(c, y);
                int step = rows.step(c);
                float* out = to + (static_cast<size_t>(y + 1) * maps.stride + 1) * stride + c;
                for (int x = 0; x < maps.width; x++) {
                    float value = from[x * step];
                    float magnitude = knee * (std::sqrt(1 + 2 * std::fabs(value) / knee) - 1);
                    out[static_cast<size_t>(x) * stride] = value < 0 ? -magnitude : magnitude;
                }
            }
        });
    }

    template <typename Take>
    void unload(detail::Team& team, const Maps& maps, const float* from, int stride, const float* coefficients,
            const detail::CoefficientRows& rows, int low, float unit, const Take& take) const {
        team.run(maps.height, [&](int, int y) {
            for (int c = 0; c < channels_; c++) {
                const float* in = from + (static_cast<size_t>(y + 1) * maps.stride + 1) * stride + c;
                const float* gains = outputs_ > channels_ && c >= low ? in + channels_ - low : nullptr;
                size_t row = rows.at(c, y);
                int step = rows.step(c);
                for (int x = 0; x < maps.width; x++) {
                    size_t at = row + static_cast<size_t>(x) * step;
                    float correction = in[static_cast<size_t>(x) * stride];
                    if (gains != nullptr) {
                        float gain = unit * gains[static_cast<size_t>(x) * stride];
                        float factor = gain < 0 ? 1 / (1 - gain) : 1 + gain;
                        correction += (factor - 1) * (coefficients[at] + correction);
                    }
                    take(at, y * maps.width + x, correction);
                }
            }
        });
    }

    detail::WinogradIsa isa_;
    std::vector<detail::WinogradConvolution> convolutions_;
    int inputs_ = 0, channels_ = 0, width_ = 0, outputs_ = 0;
};

}  // namespace sem

#endif
