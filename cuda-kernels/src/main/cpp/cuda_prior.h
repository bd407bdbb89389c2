// SPDX-License-Identifier: Apache-2.0
/** The levels of the integer prior on the device (FORMAT.md, "Integer prior"): a level of many pictures at a time. */
#ifndef SEM_CUDA_PRIOR_H
#define SEM_CUDA_PRIOR_H

#include <algorithm>
#include <numeric>

#include "cuda_entropy.h"

namespace sem {

/**
 * A picture's level, as callers give it. Addresses are those of device memory, such as the data_ptr of contiguous libtorch tensors on the
 * first device; bands are float32 [band][height][width], in and out when quantizing, out when decoding.
 */
struct LevelPart {
    int height;             // of the bands
    int width;              // of the bands
    int gray;
    int quality;
    float lambda;           // quantizing only
    DeviceAddress context;  // int8 [channels][grid height][grid width]; none on level 0
    DeviceAddress bands;
    DeviceAddress symbols;  // quantizing only: int32, set, in coding order
    DeviceAddress rows;     // quantizing only: int8, set, in coding order
    DeviceAddress next;     // int8, set: the context of the next level; none on level 1
    DeviceAddress decoder;  // of a CudaDecoder; 0 to quantize
};

/** Elements of a part's arrays. */
struct LevelSizes {
    int64_t context;
    int64_t bands;
    int64_t symbols;
    int64_t next;
};

/** Weights of the prior on the device, and the levels that they make. Methods but for those that add weights may be called by many threads. */
class CudaPrior {
public:
    static constexpr int LEVELS = 6;

    /**
     * @param compand companding table, 4096 entries
     * @param low     log scale of the low band, 3 rows of 3
     */
    CudaPrior(const CudaTables& tables, const int8_t* compand, const int* low)
            : tables_(tables), compand_(DeviceMemory::lasting(tables.context(), compand, COMPANDED)),
              low_(DeviceMemory::lasting(tables.context(), low, 9)) {
    }

    /** Adds the 3x3 context layer of a level, which must be the first of the level's. */
    void add_context(int level, const int8_t* weights, int inputs, int outputs, const int* bias, const int8_t* shifts, const int8_t* quality) {
        Level& l = levels_[level - 1];
        l.context = layer(weights, inputs, outputs, 9, OUTPUTS_PER_THREAD, bias, shifts);
        l.quality = DeviceMemory::lasting(tables_.context(), quality, outputs);
    }

    /**
     * Adds a step to a level.
     *
     * @param channels phase channels of the step, count of them
     * @param symbols  3x3 weights from the step's values and their magnitudes to the sums
     */
    void add_step(int level, const int* channels, int count, const int8_t* hidden_weights, int hidden, const int* hidden_bias,
            const int8_t* hidden_shifts, const int8_t* out_weights, const int* out_bias, const int8_t* out_shifts, const int8_t* symbols) {
        Level& l = levels_[level - 1];
        Step step;
        step.before = l.steps.empty() ? 0 : l.steps.back().before + l.steps.back().count;
        step.count = count;
        step.channels = DeviceMemory::lasting(tables_.context(), channels, count);
        step.hidden = layer(hidden_weights, l.context.outputs, hidden, 1, LAYER_OUTPUTS_PER_THREAD, hidden_bias, hidden_shifts);
        step.out = layer(out_weights, hidden, 2 * count, 1, LAYER_OUTPUTS_PER_THREAD, out_bias, out_shifts);
        step.symbols = weights_of(symbols, 2 * count, l.context.outputs, 9, OUTPUTS_PER_THREAD);
        check_tile(l.context.outputs, hidden);
        l.steps.push_back(std::move(step));
    }

    /** Adds the layers that give the next level's context. */
    void add_up(int level, const int8_t* hidden_weights, int hidden, const int* hidden_bias, const int8_t* hidden_shifts,
            const int8_t* out_weights, int outputs, const int* out_bias, const int8_t* out_shifts) {
        Level& l = levels_[level - 1];
        l.up_hidden = layer(hidden_weights, l.context.outputs, hidden, 1, LAYER_OUTPUTS_PER_THREAD, hidden_bias, hidden_shifts);
        l.up = layer(out_weights, hidden, outputs, 1, LAYER_OUTPUTS_PER_THREAD, out_bias, out_shifts);
        check_tile(l.context.outputs, hidden);
    }

