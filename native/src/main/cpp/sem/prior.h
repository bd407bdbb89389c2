/**
 * A level of the integer prior in C++ (FORMAT.md, "Integer prior"); see org.semimage.compute.prior.PriorLevels for what goes in and out.
 *
 * Planes have a border of one position on every side and no break between rows, so that a 3x3 convolution is nine distances and
 * runs through the whole plane; what it computes at border positions is never used. Inputs of a convolution are words of channels, two in
 * int16 or four in int8, as the multiply-add instructions want them. What the values of a step add, and all 1x1 layers of the next step,
 * run on one block of positions before the next block: what lies between them stays in the cache. Biases are added where sums are rounded.
 */
#ifndef SEM_PRIOR_H
#define SEM_PRIOR_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sem/aligned.h"
#include "sem/arithmetic.h"
#include "sem/cancellation.h"
#include "sem/entropy.h"
#include "sem/kernels.h"
#include "sem/quantizer.h"

namespace sem {

namespace detail {

constexpr int COMPANDED = 4096;

/** The most register blocks of a cache block. */
constexpr int REGISTER_BLOCKS = 4;

/** Rows of a job that codes coefficients. */
constexpr int ROWS_PER_JOB = 32;

/** Positions that are worth a thread of their own. */
constexpr int POSITIONS_PER_THREAD = 192;

/** Weights packed for Isa::accumulate_pairs. */
struct PackedWeights {
    int words, outputs;
    std::vector<int32_t> weights;

    int groups() const {
        return (outputs + GROUP - 1) / GROUP;
    }
};

/** A layer that takes activations. */
struct PackedLayer {
    PackedWeights packed;
    /** Bias and half of what is rounded away. */
    std::vector<int32_t> rounding;
    std::vector<int8_t> shifts;
};

/** What the values of a step add to the sums. */
struct PackedSymbols {
    PackedWeights packed;
    /** Added for the 128 that is added to values where words have bytes without sign. */
    std::vector<int32_t> correction;
};

/** The grid that a level's networks run on, with its border. */
struct Grid {
    /** Words before the border: a cache line. */
    static constexpr int BEFORE = 16;

    int height, width, stride, plane;

    /** An odd number of cache lines between planes spreads them over the sets of the first-level cache. */
    Grid(int height, int width)
            : height(height), width(width), stride(width + 2), plane((BEFORE + (height + 2) * stride + REGISTER_BLOCKS * SLACK + 15) / 16 * 16 | 16) {
    }

    int at(int y, int x) const {
        return BEFORE + (y + 1) * stride + x + 1;
    }

    /** Where blocks begin: at a cache line, up to BEFORE - 1 ahead of the first position. */
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

}  // namespace detail

/** How refinement layers split cells; org.semimage.compute.prior.RefinementTables says what numbers mean, and is the reference. */
class Refinement {
public:
    /**
     * @param cells    [TABLES][SYMBOLS][2] offsets and whether a part is narrow
     * @param expected [TABLES] offsets of coefficients without a symbol
     * @param bits     [TABLES][SYMBOLS] ideal code lengths
     */
    Refinement(const int8_t* cells, const int8_t* expected, const float* bits)
            : cells_(cells, cells + TABLES * SYMBOLS * 2), expected_(expected, expected + TABLES), bits_(bits, bits + TABLES * SYMBOLS) {
    }

    static int32_t value(int32_t cell) {
        return cell >> 1;
    }

    static int32_t centre(int32_t cell) {
        return clamped(2 * value(cell));
    }

    static int32_t unrefined(int32_t cell) {
        return centre(cell) * 2;
    }

    static int8_t class_of(int32_t cell, int32_t distance, int scale) {
        int32_t away = std::abs(distance);
        if (cell & 1) {
            int row = std::max(0, std::min(6, (scale - 32) / 6));
            return static_cast<int8_t>(66 + 2 * row + (away >= 8));
        }
        int row = std::max(0, std::min(10, (scale - 28) >> 2));
        int column = (away >= 3) + (away >= 6) + (away >= 10) + (away >= 16) + (away >= 28);
        return static_cast<int8_t>(6 * row + column);
    }

