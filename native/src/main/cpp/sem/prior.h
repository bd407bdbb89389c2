/**
 * A level of the integer prior in C++ (FORMAT.md, "Integer prior"); see org.semimage.compute.PriorLevels for what goes in and out.
 *
 * Planes have a border of one position on every side and no break between rows, so that a 3x3 convolution is nine distances and
 * runs through the whole plane; what it computes at border positions is never used. Inputs of a convolution are pairs of channels,
 * int16 halves of a word, as the multiply-add instructions want them. All 1x1 layers of a step run on one block of positions before
 * the next block: what lies between them stays in the cache.
 */
#ifndef SEM_PRIOR_H
#define SEM_PRIOR_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sem/arithmetic.h"
#include "sem/entropy.h"
#include "sem/kernels.h"

namespace sem {

namespace detail {

constexpr int MAX_MEAN = 127 * 16;
constexpr int COMPANDED = 4096;

/** Tiles of a block of positions. */
constexpr int BLOCK_TILES = 4;

/** Rows of a job that codes coefficients. */
constexpr int ROWS_PER_JOB = 32;

/** Positions that are worth a thread of their own. */
constexpr int POSITIONS_PER_THREAD = 2048;

/** A layer with weights packed for accumulate_tile. */
struct PackedLayer {
    int inputs, outputs;
    std::vector<int32_t> weights;
    std::vector<int32_t> bias;
    std::vector<int8_t> shifts;

    int groups() const {
        return (outputs + GROUP - 1) / GROUP;
    }

    int pairs() const {
        return (inputs + 1) / 2;
    }
};

/** The grid that a level's networks run on, with its border. */
struct Grid {
    int height, width, stride, plane;

    Grid(int height, int width) : height(height), width(width), stride(width + 2), plane((height + 2) * stride + BLOCK_TILES * SLACK) {
    }

    int first() const {
        return stride + 1;
    }

    int end() const {
        return (height + 1) * stride - 1;
    }

    int area() const {
        return height * width;
    }

