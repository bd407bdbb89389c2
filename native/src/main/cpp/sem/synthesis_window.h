// SPDX-License-Identifier: Apache-2.0
/**
 * From the coefficients of a window to samples, in C++: quantizer steps, the inverse wavelet from level 3 on, the colour transform.
 * org.semimage.compute.network.PyramidWindow in Java gives the same bits.
 */
#ifndef SEM_SYNTHESIS_WINDOW_H
#define SEM_SYNTHESIS_WINDOW_H

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/aligned.h"
#include "sem/cancellation.h"
#include "sem/team.h"

namespace sem {

namespace detail {

/** The wavelet's lifting steps and scaling (FORMAT.md, "Wavelet"). */
constexpr float WAVELET_ALPHA = -1.586134342059924f;
constexpr float WAVELET_BETA = -0.052980118572961f;
constexpr float WAVELET_GAMMA = 0.882911075530934f;
constexpr float WAVELET_DELTA = 0.443506852043971f;
constexpr float WAVELET_K = 1.149604398860241f;

/** Components of a row of pixels, and what they are multiplied by. */
struct ColourRow {
    const float *luma, *red_blue, *green;
    float luma_factor, red_blue_factor, green_factor;
    int count;
};

/** What differs between instruction sets. */
struct SynthesisIsa {
    void (*scale)(float*, int, float);
    void (*join_columns)(const float*, const float*, float*, int, int);
    void (*join_row)(const float*, const float*, float*, float*, int, float*);
    void (*colour_row)(const ColourRow&, int16_t*, int16_t*, int16_t*);
    void (*gray_row)(const ColourRow&, int16_t*);
};

}  // namespace detail

}  // namespace sem

#define SEM_TARGET_CODE "sem/synthesis_target.inc"
#include "sem/foreach_target.inc"

namespace sem {

namespace detail {

inline const SynthesisIsa& synthesis_isa(int instruction_set) {
    return SEM_CHOICE(instruction_set, SYNTHESIS_ISA);
}

}  // namespace detail

/**
 * The coefficients of a window, one plane behind the other: the low band of level 3, details of levels 3, 2 and 1, whose components 1 and 2
 * come with fine colour. One caller at a time.
 */
class SynthesisWindow {
public:
    explicit SynthesisWindow(int instruction_set) : isa_(detail::synthesis_isa(instruction_set)) {
    }

    /** Begins a window, in the room of the one before if it is large enough. @param height, width multiples of 16 */
    void begin(int height, int width, bool fine_colour) {
        height_ = height;
        width_ = width;
        fine_colour_ = fine_colour;
        grow(planes_, at(1, channels(1)));
        grow(low2_, COMPONENTS * area(2));
    }

    /** The first plane. */
    float* bands() {
        return planes_.data();
    }

    /** Takes part of a plane of a level; level 0 is the low band. @param stride values from one row to the next in `from` */
    void put(int level, int channel, const float* from, int first, int stride, int top, int left, int rows, int columns) {
        int width = width_ >> (level == 0 ? LEVELS : level);
        float* to = &planes_[at(level, channel) + static_cast<size_t>(top) * width + left];
        for (int y = 0; y < rows; y++) {
            const float* row = from + first + static_cast<ptrdiff_t>(y) * stride;
            std::copy(row, row + columns, to + static_cast<size_t>(y) * width);
        }
    }

    /**
     * Multiplies a level by steps divided by gains, or the low band, level 0, by gains times steps if `multiply`.
     *
     * @param steps of the channels
     * @param gains by row and column of cells
     * @param cell  coefficients along a cell's side
     */
    void scale(int threads, int level, bool multiply, const float* steps, const float* gains, int cell) {
        int height = height_ >> (level == 0 ? LEVELS : level);
        int width = width_ >> (level == 0 ? LEVELS : level);
        int cells = width / cell;
        detail::Team team(threads);
        team.run(channels(level), [&](int, int channel) {
            float* to = &planes_[at(level, channel)];
            for (int y = 0; y < height; y++) {
                const float* row = gains + static_cast<ptrdiff_t>(y / cell) * cells;
                for (int i = 0; i < cells; i++, to += cell) {
                    isa_.scale(to, cell, multiply ? steps[channel] * row[i] : steps[channel] / row[i]);
                }
            }
        });
    }

    /** Joins level 3; what follows is joined as it is asked for. */
    void join(int threads, const int32_t* cancelled) {
        int rows = strip(LEVELS);
        int height = height_ >> (LEVELS - 1);
        int count = (height + rows - 1) / rows;
        detail::Team team(std::min(threads, count));
        rooms_.resize(std::max<size_t>(rooms_.size(), team.size()));
        team.run(count, [&](int worker, int i) {
            for (int c = 0; c < COMPONENTS && !requested(cancelled); c++) {
                int from = i * rows;
                join(LEVELS, c, from, std::min(height, from + rows), rooms_[worker],
                        &low2_[c * area(2) + static_cast<size_t>(from) * (width_ >> 2)]);
            }
        });
    }

    /** Rows of pixels that are best computed by one thread. */
    int rows_together() const {
        return strip(1);
    }