    int32_t refined(int32_t cell, int32_t distance, int refinement_class, int32_t symbol) const {
        int magnitude = std::min(SYMBOLS / 2, std::abs(symbol));
        const int8_t* part = &cells_[2 * (refinement_class * SYMBOLS + (symbol > 0 ? 2 * magnitude - 1 : 2 * magnitude))];
        return clamped(centre(cell) + (distance < 0 ? -part[0] : part[0])) * 2 | part[1];
    }

    int32_t expected(int32_t cell, int32_t distance, int refinement_class) const {
        int offset = expected_[refinement_class];
        return clamped(centre(cell) + (distance < 0 ? -offset : offset)) * 2;
    }

    int32_t quantize(float residual, int32_t distance, int refinement_class, float lambda) const {
        float towards = distance < 0 ? -residual : residual;
        int best = 0;
        float least = INFINITY;
        for (int k = 0; k < SYMBOLS; k++) {
            float error = (towards - cells_[2 * (refinement_class * SYMBOLS + k)]) / 16;
            float cost = error * error + lambda * bits_[refinement_class * SYMBOLS + k];
            if (cost < least) {
                least = cost;
                best = k;
            }
        }
        return best & 1 ? (best + 1) >> 1 : -(best >> 1);
    }

private:
    static constexpr int SYMBOLS = 5;
    static constexpr int32_t MAX_VALUE = 1 << 28;

    static int32_t clamped(int32_t value) {
        return std::max(-MAX_VALUE, std::min(MAX_VALUE, value));
    }

    std::vector<int8_t> cells_;
    std::vector<int8_t> expected_;
    std::vector<float> bits_;
};

/** The networks of one level. Filled by the methods up to `up`, then used by many threads. */
class PriorLevel {
public:
    /**
     * @param phases  of a band on the grid, 1 or 4
     * @param compand [4096]
     */
    PriorLevel(int instruction_set, int phases, const int8_t* compand)
            : isa_(detail::isa(instruction_set)), phases_(phases), compand_(compand, compand + detail::COMPANDED) {
    }

    void context(const int8_t* weights, int inputs, int outputs, const int32_t* bias, const int8_t* shifts, const int8_t* quality) {
        inputs_ = inputs;
        context_ = layer(weights, inputs, outputs, 9, bias, shifts, context_channels());
        quality_.assign(quality, quality + outputs);
    }

    /** The next step, with the phase channels that it codes. */
    void step(const int32_t* channels, int count, const int8_t* hidden_weights, int hidden, const int32_t* hidden_bias,
            const int8_t* hidden_shifts, const int8_t* out_weights, const int32_t* out_bias, const int8_t* out_shifts) {
        Step step;
        step.channels.assign(channels, channels + count);
        step.hidden = layer(hidden_weights, context_.packed.outputs, hidden, 1, hidden_bias, hidden_shifts, isa_.activations_per_word);
        step.out = layer(out_weights, hidden, 2 * count, 1, out_bias, out_shifts, isa_.activations_per_word);
        steps_.push_back(step);
    }

    /** What the coded values of the steps so far add to the sums. */
    void symbols(const int8_t* weights, int outputs) {
        int n = BANDS * phases_;
        for (Step& step : steps_) {
            int count = static_cast<int>(step.channels.size());
            std::vector<int8_t> chosen;
            std::vector<int32_t> correction(outputs);
            for (int o = 0; o < outputs; o++) {
                for (int channel : step.channels) {
                    const int8_t* values = weights + (static_cast<size_t>(o) * 2 * n + channel) * 9;
                    const int8_t* magnitudes = values + static_cast<size_t>(n) * 9;
                    chosen.insert(chosen.end(), values, values + 9);
                    chosen.insert(chosen.end(), magnitudes, magnitudes + 9);
                    for (int tap = 0; isa_.takes_unsigned && tap < 9; tap++) {
                        correction[o] -= VALUE_OFFSET * values[tap];
                    }
                }
            }
            step.symbols = {pack(chosen.data(), 2 * count, outputs, 9, symbol_channels()), correction};
        }
    }

