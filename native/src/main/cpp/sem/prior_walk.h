// SPDX-License-Identifier: Apache-2.0
/**
 * How the networks of a level of the integer prior are run in C++ (FORMAT.md, "Integer prior").
 *
 * Planes have a border of one position on every side and no break between rows, so that a 3x3 convolution is nine distances and
 * runs through the whole plane; what it computes at border positions is never used. What the values of a symbol step add, and all 1x1
 * convolutions of the next symbol step, run on one cache block of positions before the next: what lies between them stays in the cache.
 */
#ifndef SEM_PRIOR_WALK_H
#define SEM_PRIOR_WALK_H

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sem/aligned.h"
#include "sem/arithmetic.h"
#include "sem/cancellation.h"
#include "sem/prior_weights.h"
#include "sem/team.h"

namespace sem {

namespace detail {

/** The most register blocks of a cache block. */
constexpr int REGISTER_BLOCKS = 4;

/** Rows of a job that codes coefficients. */
constexpr int ROWS_PER_JOB = 32;

/** Positions that are worth a thread of their own. */
constexpr int POSITIONS_PER_THREAD = 192;

/** The grid that a level's networks run on, with its border. */
struct Grid {
    /** Words before the border: a cache line. */
    static constexpr int BEFORE = 16;

    int height, width, stride, plane;

    /** An odd number of cache lines between planes spreads them over the sets of the first-level cache. */
    Grid(int height, int width)
            : height(height), width(width), stride(width + 2),
              plane((BEFORE + (height + 2) * stride + REGISTER_BLOCKS * SLACK + 15) / 16 * 16 | 16) {
    }

    int at(int y, int x) const {
        return BEFORE + (y + 1) * stride + x + 1;
    }

    /** Where cache blocks begin: at a cache line, up to BEFORE - 1 ahead of the first position. */
    int first() const {
        return at(0, 0) / BEFORE * BEFORE;
    }

    int end() const {
        return at(height - 1, width);
    }

    int area() const {
        return height * width;
    }

    /** Calls use(offset from the first position, y, x, count) for the runs inside the grid of positions position..position+count-1. */
    template <typename Use>
    void runs(int position, int count, const Use& use) const {
        for (int i = std::max(0, at(0, 0) - position); i < count;) {
            int y = (position + i - BEFORE) / stride - 1;
            int x = (position + i - BEFORE) % stride - 1;
            if (y >= height) {
                return;
            }
            if (x < 0 || x >= width) {
                i++;
                continue;
            }
            int run = std::min(count - i, width - x);
            use(i, y, x, run);
            i += run;
        }
    }
};

/** One picture's way through the level. Once it is cancelled, jobs are skipped: nothing may be read that they were to write. */
struct PriorWalk {
    const LevelWeights& level;
    const int32_t* cancellation;
    int height, width;
    Grid grid;
    Team team;
    int register_blocks;  // of a cache block
    int cache_block;      // its positions
    RoomVector<int32_t> sums, context;
    AlignedVector<int32_t> values;
    std::vector<int32_t> rounding;
    std::vector<int16_t> means;
    int coded = 0;

    /** A row of one of a symbol step's channels on the grid. */
    struct Row {
        int channel, y;
        size_t in_band;  // the first position in the bands, where the next are so far apart
        int spread;
        int at;  // the first index in the symbol step
    };

    /** Room for one cache block's pass through two 1x1 convolutions. */
    struct Scratch {
        RoomVector<int32_t> words, sums;
    };
    std::vector<Scratch> scratches;