    LevelSizes sizes(int level, int height, int width, bool gray) const {
        int64_t area = static_cast<int64_t>(height) * width;
        if (level == 0) {
            return {0, 3 * area, (gray ? 1 : 3) * area, 6 * area};
        }
        const Level& l = levels_[level - 1];
        int64_t grid = area / phases(level);
        const Step& last = l.steps[steps(level, gray) - 1];
        return {l.context.inputs * grid, bands(level, gray) * area, (last.before + last.count) * grid, l.up.outputs * grid};
    }

    /**
     * Quantizes or decodes a level of many pictures, in a stream of launches, without waiting for it. What the parts point to must stay until
     * the stream has come past.
     *
     * @param stream libtorch's current stream, if its tensors are used
     * @throws std::runtime_error also if there are more positions than kernels count
     */
    void run(int level, const LevelPart* parts, int count, CudaStream stream) const {
        if (count == 0) {
            return;
        }
        CudaContext::Current current(context());
        std::vector<Part> ordered = order(level, parts, count);
        DeviceMemory device_parts(tables_.context(), ordered.data(), count, stream);
        if (level == 0) {
            run_low_band(ordered, device_parts.address(), stream);
        } else {
            run_detail(level, ordered, device_parts.address(), stream);
        }
    }

    /**
     * Quantizes or decodes a level of pictures in host arrays: each array holds those of the parts, one behind the other, in the sizes that
     * sizes() gives.
     *
     * @param shapes   of each part height, width, gray, quality
     * @param lambdas  of each part; null to decode
     * @param decoders addresses of CudaDecoder objects; null to quantize
     * @param bands    coefficients; what a decoder will have, when this returns
     * @param symbols  set; null to decode
     * @param rows     set; null to decode
     */
    void run(int level, int count, const int* shapes, const float* lambdas, const int64_t* decoders, const int8_t* contexts, float* bands,
            int32_t* symbols, int8_t* rows, int8_t* next) const {
        CudaContext::Current current(context());
        CudaStream stream = thread_stream();
        bool decoding = decoders != nullptr;
        LevelSizes all = {};
        for (int i = 0; i < count; i++) {
            add(all, sizes(level, shapes[4 * i], shapes[4 * i + 1], shapes[4 * i + 2]));
        }
        DeviceMemory device_contexts(tables_.context(), contexts, all.context, stream);
        DeviceMemory device_bands(tables_.context(), sizeof(float) * all.bands, stream);
        if (!decoding) {
            device_bands.set(bands);
        }
        DeviceMemory device_symbols(tables_.context(), decoding ? 0 : sizeof(int32_t) * all.symbols, stream);
        DeviceMemory device_rows(tables_.context(), decoding ? 0 : all.symbols, stream);
        DeviceMemory device_next(tables_.context(), all.next, stream);
        std::vector<LevelPart> parts(count);
        LevelSizes at = {};
        for (int i = 0; i < count; i++) {
            const int* shape = shapes + 4 * i;
            parts[i] = {shape[0], shape[1], shape[2], shape[3], decoding ? 0 : lambdas[i], device_contexts.address() + at.context,
                    device_bands.address() + sizeof(float) * at.bands, device_symbols.address() + sizeof(int32_t) * at.symbols,
                    device_rows.address() + at.symbols, device_next.address() + at.next,
                    decoding ? reinterpret_cast<const CudaDecoder*>(decoders[i])->address() : 0};
            add(at, sizes(level, shape[0], shape[1], shape[2]));
        }
        run(level, parts.data(), count, stream);
        device_bands.get(bands);
        device_next.get(next);
        if (!decoding) {
            device_symbols.get(symbols);
            device_rows.get(rows);
        }
        context().synchronize(stream);
    }

private:
    /** Kernels count positions with int, in tiles. */
    static constexpr int64_t MAX_POSITIONS = 1 << 30;