    void up(const int8_t* hidden_weights, int hidden, const int32_t* hidden_bias, const int8_t* hidden_shifts, const int8_t* weights,
            int outputs, const int32_t* bias, const int8_t* shifts) {
        up_hidden_ = layer(hidden_weights, context_.packed.outputs, hidden, 1, hidden_bias, hidden_shifts, isa_.activations_per_word);
        up_ = layer(weights, hidden, outputs, 1, bias, shifts, isa_.activations_per_word);
    }

    /**
     * Quantizes coefficients.
     *
     * @param height  of the bands
     * @param target  [band][height * width]
     * @param symbols of all steps, [phase channel][grid] in coding order
     * @param rows    the same: their rows, as the entropy coder takes them
     * @param decoded [band][height * width]; bands that are not coded are left alone
     * @param next    the next level's context; unused without `up`
     * @param cancelled turns from 0 to 1 when nobody wants the result any more, which is then of no meaning; or null
     */
    void quantize(int threads, int height, int width, bool gray, int quality, float lambda, const SymbolCosts& costs,
            const int8_t* context, const float* target, int32_t* symbols, int8_t* rows, float* decoded, int8_t* next,
            const int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        DependentQuantizer quantizer(costs, lambda);
        std::vector<int32_t> levels;
        for (int k = 0; k < steps_to_code(gray); k++) {
            int size = static_cast<int>(steps_[k].channels.size()) * walk.grid.area();
            walk.predict(k, rows);
            const int16_t* means = walk.means.data();
            quantizer.begin(size);
            walk.each(k, [&](size_t in_band, int i) { quantizer.set(i, target[in_band] - means[i] / 16.0f, rows[i]); });
            if (walk.cancelled()) {
                return;
            }
            levels.resize(size);
            walk.team.run(quantizer.walks(), [&](int, int job) { quantizer.solve(job, rows, symbols, levels.data()); });
            const int32_t* found = levels.data();
            walk.code(k, [=](size_t in_band, int i) { return reconstructed(decoded[in_band], found[i], means[i]); });
            symbols += size;
            rows += size;
        }
        walk.hand_down(next);
    }

    /** Decodes coefficients; see `quantize`. Symbols that the decoder does not have are zero. */
    void decode(int threads, int height, int width, bool gray, int quality, const int8_t* context, EntropyDecoder& decoder,
            float* decoded, int8_t* next, const int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        std::vector<int8_t> scales;
        std::vector<int32_t> symbols;
        for (int k = 0; k < steps_to_code(gray); k++) {
            int size = static_cast<int>(steps_[k].channels.size()) * walk.grid.area();
            scales.resize(size);
            symbols.resize(size);
            walk.predict(k, scales.data());
            if (walk.cancelled()) {
                return;
            }
            decoder.decode(scales.data(), symbols.data(), size, 0, size);
            const int16_t* means = walk.means.data();
            const int32_t* found = symbols.data();
            walk.code(k, [=](size_t in_band, int i) { return reconstructed(decoded[in_band], found[i], means[i]); });
        }
        walk.hand_down(next);
    }

    /**
     * Refines coefficients; see `quantize`.
     *
     * @param cells   [band][height * width] from the layer before
     * @param classes of all steps, as symbols
     * @param refined [band][height * width] cells
     */
    void refine(int threads, int height, int width, bool gray, int quality, float lambda, const Refinement& refinement, const int8_t* context,
            const int32_t* cells, const float* target, int32_t* symbols, int8_t* classes, int32_t* refined, int8_t* next,
            const int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        std::transform(cells, cells + static_cast<size_t>(bands(gray)) * height * width, refined, Refinement::unrefined);
        for (int k = 0; k < steps_to_code(gray); k++) {
            int size = static_cast<int>(steps_[k].channels.size()) * walk.grid.area();
            walk.predict(k, classes);
            if (walk.cancelled()) {
                return;
            }
            walk.code(k, [&](size_t in_band, int i) {
                int32_t centre = Refinement::centre(cells[in_band]);
                int32_t distance = walk.means[i] - centre;
                classes[i] = Refinement::class_of(cells[in_band], distance, classes[i]);
                symbols[i] = refinement.quantize(16 * target[in_band] - centre, distance, classes[i], lambda);
                refined[in_band] = refinement.refined(cells[in_band], distance, classes[i], symbols[i]);
                return Refinement::value(refined[in_band]);
            });
            symbols += size;
            classes += size;
        }
        walk.hand_down(next);
    }