    PriorWalk(const LevelWeights& level, int threads, int height, int width, int quality_index, const int8_t* context_values,
            const int32_t* cancellation)
            : level(level), cancellation(cancellation), height(height), width(width),
              grid(level.phases == 1 ? Grid(height, width) : Grid(height / 2, width / 2)),
              team(std::max(1, std::min(threads, grid.area() / POSITIONS_PER_THREAD))) {
        int all = (grid.end() - grid.first() + level.isa.register_block - 1) / level.isa.register_block;
        register_blocks = std::max(1, std::min(REGISTER_BLOCKS, all / (4 * team.size())));
        cache_block = register_blocks * level.isa.register_block;
        const PackedConvolution& convolution = level.context;
        sums.resize(static_cast<size_t>(convolution.packed.groups()) * GROUP * grid.plane);
        rounding = convolution.rounding;
        for (int c = 0; c < convolution.packed.outputs; c++) {
            rounding[c] = add(rounding[c], level.quality_bias[c] * (quality_index >> 1));
        }
        scratches.assign(team.size(), {RoomVector<int32_t>(static_cast<size_t>(level.most_words) * cache_block),
                                       RoomVector<int32_t>(static_cast<size_t>(level.most_sums) * cache_block)});
        load_context(context_values);
    }

    /** Puts values in the place of the context, which the sums have all of. */
    void begin_values() {
        RoomVector<int32_t>().swap(context);
        int most = 0;
        for (const LevelWeights::SymbolStep& step : level.symbol_steps) {
            most = std::max(most, step.symbols.packed.words);
        }
        // The border, where values are zero.
        values.assign(static_cast<size_t>(most) * grid.plane, level.isa.takes_unsigned ? pack4(-VALUE_OFFSET, 0, -VALUE_OFFSET, 0) : 0);
    }

    bool cancelled() const {
        return requested(cancellation);
    }

    void load_context(const int8_t* from) {
        int channels = level.context_channels();
        auto load = channels == 2 ? level.isa.load_pairs : level.isa.load_activations;
        int words = level.context.packed.words;
        context.resize(static_cast<size_t>(words) * grid.plane);
        team.run(words, [&](int, int word) {
            const int8_t* rows[4];
            for (int c = 0; c < channels; c++) {
                // A channel beyond the last one is any: the weight there is zero.
                rows[c] = from + static_cast<size_t>(std::min(word * channels + c, level.context_inputs - 1)) * grid.area();
            }
            int32_t* plane = &context[static_cast<size_t>(word) * grid.plane];
            std::fill(plane, plane + grid.at(0, 0), 0);
            std::fill(plane + grid.at(grid.height, -1), plane + grid.plane, 0);
            for (int y = 0; y < grid.height; y++) {
                plane[grid.at(y, -1)] = plane[grid.at(y, grid.width)] = 0;
                load(rows, grid.width, plane + grid.at(y, 0));
                for (int c = 0; c < channels; c++) {
                    rows[c] += grid.width;
                }
            }
        });
    }

    /** Adds to the sums of a cache block what its context says, or the values that were coded last. */
    void add_inputs(int from, int to) {
        const LevelWeights::SymbolStep* last = coded == 0 ? nullptr : &level.symbol_steps[coded - 1];
        const PackedWeights& weights = last == nullptr ? level.context.packed : last->symbols.packed;
        int channels = last == nullptr ? level.context_channels() : level.symbol_channels();
        Isa::Accumulate accumulate = channels == 2 ? level.isa.accumulate_pairs : level.isa.accumulate_activations;
        WordPlanes planes = {last == nullptr ? context.data() : values.data(), weights.words, grid.plane, 9, {0}};
        for (int tap = 0; tap < 9; tap++) {
            planes.offsets[tap] = (tap / 3 - 1) * grid.stride + tap % 3 - 1;
        }
        const int32_t* w = weights.weights.data();
        for (int o = 0; o < weights.outputs; o += GROUP, w += static_cast<size_t>(weights.words) * 9 * GROUP) {
            for (int position = from; position < to; position += level.isa.register_block) {
                accumulate(planes, position, w, &sums[static_cast<size_t>(o) * grid.plane + position], grid.plane, last == nullptr);
            }
        }
    }

