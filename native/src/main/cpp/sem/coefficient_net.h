// SPDX-License-Identifier: Apache-2.0
/** The coefficient network in C++ (FORMAT.md, "Coefficient networks"); see org.semimage.compute.network.CoefficientNet. */
#ifndef SEM_COEFFICIENT_NET_H
#define SEM_COEFFICIENT_NET_H

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/aligned.h"
#include "sem/cancellation.h"
#include "sem/kernels.h"
#include "sem/winograd.h"

namespace sem {

namespace detail {

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
struct CoefficientIsa {
    void (*soften)(float*, int, float);
    void (*apply_gains)(float*, const float*, const float*, int, float);
};

}  // namespace detail

}  // namespace sem

#define SEM_TARGET_CODE "sem/coefficient_target.inc"
#include "sem/foreach_target.inc"

namespace sem {

namespace detail {

inline const CoefficientIsa& coefficient_isa(int instruction_set) {
    return SEM_CHOICE(instruction_set, COEFFICIENT_ISA);
}

}  // namespace detail

/** A residual network on packed coefficients. Filled by `add_convolution`, then used by many threads. */
class CoefficientNet {
public:
    explicit CoefficientNet(int instruction_set)
            : isa_(detail::coefficient_isa(instruction_set)), winograd_(detail::winograd_isa(instruction_set)) {
    }

    /**
     * The next convolution: the head, two of each block, the tail.
     *
     * @param weights [outputs][inputs][3][3], of float or of binary16's bits
     */
    template <typename W>
    void add_convolution(int threads, int inputs, int outputs, const W* weights, const float* bias) {
        detail::Team team(threads);
        convolutions_.emplace_back(winograd_, team, inputs, outputs, weights, bias);
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
        detail::RoomVector<float> x(maps.size(n)), inner(maps.size(std::max({n, first, ending})));
        detail::AlignedVector<float> factor(n), head_bias(n);
        std::copy(quality_factor, quality_factor + width_, factor.begin());
        detail::TiledConvolution head = convolutions_.front().convolution();
        for (int c = 0; c < width_; c++) {
            head_bias[c] = head.bias[c] + quality_shift[c];
        }
        head.bias = head_bias.data();

        detail::Team team(std::min(threads, std::max(1, maps.rows * maps.columns / MIN_TILES)));
        clear_border(maps, first, inner.data());
        load(team, maps, coefficients, rows, first, knee, inner.data());
        clear_border(maps, n, x.data());
        int last = static_cast<int>(convolutions_.size()) - 1;
        bool ends = last == 1;
        convolve(team, maps, head, inner.data(), nullptr, ends ? factor.data() : nullptr, ends ? slope : 1, x.data());
        clear_border(maps, n, inner.data());
        for (int i = 1; i < last; i += 2) {
            ends = i + 2 == last;
            convolve(team, maps, convolutions_[i].convolution(), x.data(), nullptr, nullptr, slope, inner.data());
            convolve(team, maps, convolutions_[i + 1].convolution(), inner.data(), x.data(), ends ? factor.data() : nullptr,
                    ends ? slope : 1, x.data());
        }
        convolve(team, maps, convolutions_.back().convolution(), x.data(), nullptr, nullptr, 1, inner.data());
        unload(team, maps, inner.data(), ending, coefficients, rows, low, unit, take);
    }

    /** Positions of a row that change their layout together: what they touch stays in the first-level cache. */
    static constexpr int TOGETHER = 16;

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
        size_t products = static_cast<size_t>(36) * TILES_PER_BLOCK * 2 * winograd_.floats;
        detail::RoomVector<float> room(team.size() * (transformed + products));
        team.run(blocks, [&](int worker, int block) {
            if (requested(maps.cancelled)) {
                return;
            }
            float* own = room.data() + worker * (transformed + products);
            int first = block * TILES_PER_BLOCK;
            winograd_.convolve_tiles(convolution, tiled, first, std::min(TILES_PER_BLOCK, tiles - first), own, own + transformed);
        });
    }

    /** Zeros around what lies inside. */
    static void clear_border(const Maps& maps, int channels, float* to) {
        size_t row = static_cast<size_t>(maps.stride) * channels;
        std::fill(to, to + row, 0.0f);
        for (int y = 1; y <= maps.height; y++) {
            float* begin = to + y * row;
            std::fill(begin, begin + channels, 0.0f);
            std::fill(begin + static_cast<size_t>(maps.width + 1) * channels, begin + row, 0.0f);
        }
        std::fill(to + (maps.height + 1) * row, to + maps.size(channels), 0.0f);
    }

    /** @param stride channels of `to`; those that are made up are zero */
    void load(detail::Team& team, const Maps& maps, const float* coefficients, const detail::CoefficientRows& rows, int stride, float knee,
            float* to) const {
        team.run(maps.height, [&](int, int y) {
            std::vector<float> softened(static_cast<size_t>(stride) * TOGETHER);
            float* out = to + (static_cast<size_t>(y + 1) * maps.stride + 1) * stride;
            for (int first = 0; first < maps.width; first += TOGETHER) {
                int count = std::min(TOGETHER, maps.width - first);
                for (int c = 0; c < inputs_; c++) {
                    gather(coefficients, rows, c, y, first, count, &softened[static_cast<size_t>(c) * TOGETHER]);
                }
                isa_.soften(softened.data(), inputs_ * TOGETHER, knee);
                for (int x = 0; x < count; x++, out += stride) {
                    for (int c = 0; c < stride; c++) {
                        out[c] = softened[static_cast<size_t>(c) * TOGETHER + x];
                    }
                }
            }
        });
    }

    template <typename Take>
    void unload(detail::Team& team, const Maps& maps, const float* from, int stride, const float* coefficients,
            const detail::CoefficientRows& rows, int low, float unit, const Take& take) const {
        team.run(maps.height, [&](int, int y) {
            float corrections[TOGETHER], gains[TOGETHER], values[TOGETHER];
            for (int first = 0; first < maps.width; first += TOGETHER) {
                int count = std::min(TOGETHER, maps.width - first);
                for (int c = 0; c < channels_; c++) {
                    const float* in = from + (static_cast<size_t>(y + 1) * maps.stride + 1 + first) * stride + c;
                    gather(in, stride, count, corrections);
                    if (outputs_ > channels_ && c >= low) {
                        gather(in + channels_ - low, stride, count, gains);
                        gather(coefficients, rows, c, y, first, count, values);
                        isa_.apply_gains(corrections, gains, values, count, unit);
                    }
                    size_t at = rows.at(c, y) + static_cast<size_t>(first) * rows.step(c);
                    for (int x = 0; x < count; x++) {
                        take(at + static_cast<size_t>(x) * rows.step(c), y * maps.width + first + x, corrections[x]);
                    }
                }
            }
        });
    }

    static void gather(const float* from, int distance, int count, float* to) {
        for (int i = 0; i < count; i++) {
            to[i] = from[static_cast<ptrdiff_t>(i) * distance];
        }
    }

    static void gather(const float* coefficients, const detail::CoefficientRows& rows, int channel, int y, int x, int count, float* to) {
        gather(coefficients + rows.at(channel, y) + static_cast<size_t>(x) * rows.step(channel), rows.step(channel), count, to);
    }

    detail::CoefficientIsa isa_;
    detail::WinogradIsa winograd_;
    std::vector<detail::WinogradConvolution> convolutions_;
    int inputs_ = 0, channels_ = 0, width_ = 0, outputs_ = 0;
};

}  // namespace sem

#endif