    /** Decodes a refinement; see `refine`. Coefficients whose symbols the decoder does not have are where they are expected. */
    void decode_refinement(int threads, int height, int width, bool gray, int quality, const Refinement& refinement, const int8_t* context,
            const int32_t* cells, EntropyDecoder& decoder, int32_t* refined, int8_t* next,
            const int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        std::transform(cells, cells + static_cast<size_t>(bands(gray)) * height * width, refined, Refinement::unrefined);
        std::vector<int8_t> classes;
        std::vector<int32_t> symbols;
        for (int k = 0; k < steps_to_code(gray); k++) {
            int size = static_cast<int>(steps_[k].channels.size()) * walk.grid.area();
            classes.resize(size);
            symbols.resize(size);
            walk.predict(k, classes.data());
            if (walk.cancelled()) {
                return;
            }
            walk.each(k, [&](size_t in_band, int i) {
                classes[i] = Refinement::class_of(cells[in_band], walk.means[i] - Refinement::centre(cells[in_band]), classes[i]);
            });
            if (walk.cancelled()) {
                return;
            }
            int decoded = decoder.decode(classes.data(), symbols.data(), size, 0, size);
            walk.code(k, [&](size_t in_band, int i) {
                int32_t distance = walk.means[i] - Refinement::centre(cells[in_band]);
                refined[in_band] = i < decoded ? refinement.refined(cells[in_band], distance, classes[i], symbols[i])
                        : refinement.expected(cells[in_band], distance, classes[i]);
                return Refinement::value(refined[in_band]);
            });
        }
        walk.hand_down(next);
    }

private:
    /** Added to values where words have bytes without sign. */
    static constexpr int VALUE_OFFSET = 128;

    /** Three orientations of three components. */
    static constexpr int BANDS = 9;

    struct Step {
        std::vector<int32_t> channels;
        detail::PackedLayer hidden, out;
        detail::PackedSymbols symbols;
    };

    /** Stores a coefficient in steps, and gives it in sixteenths. */
    static int32_t reconstructed(float& decoded, int32_t level, int32_t mean) {
        int32_t value = detail::LEVEL_SIXTEENTHS * level + mean;
        decoded = value / 16.0f;
        return value;
    }

    /** One picture's way through the level. Once it is cancelled, jobs are skipped: nothing may be read that they were to write. */
    struct Walk {
        const PriorLevel& level;
        const int32_t* cancellation;
        int height, width;
        detail::Grid grid;
        detail::Team team;
        int register_blocks, block;
        detail::AlignedVector<int32_t> sums, context, values;
        std::vector<int32_t> rounding;
        std::vector<int16_t> means;
        int coded = 0;

        /** A row of one of a step's channels on the grid. */
        struct Row {
            int channel, y;
            size_t in_band;  // the first position in the bands, where the next are so far apart
            int spread;
            int at;  // the first index in the step
        };

        /** Room for one block's pass through two 1x1 layers. */
        struct Scratch {
            detail::AlignedVector<int32_t> words, sums;
        };
        std::vector<Scratch> scratches;

        Walk(const PriorLevel& level, int threads, int height, int width, int quality, const int8_t* context_values,
                const int32_t* cancellation)
                : level(level), cancellation(cancellation), height(height), width(width),
                  grid(level.phases_ == 1 ? detail::Grid(height, width) : detail::Grid(height / 2, width / 2)),
                  team(std::max(1, std::min(threads, grid.area() / detail::POSITIONS_PER_THREAD))) {
            int tiles = (grid.end() - grid.first() + level.isa_.register_block - 1) / level.isa_.register_block;
            register_blocks = std::max(1, std::min(detail::REGISTER_BLOCKS, tiles / (4 * team.size())));
            block = register_blocks * level.isa_.register_block;
            const detail::PackedLayer& layer = level.context_;
            sums.resize(static_cast<size_t>(layer.packed.groups()) * detail::GROUP * grid.plane);
            rounding = layer.rounding;
            for (int c = 0; c < layer.packed.outputs; c++) {
                rounding[c] = add(rounding[c], level.quality_[c] * (quality >> 1));
            }
            scratches.assign(team.size(), {detail::AlignedVector<int32_t>(static_cast<size_t>(level.most_words_) * block),
                                           detail::AlignedVector<int32_t>(static_cast<size_t>(level.most_sums_) * block)});
            load_context(context_values);
            int most = 0;
            for (const Step& step : level.steps_) {
                most = std::max(most, step.symbols.packed.words);
            }
            // The border, where values are zero.
            values.assign(static_cast<size_t>(most) * grid.plane, level.isa_.takes_unsigned ? pack4(-VALUE_OFFSET, 0, -VALUE_OFFSET, 0) : 0);
        }