    /**
     * Adds the inputs that came last to the sums, and runs two 1x1 convolutions on every cache block; use(from, to, sums of the second one)
     * takes what they give.
     */
    template <typename Use>
    void through(const PackedConvolution& hidden, const PackedConvolution& out, const Use& use) {
        if (coded > 0) {
            const std::vector<int32_t>& correction = level.symbol_steps[coded - 1].symbols.correction;
            for (size_t c = 0; c < correction.size(); c++) {
                rounding[c] = add(rounding[c], correction[c]);
            }
        }
        int blocks = (grid.end() - grid.first() + cache_block - 1) / cache_block;
        team.run(blocks, [&](int worker, int i) {
            if (cancelled()) {
                return;
            }
            int from = grid.first() + i * cache_block;
            int left = (grid.end() - from + level.isa.register_block - 1) / level.isa.register_block;
            // The last block may end behind the grid, in the slack.
            int count = std::min(register_blocks, left) * level.isa.register_block;
            Scratch& scratch = scratches[worker];
            add_inputs(from, from + count);
            activate(level.context.packed.outputs, rounding, level.context.shifts, sums.data() + from, grid.plane, count,
                    scratch.words.data());
            pointwise(hidden.packed, scratch, count);
            activate(hidden.packed.outputs, hidden.rounding, hidden.shifts, scratch.sums.data(), cache_block, count, scratch.words.data());
            pointwise(out.packed, scratch, count);
            use(from, count, scratch.sums.data());
        });
    }

    void activate(int outputs, const std::vector<int32_t>& rounding, const std::vector<int8_t>& shifts, const int32_t* from, size_t plane,
            int count, int32_t* words) const {
        int channels = level.isa.activations_per_word;
        for (int first = 0; first < outputs; first += channels, words += cache_block) {
            const int32_t* rows[4];
            int32_t halves[4];
            int8_t distances[4];
            for (int i = 0; i < channels; i++) {
                // As in load_context.
                int c = std::min(first + i, outputs - 1);
                rows[i] = from + c * plane;
                halves[i] = rounding[c];
                distances[i] = shifts[c];
            }
            level.isa.activate_words(rows, halves, distances, count, words);
        }
    }

    void pointwise(const PackedWeights& weights, Scratch& scratch, int count) const {
        WordPlanes planes = {scratch.words.data(), weights.words, cache_block, 1, {0}};
        const int32_t* w = weights.weights.data();
        for (int o = 0; o < weights.outputs; o += GROUP, w += static_cast<size_t>(weights.words) * GROUP) {
            for (int position = 0; position < count; position += level.isa.register_block) {
                int32_t* to = &scratch.sums[static_cast<size_t>(o) * cache_block + position];
                level.isa.accumulate_activations(planes, position, w, to, cache_block, true);
            }
        }
    }

    /** Means, and the scale indices of a symbol step: of the first one, and of each once the one before is coded. */
    void predict(int k, int8_t* scale_indices) {
        const LevelWeights::SymbolStep& step = level.symbol_steps[k];
        const PackedConvolution& out = step.out;
        int n = static_cast<int>(step.channels.size());
        means.resize(static_cast<size_t>(n) * grid.area());
        through(step.hidden, out, [&](int from, int positions, const int32_t* outputs) {
            grid.runs(from, positions, [&](int offset, int y, int x, int count) {
                for (int c = 0; c < n; c++) {
                    size_t at = static_cast<size_t>(c) * grid.area() + y * grid.width + x;
                    const int32_t* mean_sums = outputs + static_cast<size_t>(c) * cache_block + offset;
                    const int32_t* scale_index_sums = mean_sums + static_cast<size_t>(n) * cache_block;
                    level.isa.round_means(mean_sums, out.rounding[c], out.shifts[c], count, &means[at]);
                    level.isa.round_scale_indices(scale_index_sums, out.rounding[n + c], out.shifts[n + c], count, scale_indices + at);
                    for (int i = 0; i < count; i++) {
                        means[at + i] = scale_indices[at + i] < CERTAIN_SCALE_INDICES ? 0 : means[at + i];
                    }
                }
            });
        });
        if (k == 0) {
            begin_values();
        }
    }