    /**
     * Samples of rows `from` to `to - 1`, columns `left` to `left + columns - 1`, plane by plane, until the next call.
     *
     * @param step of the picture
     * @param gray whether there is one plane, not three
     */
    int16_t* pixels(int threads, int from, int to, int left, int columns, float step, bool gray) {
        int rows = strip(1);
        int first = from / rows;
        int count = (to - 1) / rows + 1 - first;
        size_t plane = static_cast<size_t>(to - from) * columns;
        grow(samples_, (gray ? 1 : COMPONENTS) * plane);
        int16_t* samples = samples_.data();
        detail::Team team(std::min(threads, count));
        rooms_.resize(std::max<size_t>(rooms_.size(), team.size()));
        team.run(count, [&](int worker, int i) {
            int top = std::max(from, (first + i) * rows);
            int bottom = std::min(to, (first + i + 1) * rows);
            strip(top, bottom, left, columns, step, gray, rooms_[worker], samples + static_cast<size_t>(top - from) * columns, plane);
        });
        return samples;
    }

private:
    static constexpr int LEVELS = 3, COMPONENTS = 3, CHANNELS = 9;

    /** Rows above and below which the lifting of a row looks at. */
    static constexpr int REACH = 4;

    /** Samples of a strip: few enough that what it passes through stays in the second-level cache. */
    static constexpr int STRIP = 1 << 15;

    /** A strip is no lower than this, or most of it would be what neighbours compute too. */
    static constexpr int MIN_ROWS = 16;

    /** What rows are computed in; one for each level. */
    struct Room {
        struct Level {
            detail::RoomVector<float> low, left, right, even, odd;
        };

        Level levels[LEVELS];
        detail::RoomVector<float> components;
    };

    /** Makes room without keeping what is in it. */
    template <typename Value>
    static void grow(detail::RoomVector<Value>& values, size_t size) {
        if (values.size() < size) {
            values = detail::RoomVector<Value>();
            values.resize(size);
        }
    }

    size_t area(int level) const {
        return static_cast<size_t>(height_ >> level) * (width_ >> level);
    }

    int channels(int level) const {
        return level == 0 || (level == 1 && !fine_colour_) ? COMPONENTS : CHANNELS;
    }

    /** Where a plane begins; level 0 is the low band of level 3. */
    size_t at(int level, int channel) const {
        size_t low = COMPONENTS * area(LEVELS);
        switch (level) {
            case 0: return channel * area(LEVELS);
            case 3: return low + channel * area(3);
            case 2: return low + CHANNELS * area(3) + channel * area(2);
            default: return low + CHANNELS * (area(3) + area(2)) + channel * area(1);
        }
    }

    const float* plane(int level, int channel) const {
        return planes_.data() + at(level, channel);
    }

    /** Rows of a level's low band that are best computed together: an even number. */
    int strip(int level) const {
        return std::max(MIN_ROWS, STRIP / (width_ >> (level - 1)) / 2 * 2);
    }

    /** Rows `from` to `to - 1`, both even, of what a level's bands make together, the low band of the level before. */
    void join(int level, int component, int from, int to, Room& room, float* out) const {
        int height = height_ >> (level - 1);
        int width = width_ >> (level - 1);
        int n = width / 2;
        int first = std::max(0, from - REACH);
        int rows = std::min(height, to + REACH) - first;
        size_t row = static_cast<size_t>(first / 2) * n;
        Room::Level& own = room.levels[level - 1];
        grow(own.left, static_cast<size_t>(rows) * n);
        grow(own.even, n);
        grow(own.odd, n);
        const float* low = level == LEVELS ? plane(0, component) + row : low2_.data() + component * area(2) + row;
        if (level == 1) {
            int coarse = first / 2 / 2 * 2;
            int end = (first / 2 + rows / 2 + 1) / 2 * 2;
            grow(own.low, static_cast<size_t>(end - coarse) * n);
            join(2, component, coarse, end, room, own.low.data());
            low = own.low.data() + static_cast<size_t>(first / 2 - coarse) * n;
        }
        bool kept = 3 * component < channels(level);
        isa_.join_columns(low, kept ? plane(level, 3 * component + 1) + row : nullptr, own.left.data(), rows, n);
        if (kept) {
            grow(own.right, static_cast<size_t>(rows) * n);
            isa_.join_columns(plane(level, 3 * component) + row, plane(level, 3 * component + 2) + row, own.right.data(), rows, n);
        }
        for (int y = from; y < to; y++) {
            size_t place = static_cast<size_t>(y - first) * n;
            isa_.join_row(own.left.data() + place, kept ? own.right.data() + place : nullptr, own.even.data(), own.odd.data(), n,
                    out + static_cast<size_t>(y - from) * width);
        }
    }

    void strip(int from, int to, int left, int columns, float step, bool gray, Room& room, int16_t* samples, size_t plane) const {
        int top = from / 2 * 2;
        int bottom = (to + 1) / 2 * 2;
        size_t size = static_cast<size_t>(bottom - top) * width_;
        grow(room.components, (gray ? 1 : COMPONENTS) * size);
        for (int c = 0; c < (gray ? 1 : COMPONENTS); c++) {
            join(1, c, top, bottom, room, room.components.data() + c * size);
        }
        detail::ColourRow row = {nullptr, nullptr, nullptr, static_cast<float>(1 / std::sqrt(3.0)) * step,
                static_cast<float>(1 / std::sqrt(2.0)) * step, static_cast<float>(1 / std::sqrt(6.0)) * step, columns};
        for (int y = from; y < to; y++, samples += columns) {
            row.luma = room.components.data() + static_cast<size_t>(y - top) * width_ + left;
            if (gray) {
                isa_.gray_row(row, samples);
            } else {
                row.red_blue = row.luma + size;
                row.green = row.luma + 2 * size;
                isa_.colour_row(row, samples, samples + plane, samples + 2 * plane);
            }
        }
    }

    detail::SynthesisIsa isa_;
    int height_ = 0, width_ = 0;
    bool fine_colour_ = false;
    detail::RoomVector<float> planes_, low2_;
    detail::RoomVector<int16_t> samples_;
    std::vector<Room> rooms_;
};

}  // namespace sem

#endif