        bool cancelled() const {
            return requested(cancellation);
        }

        void load_context(const int8_t* from) {
            int channels = level.context_channels();
            auto load = channels == 2 ? level.isa_.load_pairs : level.isa_.load_activations;
            int words = level.context_.packed.words;
            context.resize(static_cast<size_t>(words) * grid.plane);
            team.run(words, [&](int, int word) {
                const int8_t* rows[4];
                for (int c = 0; c < channels; c++) {
                    // A channel beyond the last one is any: the weight there is zero.
                    rows[c] = from + static_cast<size_t>(std::min(word * channels + c, level.inputs_ - 1)) * grid.area();
                }
                int32_t* plane = &context[static_cast<size_t>(word) * grid.plane];
                for (int y = 0; y < grid.height; y++) {
                    load(rows, grid.width, plane + grid.at(y, 0));
                    for (int c = 0; c < channels; c++) {
                        rows[c] += grid.width;
                    }
                }
            });
        }

        /** Adds to the sums of a block what its context says, or the values that were coded last. */
        void add_inputs(int from, int to) {
            const Step* last = coded == 0 ? nullptr : &level.steps_[coded - 1];
            const detail::PackedWeights& weights = last == nullptr ? level.context_.packed : last->symbols.packed;
            int channels = last == nullptr ? level.context_channels() : level.symbol_channels();
            detail::Isa::Accumulate accumulate = channels == 2 ? level.isa_.accumulate_pairs : level.isa_.accumulate_activations;
            detail::WordPlanes planes = {last == nullptr ? context.data() : values.data(), weights.words, grid.plane, 9, {0}};
            for (int tap = 0; tap < 9; tap++) {
                planes.offsets[tap] = (tap / 3 - 1) * grid.stride + tap % 3 - 1;
            }
            const int32_t* w = weights.weights.data();
            for (int o = 0; o < weights.outputs; o += detail::GROUP, w += static_cast<size_t>(weights.words) * 9 * detail::GROUP) {
                for (int position = from; position < to; position += level.isa_.register_block) {
                    accumulate(planes, position, w, &sums[static_cast<size_t>(o) * grid.plane + position], grid.plane, last == nullptr);
                }
            }
        }

        /**
         * Adds the inputs that came last to the sums, and runs two 1x1 layers on every block; use(from, to, sums of the second layer) takes
         * what they give.
         */
        template <typename Use>
        void through(const detail::PackedLayer& hidden, const detail::PackedLayer& out, const Use& use) {
            if (coded > 0) {
                const std::vector<int32_t>& correction = level.steps_[coded - 1].symbols.correction;
                for (size_t c = 0; c < correction.size(); c++) {
                    rounding[c] = add(rounding[c], correction[c]);
                }
            }
            int blocks = (grid.end() - grid.first() + block - 1) / block;
            team.run(blocks, [&](int worker, int i) {
                if (cancelled()) {
                    return;
                }
                int from = grid.first() + i * block;
                int tiles = std::min(register_blocks, (grid.end() - from + level.isa_.register_block - 1) / level.isa_.register_block);
                // The last block may end behind the grid, in the slack.
                int count = tiles * level.isa_.register_block;
                Scratch& scratch = scratches[worker];
                add_inputs(from, from + count);
                activate(level.context_.packed.outputs, rounding, level.context_.shifts, sums.data() + from, grid.plane, count, scratch.words.data());
                pointwise(hidden.packed, scratch, count);
                activate(hidden.packed.outputs, hidden.rounding, hidden.shifts, scratch.sums.data(), block, count, scratch.words.data());
                pointwise(out.packed, scratch, count);
                use(from, count, scratch.sums.data());
            });
        }