    struct Layer {
        int inputs = 0;
        int outputs = 0;
        DeviceMemory weights;
        DeviceMemory bias;
        DeviceMemory shifts;
    };

    struct Step {
        int before;  // channels of the level that steps before take
        int count;   // its channels
        DeviceMemory channels;
        Layer hidden;
        Layer out;
        DeviceMemory symbols;
    };

    struct Level {
        Layer context;
        DeviceMemory quality;
        std::vector<Step> steps;
        Layer up_hidden;
        Layer up;
    };

    /** What a launch covers: parts from the first on, all or those in colour, and their positions. */
    struct Extent {
        int count;
        int positions;
    };

    static int phases(int level) {
        return level == LEVELS ? 1 : 4;
    }

    static int bands(int level, bool gray) {
        return level == 0 || (level == 1 && gray) ? 3 : 9;
    }

    static void add(LevelSizes& sum, const LevelSizes& sizes) {
        sum.context += sizes.context;
        sum.bands += sizes.bands;
        sum.symbols += sizes.symbols;
        sum.next += sizes.next;
    }

    const CudaContext& context() const {
        return *tables_.context();
    }

    int steps(int level, bool gray) const {
        return gray ? phases(level) : static_cast<int>(levels_[level - 1].steps.size());
    }

    DeviceMemory weights_of(const int8_t* weights, int inputs, int outputs, int taps, int group) const {
        std::vector<int32_t> packed = pack_weights(weights, inputs, outputs, taps, group);
        return DeviceMemory::lasting(tables_.context(), packed.data(), packed.size());
    }

    Layer layer(const int8_t* weights, int inputs, int outputs, int taps, int group, const int* bias, const int8_t* shifts) const {
        return {inputs, outputs, weights_of(weights, inputs, outputs, taps, group), DeviceMemory::lasting(tables_.context(), bias, outputs),
                DeviceMemory::lasting(tables_.context(), shifts, outputs)};
    }

    /** Bytes of shared memory for the activations of two layers. */
    static unsigned tile_bytes(int channels, int hidden) {
        return (divide_up(channels, CHANNELS_PER_WORD) + divide_up(hidden, CHANNELS_PER_WORD)) * TILE * sizeof(int32_t);
    }

    static void check_tile(int channels, int hidden) {
        if (divide_up(channels, CHANNELS_PER_WORD) + divide_up(hidden, CHANNELS_PER_WORD) > MAX_TILE_WORDS) {
            throw std::runtime_error("layers of " + std::to_string(channels) + " and " + std::to_string(hidden) + " channels are too wide");
        }
    }

    /** The parts as kernels see them: those in colour first, so that steps of colour take a run of positions. */
    std::vector<Part> order(int level, const LevelPart* parts, int count) const {
        std::vector<int> by_colour(count);
        std::iota(by_colour.begin(), by_colour.end(), 0);
        std::stable_partition(by_colour.begin(), by_colour.end(), [&](int i) { return parts[i].gray == 0; });
        int side = level == 0 || phases(level) == 1 ? 1 : 2;
        std::vector<Part> ordered;
        int64_t start = 0;
        for (int i : by_colour) {
            const LevelPart& p = parts[i];
            ordered.push_back({static_cast<int32_t>(start), p.height / side, p.width / side, p.quality >> 1, p.gray, p.lambda, p.context, p.bands,
                    p.symbols, p.rows, p.next, p.decoder});
            start += static_cast<int64_t>(p.height / side) * (p.width / side);
            if (start > MAX_POSITIONS) {
                throw std::runtime_error("more than " + std::to_string(MAX_POSITIONS) + " positions on level " + std::to_string(level));
            }
        }
        return ordered;
    }

    static Extent all(const std::vector<Part>& parts) {
        return {static_cast<int>(parts.size()), parts.back().start + parts.back().height * parts.back().width};
    }