    /** Calls use(row) for all rows of a symbol step. */
    template <typename Use>
    void rows(int k, const Use& use) {
        const LevelWeights::SymbolStep& step = level.symbol_steps[k];
        int n = static_cast<int>(step.channels.size());
        int spread = level.phases == 1 ? 1 : 2;
        int jobs_per_channel = (grid.height + ROWS_PER_JOB - 1) / ROWS_PER_JOB;
        team.run(n * jobs_per_channel, [&](int, int job) {
            if (cancelled()) {
                return;
            }
            int c = job / jobs_per_channel;
            int phase = step.channels[c] % level.phases;
            size_t band = static_cast<size_t>(step.channels[c] / level.phases) * height * width;
            int first = job % jobs_per_channel * ROWS_PER_JOB;
            for (int y = first; y < std::min(grid.height, first + ROWS_PER_JOB); y++) {
                size_t in_band = band + static_cast<size_t>(spread * y + (phase >> 1)) * width + (phase & 1);
                use(Row{c, y, in_band, spread, c * grid.area() + y * grid.width});
            }
        });
    }

    /** Calls use(position in the bands, index in the symbol step) for all of a symbol step. */
    template <typename Use>
    void each(int k, const Use& use) {
        rows(k, [&](const Row& row) {
            for (int x = 0; x < grid.width; x++) {
                use(row.in_band + static_cast<size_t>(x) * row.spread, row.at + x);
            }
        });
    }

    /** Takes value(position in the bands, index in the symbol step) in sixteenths for all of a symbol step, as inputs of what follows. */
    template <typename Value>
    void code(int k, const Value& value) {
        rows(k, [&](const Row& row) {
            constexpr int RUN = 64;
            int32_t run[RUN];
            for (int from = 0; from < grid.width; from += RUN) {
                int count = std::min(RUN, grid.width - from);
                for (int i = 0; i < count; i++) {
                    run[i] = value(row.in_band + static_cast<size_t>(from + i) * row.spread, row.at + from + i);
                }
                store_values(row, from, count, run);
            }
        });
        coded = k + 1;
    }

    void store_values(const Row& row, int from, int count, const int32_t* run) {
        const int8_t* compand = level.compand.data();
        if (!level.isa.takes_unsigned) {
            int32_t* words = &values[row.channel * static_cast<size_t>(grid.plane) + grid.at(row.y, from)];
            for (int i = 0; i < count; i++) {
                int8_t magnitude = compand[std::min(COMPANDED - 1, std::abs(run[i]))];
                words[i] = pair_word(run[i] < 0 ? -magnitude : magnitude, magnitude);
            }
            return;
        }
        // Two channels to a word, by whichever threads; only little-endian processors come here.
        uint8_t* bytes = reinterpret_cast<uint8_t*>(&values[(row.channel >> 1) * static_cast<size_t>(grid.plane) + grid.at(row.y, from)])
                + 2 * (row.channel & 1);
        for (int i = 0; i < count; i++) {
            int magnitude = compand[std::min(COMPANDED - 1, std::abs(run[i]))];
            bytes[4 * i] = static_cast<uint8_t>((run[i] < 0 ? -magnitude : magnitude) + VALUE_OFFSET);
            bytes[4 * i + 1] = static_cast<uint8_t>(magnitude);
        }
    }

    /** The next level's context: channels 4c..4c+3 become the 2x2 phases of channel c at twice the size, if the level has phases. */
    void hand_down(int8_t* next) {
        const PackedConvolution& up = level.up;
        if (up.packed.outputs == 0) {
            return;
        }
        int spread = level.phases == 1 ? 1 : 2;
        through(level.up_hidden, up, [&](int from, int positions, const int32_t* outputs) {
            grid.runs(from, positions, [&](int offset, int y, int x, int count) {
                int8_t row[REGISTER_BLOCKS * SLACK];
                for (int c = 0; c < up.packed.outputs; c++) {
                    int phase = c % level.phases;
                    size_t channel = static_cast<size_t>(c / level.phases) * level.phases * grid.area();
                    size_t first_row = spread * y + (phase >> 1);
                    int8_t* out = next + channel + first_row * spread * grid.width + spread * x + (phase & 1);
                    const int32_t* sums = outputs + static_cast<size_t>(c) * cache_block + offset;
                    level.isa.activate_row(sums, up.rounding[c], up.shifts[c], count, row);
                    for (int i = 0; i < count; i++) {
                        out[spread * i] = row[i];
                    }
                }
            });
        });
    }
};

}  // namespace detail

}  // namespace sem

#endif