        void activate(int outputs, const std::vector<int32_t>& rounding, const std::vector<int8_t>& shifts, const int32_t* from, size_t plane,
                int count, int32_t* words) const {
            int channels = level.isa_.activations_per_word;
            for (int first = 0; first < outputs; first += channels, words += block) {
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
                level.isa_.activate_words(rows, halves, distances, count, words);
            }
        }

        void pointwise(const detail::PackedWeights& weights, Scratch& scratch, int count) const {
            detail::WordPlanes planes = {scratch.words.data(), weights.words, block, 1, {0}};
            const int32_t* w = weights.weights.data();
            for (int o = 0; o < weights.outputs; o += detail::GROUP, w += static_cast<size_t>(weights.words) * detail::GROUP) {
                for (int position = 0; position < count; position += level.isa_.register_block) {
                    level.isa_.accumulate_activations(planes, position, w, &scratch.sums[static_cast<size_t>(o) * block + position], block, true);
                }
            }
        }

        /** Means, and the scale indices of a step. */
        void predict(int k, int8_t* scales) {
            const Step& step = level.steps_[k];
            int n = static_cast<int>(step.channels.size());
            means.resize(static_cast<size_t>(n) * grid.area());
            through(step.hidden, step.out, [&](int from, int positions, const int32_t* outputs) {
                grid.runs(from, positions, [&](int offset, int y, int x, int count) {
                    for (int c = 0; c < n; c++) {
                        size_t at = static_cast<size_t>(c) * grid.area() + y * grid.width + x;
                        level.isa_.round_means(outputs + static_cast<size_t>(c) * block + offset, step.out.rounding[c], step.out.shifts[c], count, &means[at]);
                        level.isa_.round_scale_indices(outputs + static_cast<size_t>(n + c) * block + offset, step.out.rounding[n + c], step.out.shifts[n + c],
                                count, scales + at);
                        for (int i = 0; i < count; i++) {
                            means[at + i] = scales[at + i] < CERTAIN_SCALES ? 0 : means[at + i];
                        }
                    }
                });
            });
        }

        /** Calls use(row) for all rows of a step. */
        template <typename Use>
        void rows(int k, const Use& use) {
            const Step& step = level.steps_[k];
            int n = static_cast<int>(step.channels.size());
            int spread = level.phases_ == 1 ? 1 : 2;
            int jobs_per_channel = (grid.height + detail::ROWS_PER_JOB - 1) / detail::ROWS_PER_JOB;
            team.run(n * jobs_per_channel, [&](int, int job) {
                if (cancelled()) {
                    return;
                }
                int c = job / jobs_per_channel;
                int phase = step.channels[c] % level.phases_;
                size_t band = static_cast<size_t>(step.channels[c] / level.phases_) * height * width;
                int first = job % jobs_per_channel * detail::ROWS_PER_JOB;
                for (int y = first; y < std::min(grid.height, first + detail::ROWS_PER_JOB); y++) {
                    size_t in_band = band + static_cast<size_t>(spread * y + (phase >> 1)) * width + (phase & 1);
                    use(Row{c, y, in_band, spread, c * grid.area() + y * grid.width});
                }
            });
        }

        /** Calls use(position in the bands, index in the step) for all of a step. */
        template <typename Use>
        void each(int k, const Use& use) {
            rows(k, [&](const Row& row) {
                for (int x = 0; x < grid.width; x++) {
                    use(row.in_band + static_cast<size_t>(x) * row.spread, row.at + x);
                }
            });
        }