    /** Calls use(offset from the first position, y, x, count) for the runs inside the grid of positions position..position+count-1. */
    template <typename Use>
    void runs(int position, int count, const Use& use) const {
        for (int i = 0; i < count;) {
            int y = (position + i) / stride - 1;
            int x = (position + i) % stride - 1;
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

inline int32_t rounded(int32_t sum, int shift) {
    return add(sum, 1 << shift >> 1) >> shift;
}

inline int8_t scale_index(int32_t log_scale) {
    return static_cast<int8_t>(std::max(0, std::min(SCALES - 1, add(log_scale, 129) >> 1)));
}

}  // namespace detail

/** Ideal code lengths of symbols in bits, as org.semimage.compute.ScaleTables gives them. */
class SymbolCosts {
public:
    /**
     * @param sizes entries of each table
     * @param bits  of all entries, table by table
     */
    SymbolCosts(const int32_t* sizes, const float* bits) {
        int total = 0;
        for (int t = 0; t < TABLES; t++) {
            base_[t] = total;
            size_[t] = sizes[t];
            total += sizes[t];
        }
        bits_.assign(bits, bits + total);
    }

    float cost(int scale, int32_t symbol) const {
        int low = detail::low_bits(scale);
        int table = detail::table_of(scale);
        const float* bits = &bits_[base_[table]];
        int magnitude = std::abs(detail::high_part(symbol, low));
        int radius = (size_[table] - 2) / 2;
        if (magnitude > radius) {
            int excess = 31 - __builtin_clz(magnitude - radius);
            return bits[size_[table] - 1] + detail::ESCAPE_HEAD_BITS + excess + low;
        }
        return bits[2 * magnitude] + low;
    }

    /** The symbol that costs least: squared error plus lambda times bits, of the nearest and the one below it. */
    int32_t quantize(float value, int scale, float lambda) const {
        float magnitude = std::fabs(value);
        float half_up = magnitude + 0.5f;
        if (!(half_up >= 1)) {
            return 0;
        }
        int sign = value < 0 ? -1 : 1;
        // As Java converts: what does not fit is the largest.
        int nearest = half_up >= 2147483648.0f ? INT32_MAX : static_cast<int>(half_up);
        float error = magnitude - static_cast<float>(nearest);
        float error_below = error + 1;
        nearest = std::min(nearest, MAX_SYMBOL);
        float saved = lambda * (cost(scale, sign * nearest) - cost(scale, sign * (nearest - 1)));
        return error_below * error_below - error * error < saved ? sign * (nearest - 1) : sign * nearest;
    }

private:
    int base_[TABLES];
    int size_[TABLES];
    std::vector<float> bits_;
};

/** How refinement layers split cells; org.semimage.compute.RefinementTables says what numbers mean, and is the reference. */
class Refinement {
public:
    /**
     * @param cells [TABLES][SYMBOLS][2] offsets and whether a part is narrow
     * @param bits  [TABLES][SYMBOLS] ideal code lengths
     */
    Refinement(const int8_t* cells, const float* bits)
            : cells_(cells, cells + TABLES * SYMBOLS * 2), bits_(bits, bits + TABLES * SYMBOLS) {
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
    std::vector<float> bits_;
};

/** The networks of one level. Filled by the methods up to `up`, then used by many threads. */
class PriorLevel {
public:
    /**
     * @param phases  of a band on the grid, 1 or 4
     * @param bands   3 or 9
     * @param compand [4096]
     */
    PriorLevel(int instruction_set, int phases, int bands, const int8_t* compand)
            : isa_(detail::isa(instruction_set)), phases_(phases), bands_(bands), compand_(compand, compand + detail::COMPANDED) {
    }

    void context(const int8_t* weights, int inputs, int outputs, const int32_t* bias, const int8_t* shifts, const int8_t* quality) {
        context_ = layer(weights, inputs, outputs, 9, bias, shifts);
        quality_.assign(quality, quality + outputs);
    }

    /** The next step, with the phase channels that it codes. */
    void step(const int32_t* channels, int count, const int8_t* hidden_weights, int hidden, const int32_t* hidden_bias,
            const int8_t* hidden_shifts, const int8_t* out_weights, const int32_t* out_bias, const int8_t* out_shifts) {
        Step step;
        step.channels.assign(channels, channels + count);
        step.hidden = layer(hidden_weights, context_.outputs, hidden, 1, hidden_bias, hidden_shifts);
        step.out = layer(out_weights, hidden, 2 * count, 1, out_bias, out_shifts);
        steps_.push_back(step);
    }

    /** What the coded values of the steps so far add to the sums. */
    void symbols(const int8_t* weights, int outputs) {
        int n = bands_ * phases_;
        for (Step& step : steps_) {
            // A channel's value and its magnitude are one pair.
            std::vector<int8_t> chosen;
            for (int o = 0; o < outputs; o++) {
                for (int channel : step.channels) {
                    for (int input : {channel, n + channel}) {
                        const int8_t* from = weights + (static_cast<size_t>(o) * 2 * n + input) * 9;
                        chosen.insert(chosen.end(), from, from + 9);
                    }
                }
            }
            step.symbols = detail::pair_weights(chosen.data(), 2 * static_cast<int>(step.channels.size()), outputs, 9);
        }
    }

    void up(const int8_t* hidden_weights, int hidden, const int32_t* hidden_bias, const int8_t* hidden_shifts, const int8_t* weights,
            int outputs, const int32_t* bias, const int8_t* shifts) {
        up_hidden_ = layer(hidden_weights, context_.outputs, hidden, 1, hidden_bias, hidden_shifts);
        up_ = layer(weights, hidden, outputs, 1, bias, shifts);
    }

    /**
     * Quantizes coefficients.
     *
     * @param height  of the bands
     * @param target  [band][height * width]
     * @param symbols of all steps, [phase channel][grid] in coding order
     * @param scales  the same
     * @param decoded [band][height * width]; bands that are not coded are left alone
     * @param next    the next level's context; unused without `up`
     * @param cancelled turns from 0 to 1 when nobody wants the result any more, which is then of no meaning; or null
     */
    void quantize(int threads, int height, int width, bool gray, int quality, float lambda, const SymbolCosts& costs,
            const int8_t* context, const float* target, int32_t* symbols, int8_t* scales, float* decoded, int8_t* next,
            const volatile int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        for (int k = 0; k < steps_to_code(gray); k++) {
            int size = static_cast<int>(steps_[k].channels.size()) * walk.grid.area();
            walk.predict(k, scales);
            if (walk.cancelled()) {
                return;
            }
            walk.code(k, [&](size_t in_band, int i) {
                symbols[i] = costs.quantize(target[in_band] - walk.means[i] / 16.0f, scales[i], lambda);
                return walk.reconstructed(decoded[in_band], symbols[i], i);
            });
            symbols += size;
            scales += size;
        }
        walk.hand_down(next);
    }

    /** Decodes coefficients; see `quantize`. Symbols that the decoder does not have are zero. */
    void decode(int threads, int height, int width, bool gray, int quality, const int8_t* context, EntropyDecoder& decoder,
            float* decoded, int8_t* next, const volatile int32_t* cancelled = nullptr) const {
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
            decoder.decode(scales.data(), symbols.data(), 0, size);
            walk.code(k, [&](size_t in_band, int i) { return walk.reconstructed(decoded[in_band], symbols[i], i); });
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
            const volatile int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        std::transform(cells, cells + static_cast<size_t>(bands_) * height * width, refined, Refinement::unrefined);
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

    /** Decodes a refinement; see `refine`. Cells whose symbols the decoder does not have stay as they are. */
    void decode_refinement(int threads, int height, int width, bool gray, int quality, const Refinement& refinement, const int8_t* context,
            const int32_t* cells, EntropyDecoder& decoder, int32_t* refined, int8_t* next,
            const volatile int32_t* cancelled = nullptr) const {
        Walk walk(*this, threads, height, width, quality, context, cancelled);
        std::transform(cells, cells + static_cast<size_t>(bands_) * height * width, refined, Refinement::unrefined);
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
            walk.each(k, [&](size_t in_band, int i, size_t) {
                classes[i] = Refinement::class_of(cells[in_band], walk.means[i] - Refinement::centre(cells[in_band]), classes[i]);
            });
            if (walk.cancelled()) {
                return;
            }
            int decoded = decoder.decode(classes.data(), symbols.data(), 0, size);
            walk.code(k, [&](size_t in_band, int i) {
                if (i < decoded) {
                    int32_t distance = walk.means[i] - Refinement::centre(cells[in_band]);
                    refined[in_band] = refinement.refined(cells[in_band], distance, classes[i], symbols[i]);
                }
                return Refinement::value(refined[in_band]);
            });
        }
        walk.hand_down(next);
    }

private:
    struct Step {
        std::vector<int32_t> channels;
        detail::PackedLayer hidden, out;
        std::vector<int32_t> symbols;
    };

    /** One picture's way through the level. Once it is cancelled, jobs are skipped: nothing may be read that they were to write. */
    struct Walk {
        const PriorLevel& level;
        const volatile int32_t* cancellation;
        int threads, height, width;
        detail::Grid grid;
        int block;
        std::vector<int32_t> sums;
        std::vector<int16_t> means;
        std::vector<int32_t> values;

        Walk(const PriorLevel& level, int threads, int height, int width, int quality, const int8_t* context,
                const volatile int32_t* cancellation)
                : level(level), cancellation(cancellation), threads(threads), height(height), width(width),
                  grid(level.phases_ == 1 ? detail::Grid(height, width) : detail::Grid(height / 2, width / 2)),
                  block(detail::BLOCK_TILES * level.isa_.tile) {
            this->threads = std::max(1, std::min(threads, grid.area() / detail::POSITIONS_PER_THREAD));
            const detail::PackedLayer& layer = level.context_;
            sums.resize(static_cast<size_t>(layer.groups()) * detail::GROUP * grid.plane);
            std::vector<int32_t> input(static_cast<size_t>(layer.pairs()) * grid.plane);
            detail::run(this->threads, layer.pairs(), [&](int, int pair) {
                load_pair(context, layer.inputs, pair, &input[static_cast<size_t>(pair) * grid.plane]);
            });
            detail::run(this->threads, layer.outputs, [&](int, int c) {
                auto plane = sums.begin() + static_cast<size_t>(c) * grid.plane;
                std::fill(plane, plane + grid.plane, add(layer.bias[c], level.quality_[c] * (quality >> 1)));
            });
            convolve(input.data(), layer.pairs(), layer.weights.data());
        }

        bool cancelled() const {
            return cancellation != nullptr && *cancellation != 0;
        }

        void load_pair(const int8_t* context, int channels, int pair, int32_t* plane) const {
            const int8_t* a = context + static_cast<size_t>(2 * pair) * grid.area();
            // An odd last channel is its own partner: the weight there is zero.
            const int8_t* b = 2 * pair + 1 < channels ? a + grid.area() : a;
            for (int y = 0; y < grid.height; y++) {
                int32_t* to = plane + (y + 1) * grid.stride + 1;
                for (int x = 0; x < grid.width; x++, a++, b++) {
                    to[x] = detail::pair_word(*a, *b);
                }
            }
        }

        /** Adds a 3x3 convolution of pairs to the sums. */
        void convolve(const int32_t* input, int pairs, const int32_t* weights) {
            detail::Band band = {input, pairs, grid.plane, 9, {0}};
            for (int tap = 0; tap < 9; tap++) {
                band.offsets[tap] = (tap / 3 - 1) * grid.stride + tap % 3 - 1;
            }
            for_blocks([&](int, int from, int to) {
                const int32_t* w = weights;
                for (int o = 0; o < level.context_.outputs; o += detail::GROUP, w += static_cast<size_t>(pairs) * 9 * detail::GROUP) {
                    for (int position = from; position < to; position += level.isa_.tile) {
                        level.isa_.accumulate_tile(band, position, w, &sums[static_cast<size_t>(o) * grid.plane + position], grid.plane);
                    }
                }
            });
        }

        /** Calls use(worker, from, to) for blocks of positions; the last one may end behind the grid, in the slack. */
        template <typename Use>
        void for_blocks(const Use& use) const {
            int blocks = (grid.end() - grid.first() + block - 1) / block;
            detail::run(threads, blocks, [&](int worker, int i) {
                if (cancelled()) {
                    return;
                }
                int from = grid.first() + i * block;
                int tiles = std::min(detail::BLOCK_TILES, (grid.end() - from + level.isa_.tile - 1) / level.isa_.tile);
                use(worker, from, from + tiles * level.isa_.tile);
            });
        }

        /** Room for one block's pass through two 1x1 layers. */
        struct Scratch {
            std::vector<int32_t> words, sums;

            Scratch(const detail::PackedLayer& a, const detail::PackedLayer& b, int block)
                    : words(static_cast<size_t>(std::max(a.pairs(), b.pairs())) * block),
                      sums(static_cast<size_t>(std::max(a.groups(), b.groups())) * detail::GROUP * block) {
            }
        };

        /** Runs two 1x1 layers on every block; use(from, to, sums of the second layer, block) takes what they give. */
        template <typename Use>
        void through(const detail::PackedLayer& hidden, const detail::PackedLayer& out, const Use& use) const {
            std::vector<Scratch> scratches(threads, Scratch(hidden, out, block));
            for_blocks([&](int worker, int from, int to) {
                Scratch& scratch = scratches[worker];
                activate_pairs(level.context_, sums.data() + from, grid.plane, to - from, scratch.words.data());
                pointwise(hidden, scratch, to - from);
                activate_pairs(hidden, scratch.sums.data(), block, to - from, scratch.words.data());
                pointwise(out, scratch, to - from);
                use(from, to, scratch.sums.data());
            });
        }

        void activate_pairs(const detail::PackedLayer& layer, const int32_t* from, size_t plane, int count, int32_t* words) const {
            for (int c = 0; c < layer.outputs; c += 2, from += 2 * plane, words += block) {
                bool paired = c + 1 < layer.outputs;
                level.isa_.activate_pair(from, paired ? from + plane : from, layer.shifts[c], layer.shifts[paired ? c + 1 : c], count, words);
            }
        }

        void pointwise(const detail::PackedLayer& layer, Scratch& scratch, int count) const {
            detail::Band band = {scratch.words.data(), layer.pairs(), block, 1, {0}};
            const int32_t* w = layer.weights.data();
            for (int o = 0; o < layer.outputs; o += detail::GROUP, w += static_cast<size_t>(layer.pairs()) * detail::GROUP) {
                for (int i = 0; i < detail::GROUP; i++) {
                    int32_t* plane = &scratch.sums[static_cast<size_t>(o + i) * block];
                    std::fill(plane, plane + count, o + i < layer.outputs ? layer.bias[o + i] : 0);
                }
                for (int position = 0; position < count; position += level.isa_.tile) {
                    level.isa_.accumulate_tile(band, position, w, &scratch.sums[static_cast<size_t>(o) * block + position], block);
                }
            }
        }

        /** Means, and the scale indices of a step. */
        void predict(int k, int8_t* scales) {
            const Step& step = level.steps_[k];
            int n = static_cast<int>(step.channels.size());
            means.resize(static_cast<size_t>(n) * grid.area());
            through(step.hidden, step.out, [&](int from, int to, const int32_t* outputs) {
                grid.runs(from, to - from, [&](int offset, int y, int x, int count) {
                    for (int c = 0; c < n; c++) {
                        size_t at = static_cast<size_t>(c) * grid.area() + y * grid.width + x;
                        const int32_t* mean = outputs + static_cast<size_t>(c) * block + offset;
                        const int32_t* log_scale = outputs + static_cast<size_t>(n + c) * block + offset;
                        int mean_shift = step.out.shifts[c];
                        int scale_shift = step.out.shifts[n + c];
                        for (int i = 0; i < count; i++) {
                            int32_t m = detail::rounded(mean[i], mean_shift);
                            means[at + i] = static_cast<int16_t>(std::max(-detail::MAX_MEAN, std::min(detail::MAX_MEAN, m)));
                            scales[at + i] = detail::scale_index(detail::rounded(log_scale[i], scale_shift));
                        }
                    }
                });
            });
        }

        /** Stores a coefficient in steps, and gives it in sixteenths. */
        int32_t reconstructed(float& decoded, int32_t symbol, int i) const {
            int32_t value = 16 * symbol + means[i];
            decoded = value / 16.0f;
            return value;
        }

        /** Calls use(position in the bands, index in the step, word of the values' plane) for all of a step. */
        template <typename Use>
        void each(int k, const Use& use) {
            const Step& step = level.steps_[k];
            int n = static_cast<int>(step.channels.size());
            int spread = level.phases_ == 1 ? 1 : 2;
            int jobs_per_channel = (grid.height + detail::ROWS_PER_JOB - 1) / detail::ROWS_PER_JOB;
            detail::run(threads, n * jobs_per_channel, [&](int, int job) {
                if (cancelled()) {
                    return;
                }
                int c = job / jobs_per_channel;
                int phase = step.channels[c] % level.phases_;
                size_t band = static_cast<size_t>(step.channels[c] / level.phases_) * height * width;
                int first = job % jobs_per_channel * detail::ROWS_PER_JOB;
                for (int y = first; y < std::min(grid.height, first + detail::ROWS_PER_JOB); y++) {
                    int at = c * grid.area() + y * grid.width;
                    size_t in_band = band + static_cast<size_t>(spread * y + (phase >> 1)) * width + (phase & 1);
                    size_t word = static_cast<size_t>(c) * grid.plane + (y + 1) * grid.stride + 1;
                    for (int x = 0; x < grid.width; x++, at++, word++, in_band += spread) {
                        use(in_band, at, word);
                    }
                }
            });
        }

        /** Takes value(position in the bands, index in the step) in sixteenths for all of a step, and adds what follows from them to the sums. */
        template <typename Value>
        void code(int k, const Value& value) {
            int n = static_cast<int>(level.steps_[k].channels.size());
            bool is_last = level.up_.outputs == 0 && k + 1 == static_cast<int>(level.steps_.size());
            values.assign(static_cast<size_t>(n) * grid.plane, 0);
            each(k, [&](size_t in_band, int at, size_t word) {
                int32_t v = value(in_band, at);
                int8_t magnitude = level.compand_[std::min(detail::COMPANDED - 1, std::abs(v))];
                values[word] = detail::pair_word(v < 0 ? -magnitude : magnitude, magnitude);
            });
            if (!is_last) {
                convolve(values.data(), n, level.steps_[k].symbols.data());
            }
        }

        /** The next level's context: channels 4c..4c+3 become the 2x2 phases of channel c at twice the size, if the level has phases. */
        void hand_down(int8_t* next) const {
            const detail::PackedLayer& up = level.up_;
            if (up.outputs == 0) {
                return;
            }
            int spread = level.phases_ == 1 ? 1 : 2;
            through(level.up_hidden_, up, [&](int from, int to, const int32_t* outputs) {
                grid.runs(from, to - from, [&](int offset, int y, int x, int count) {
                    for (int c = 0; c < up.outputs; c++) {
                        int phase = c % level.phases_;
                        size_t channel = static_cast<size_t>(c / level.phases_) * level.phases_ * grid.area();
                        int8_t* out = next + channel + static_cast<size_t>(spread * y + (phase >> 1)) * spread * grid.width + spread * x + (phase & 1);
                        for (int i = 0; i < count; i++) {
                            out[spread * i] = activate(outputs[static_cast<size_t>(c) * block + offset + i], up.shifts[c]);
                        }
                    }
                });
            });
        }
    };

    static detail::PackedLayer layer(const int8_t* weights, int inputs, int outputs, int taps, const int32_t* bias, const int8_t* shifts) {
        return {inputs, outputs, detail::pair_weights(weights, inputs, outputs, taps), std::vector<int32_t>(bias, bias + outputs),
                std::vector<int8_t>(shifts, shifts + outputs)};
    }

    /** Steps that code colour come last; gray pictures have none. */
    int steps_to_code(bool gray) const {
        return gray ? std::min(phases_, static_cast<int>(steps_.size())) : static_cast<int>(steps_.size());
    }

    detail::Isa isa_;
    int phases_, bands_;
    std::vector<int8_t> compand_;
    detail::PackedLayer context_ = {}, up_hidden_ = {}, up_ = {};
    std::vector<int8_t> quality_;
    std::vector<Step> steps_;
};

}  // namespace sem

#endif