    static Extent in_colour(const std::vector<Part>& parts) {
        auto gray = std::find_if(parts.begin(), parts.end(), [](const Part& part) { return part.gray != 0; });
        return gray == parts.end() ? all(parts) : Extent{static_cast<int>(gray - parts.begin()), gray->start};
    }

    /** Sets a gray picture's bands of components 1 and 2 to zero. */
    void clear_colour(const Part& part, int64_t area, int per_component, CudaStream stream) const {
        context().driver.check(context().driver.fill(part.bands + sizeof(float) * per_component * area, 0, sizeof(float) * 2 * per_component * area,
                stream), "cuMemsetD8");
    }

    void run_low_band(const std::vector<Part>& parts, DeviceAddress device_parts, CudaStream stream) const {
        for (const Part& part : parts) {
            if (part.gray != 0) {
                int64_t area = static_cast<int64_t>(part.height) * part.width;
                clear_colour(part, area, 1, stream);
                for (int of : {0, 3}) {
                    context().driver.check(context().driver.fill(part.next + (of + 1) * area, 0, 2 * area, stream), "cuMemsetD8");
                }
            }
        }
        int stride = all(parts).positions;
        DeviceMemory values(tables_.context(), sizeof(int32_t) * 3 * stride, stream);
        context().low_band.launch(context().driver, static_cast<unsigned>(parts.size()), 1, LANES_PER_WARP, 0, stream, device_parts, stride,
                low_.address(), compand_.address(), tables_.index(), tables_.entries(), values.address());
    }

    void run_detail(int level, std::vector<Part>& parts, DeviceAddress device_parts, CudaStream stream) const {
        const Level& l = levels_[level - 1];
        bool decoding = parts[0].decoder != 0;
        Extent every = all(parts);
        Extent colour = in_colour(parts);
        size_t count = steps(level, colour.count == 0);
        int stride = every.positions;
        int channels = l.context.outputs;
        for (const Part& part : parts) {
            if (part.gray != 0 && level > 1) {
                clear_colour(part, static_cast<int64_t>(part.height) * part.width * phases(level), 3, stream);
            }
        }
        int widest = 0;
        for (const Step& step : l.steps) {
            widest = std::max(widest, step.count);
        }
        int words = std::max(divide_up(l.context.inputs, CHANNELS_PER_WORD), divide_up(2 * widest, CHANNELS_PER_WORD));
        DeviceMemory input(tables_.context(), sizeof(int32_t) * words * stride, stream);
        DeviceMemory sums(tables_.context(), sizeof(int32_t) * channels * stride, stream);
        DeviceMemory means(tables_.context(), sizeof(int16_t) * widest * stride, stream);
        DeviceMemory choices(tables_.context(), decoding ? 0 : static_cast<int64_t>(widest) * stride, stream);
        Scratch scratch;
        if (decoding) {
            scratch = decoding_scratch(l, count, parts, device_parts, stream);
        }

        int context_words = divide_up(l.context.inputs, CHANNELS_PER_WORD);
        context().pack.launch(context().driver, blocks(every), context_words, THREADS_PER_BLOCK, 0, stream, device_parts, every.count,
                every.positions, stride, l.context.inputs, input.address());
        convolve(every, device_parts, stride, input, context_words, l.context.weights, channels, l.context.bias.address(), l.quality.address(),
                sums, stream);
        for (size_t k = 0; k < count; k++) {
            const Step& step = l.steps[k];
            Extent extent = static_cast<int>(k) < steps(level, true) ? every : colour;
            context().step.launch(context().driver, divide_up(extent.positions, TILE), 1, TILE * WARPS_PER_TILE,
                    tile_bytes(channels, step.hidden.outputs), stream, device_parts, extent.count, extent.positions, stride, sums.address(), channels, l.context.shifts.address(),
                    step.hidden.weights.address(), step.hidden.bias.address(), step.hidden.shifts.address(), step.hidden.outputs,
                    step.out.weights.address(), step.out.bias.address(), step.out.shifts.address(), step.count, step.before, means.address());
            if (decoding) {
                cuda_decode(tables_, scratch.runs.address() + sizeof(DecodeRun) * k * every.count, extent.count, stream);
                context().reconstruct.launch(context().driver, blocks(extent), step.count, THREADS_PER_BLOCK, 0, stream, device_parts, extent.count,
                        extent.positions, stride, step.channels.address(), step.count, step.before, phases(level), compand_.address(),
                        means.address(), input.address());
            } else {
                context().quantize.launch(context().driver, extent.count, 1, LANES_PER_WARP, 0, stream, device_parts, stride,
                        step.channels.address(), step.count, step.before, phases(level), tables_.index(), tables_.costs(), compand_.address(),
                        means.address(), choices.address(), input.address());
            }
            if (level > 1 || k + 1 < count) {
                convolve(extent, device_parts, stride, input, divide_up(2 * step.count, CHANNELS_PER_WORD), step.symbols, channels, 0, 0, sums,
                        stream);
            }
        }
        if (level > 1) {
            context().up.launch(context().driver, divide_up(every.positions, TILE), 1, TILE * WARPS_PER_TILE,
                    tile_bytes(channels, l.up_hidden.outputs), stream, device_parts, every.count, every.positions, stride, sums.address(), channels, l.context.shifts.address(),
                    l.up_hidden.weights.address(), l.up_hidden.bias.address(), l.up_hidden.shifts.address(), l.up_hidden.outputs,
                    l.up.weights.address(), l.up.bias.address(), l.up.shifts.address(), l.up.outputs, phases(level));
        }
    }