        /** Takes value(position in the bands, index in the step) in sixteenths for all of a step, as inputs of what follows. */
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
            const int8_t* compand = level.compand_.data();
            if (!level.isa_.takes_unsigned) {
                int32_t* words = &values[row.channel * static_cast<size_t>(grid.plane) + grid.at(row.y, from)];
                for (int i = 0; i < count; i++) {
                    int8_t magnitude = compand[std::min(detail::COMPANDED - 1, std::abs(run[i]))];
                    words[i] = detail::pair_word(run[i] < 0 ? -magnitude : magnitude, magnitude);
                }
                return;
            }
            // Two channels to a word, by whichever threads; only little-endian processors come here.
            uint8_t* bytes = reinterpret_cast<uint8_t*>(&values[(row.channel >> 1) * static_cast<size_t>(grid.plane) + grid.at(row.y, from)])
                    + 2 * (row.channel & 1);
            for (int i = 0; i < count; i++) {
                int magnitude = compand[std::min(detail::COMPANDED - 1, std::abs(run[i]))];
                bytes[4 * i] = static_cast<uint8_t>((run[i] < 0 ? -magnitude : magnitude) + VALUE_OFFSET);
                bytes[4 * i + 1] = static_cast<uint8_t>(magnitude);
            }
        }

        /** The next level's context: channels 4c..4c+3 become the 2x2 phases of channel c at twice the size, if the level has phases. */
        void hand_down(int8_t* next) {
            const detail::PackedLayer& up = level.up_;
            if (up.packed.outputs == 0) {
                return;
            }
            int spread = level.phases_ == 1 ? 1 : 2;
            through(level.up_hidden_, up, [&](int from, int positions, const int32_t* outputs) {
                grid.runs(from, positions, [&](int offset, int y, int x, int count) {
                    int8_t row[detail::REGISTER_BLOCKS * detail::SLACK];
                    for (int c = 0; c < up.packed.outputs; c++) {
                        int phase = c % level.phases_;
                        size_t channel = static_cast<size_t>(c / level.phases_) * level.phases_ * grid.area();
                        int8_t* out = next + channel + static_cast<size_t>(spread * y + (phase >> 1)) * spread * grid.width + spread * x + (phase & 1);
                        level.isa_.activate_row(outputs + static_cast<size_t>(c) * block + offset, up.rounding[c], up.shifts[c], count, row);
                        for (int i = 0; i < count; i++) {
                            out[spread * i] = row[i];
                        }
                    }
                });
            });
        }
    };

    detail::PackedWeights pack(const int8_t* weights, int inputs, int outputs, int taps, int channels) const {
        return {(inputs + channels - 1) / channels, outputs, detail::weights_in_words(weights, inputs, outputs, taps, channels)};
    }

    /** Channels of the context in a word. The first level's are values with a sign. */
    int context_channels() const {
        return phases_ == 1 ? 2 : isa_.activations_per_word;
    }

    /** Values and magnitudes in a word. */
    int symbol_channels() const {
        return isa_.takes_unsigned ? isa_.activations_per_word : 2;
    }

    detail::PackedLayer layer(const int8_t* weights, int inputs, int outputs, int taps, const int32_t* bias, const int8_t* shifts, int channels) {
        detail::PackedLayer made = {pack(weights, inputs, outputs, taps, channels), {}, std::vector<int8_t>(shifts, shifts + outputs)};
        for (int c = 0; c < outputs; c++) {
            made.rounding.push_back(add(bias[c], 1 << shifts[c] >> 1));
        }
        most_words_ = std::max(most_words_, (outputs + isa_.activations_per_word - 1) / isa_.activations_per_word);
        most_sums_ = std::max(most_sums_, made.packed.groups() * detail::GROUP);
        return made;
    }

    /** Bands of a part: on the finest level, which hands nothing down, colour may be left out. */
    int bands(bool gray) const {
        return gray && up_.packed.outputs == 0 ? 3 : BANDS;
    }

    /** Steps that code colour come last; gray pictures have none. */
    int steps_to_code(bool gray) const {
        return gray ? std::min(phases_, static_cast<int>(steps_.size())) : static_cast<int>(steps_.size());
    }

    detail::Isa isa_;
    int phases_;
    int inputs_ = 0, most_words_ = 0, most_sums_ = 0;
    std::vector<int8_t> compand_;
    detail::PackedLayer context_ = {}, up_hidden_ = {}, up_ = {};
    std::vector<int8_t> quality_;
    std::vector<Step> steps_;
};

}  // namespace sem

#endif