    static unsigned blocks(const Extent& extent) {
        return divide_up(extent.positions, THREADS_PER_BLOCK);
    }

    void convolve(const Extent& extent, DeviceAddress parts, int stride, const DeviceMemory& input, int words, const DeviceMemory& weights,
            int outputs, DeviceAddress bias, DeviceAddress quality, const DeviceMemory& sums, CudaStream stream) const {
        context().convolve.launch(context().driver, blocks(extent), divide_up(outputs, OUTPUTS_PER_THREAD), THREADS_PER_BLOCK, 0, stream, parts,
                extent.count, extent.positions, stride, input.address(), words, weights.address(), outputs, 3, bias, quality, sums.address());
    }

    /** Symbols and scale indices of a level that is decoded, and its steps: those of all parts, step by step. */
    struct Scratch {
        DeviceMemory symbols;
        DeviceMemory scales;
        DeviceMemory runs;
    };

    /** @param count steps that any of the parts has */
    Scratch decoding_scratch(const Level& l, size_t count, std::vector<Part>& parts, DeviceAddress device_parts, CudaStream stream) const {
        const Step& last = l.steps[count - 1];
        int64_t all_symbols = static_cast<int64_t>(last.before + last.count) * all(parts).positions;
        Scratch scratch;
        scratch.symbols = DeviceMemory(tables_.context(), sizeof(int32_t) * all_symbols, stream);
        scratch.scales = DeviceMemory(tables_.context(), all_symbols, stream);
        std::vector<DecodeRun> runs(count * parts.size());
        for (size_t i = 0; i < parts.size(); i++) {
            Part& part = parts[i];
            int64_t first = static_cast<int64_t>(last.before + last.count) * part.start;
            int64_t area = static_cast<int64_t>(part.height) * part.width;
            part.symbols = scratch.symbols.address() + sizeof(int32_t) * first;
            part.rows = scratch.scales.address() + first;
            for (size_t k = 0; k < count; k++) {
                int64_t at = l.steps[k].before * area;
                runs[k * parts.size() + i] = {part.decoder, part.rows + at, part.symbols + sizeof(int32_t) * at, l.steps[k].count * area, 0};
            }
        }
        scratch.runs = DeviceMemory(tables_.context(), runs.data(), runs.size(), stream);
        context().driver.check(context().driver.to_device(device_parts, parts.data(), sizeof(Part) * parts.size(), stream), "cuMemcpyHtoD");
        return scratch;
    }

    CudaTables tables_;
    DeviceMemory compand_;
    DeviceMemory low_;
    Level levels_[LEVELS];
};

}  // namespace sem

#endif
