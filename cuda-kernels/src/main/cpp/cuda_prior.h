// SPDX-License-Identifier: Apache-2.0
/** The levels of the integer prior on the device (FORMAT.md, "Integer prior"): a level of many pictures at a time. */
#ifndef SEM_CUDA_PRIOR_H
#define SEM_CUDA_PRIOR_H

#include <algorithm>
#include <numeric>

#include "cuda_prior_weights.h"

namespace sem {

/**
 * A batch item on one level, as callers give it. Addresses are those of device memory, such as the data_ptr of contiguous libtorch tensors on the
 * first device; bands are float32 [band][height][width], in and out when quantizing, out when decoding.
 */
struct LevelItem {
    int height;             // of the bands
    int width;              // of the bands
    int gray;
    int quality_index;
    float lambda;           // quantizing only
    DeviceAddress context;  // int8 [channels][grid height][grid width]; none on level 0
    DeviceAddress bands;
    DeviceAddress symbols;  // quantizing only: int32, set, in coding order
    DeviceAddress rows;     // quantizing only: int8, set, in coding order
    DeviceAddress next;     // int8, set: the context of the next level; none on level 1
    DeviceAddress decoder;  // of a CudaDecoder; 0 to quantize
};

/** Elements of an item's arrays. */
struct LevelSizes {
    int64_t context;
    int64_t bands;
    int64_t symbols;
    int64_t next;
};

/** The prior's levels on the device, made of its weights. Methods but for those that add weights may be called by many threads. */
class CudaPrior : public CudaPriorWeights {
public:
    using CudaPriorWeights::CudaPriorWeights;

    LevelSizes sizes(int level, int height, int width, bool gray) const {
        int64_t area = static_cast<int64_t>(height) * width;
        if (level == 0) {
            return {0, 3 * area, (gray ? 1 : 3) * area, 6 * area};
        }
        const Level& l = levels[level - 1];
        int64_t grid = area / phases(level);
        const SymbolStep& last = l.steps[steps(level, gray) - 1];
        return {l.context.inputs * grid, bands(level, gray) * area, (last.before + last.count) * grid, l.up.outputs * grid};
    }

    /**
     * Quantizes or decodes a level of many pictures, in a stream of launches, without waiting for it. What the items point to must stay
     * until the stream has come past.
     *
     * @param stream libtorch's current stream, if its tensors are used
     * @throws std::runtime_error also if there are more positions than kernels count
     */
    void run(int level, const LevelItem* items, int count, CudaStream stream) const {
        if (count == 0) {
            return;
        }
        CudaContext::Current current(context());
        std::vector<BatchItem> ordered = order(level, items, count);
        DeviceMemory device_items(tables.context(), ordered.data(), count, stream);
        if (level == 0) {
            run_low_band(ordered, device_items.address(), stream);
        } else {
            run_detail(level, ordered, device_items.address(), stream);
        }
    }

    /**
     * Quantizes or decodes a level of pictures in host arrays: each array holds those of the items, one behind the other, in the sizes that
     * sizes() gives.
     *
     * @param shapes   of each item height, width, gray, quality index
     * @param lambdas  of each item; null to decode
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
        DeviceMemory device_contexts(tables.context(), contexts, all.context, stream);
        DeviceMemory device_bands(tables.context(), sizeof(float) * all.bands, stream);
        if (!decoding) {
            device_bands.set(bands);
        }
        DeviceMemory device_symbols(tables.context(), decoding ? 0 : sizeof(int32_t) * all.symbols, stream);
        DeviceMemory device_rows(tables.context(), decoding ? 0 : all.symbols, stream);
        DeviceMemory device_next(tables.context(), all.next, stream);
        std::vector<LevelItem> items(count);
        LevelSizes at = {};
        for (int i = 0; i < count; i++) {
            const int* shape = shapes + 4 * i;
            items[i] = {shape[0], shape[1], shape[2], shape[3], decoding ? 0 : lambdas[i], device_contexts.address() + at.context,
                    device_bands.address() + sizeof(float) * at.bands, device_symbols.address() + sizeof(int32_t) * at.symbols,
                    device_rows.address() + at.symbols, device_next.address() + at.next,
                    decoding ? reinterpret_cast<const CudaDecoder*>(decoders[i])->address() : 0};
            add(at, sizes(level, shape[0], shape[1], shape[2]));
        }
        run(level, items.data(), count, stream);
        device_bands.get(bands);
        device_next.get(next);
        if (!decoding) {
            device_symbols.get(symbols);
            device_rows.get(rows);
        }
        context().synchronize(stream);
    }

private:
    /** Kernels count positions with int, in blocks. */
    static constexpr int64_t MAX_POSITIONS = 1 << 30;

    /** What a launch covers: items from the first on, all or those in colour, and their positions. */
    struct Extent {
        int count;
        int positions;
    };

    static void add(LevelSizes& sum, const LevelSizes& sizes) {
        sum.context += sizes.context;
        sum.bands += sizes.bands;
        sum.symbols += sizes.symbols;
        sum.next += sizes.next;
    }

    const CudaContext& context() const {
        return *tables.context();
    }

    int steps(int level, bool gray) const {
        return gray ? phases(level) : static_cast<int>(levels[level - 1].steps.size());
    }

    DeviceMemory weights_of(const int8_t* weights, int inputs, int outputs, int taps, int group) const {
        std::vector<int32_t> packed = pack_weights(weights, inputs, outputs, taps, group);
        return DeviceMemory::lasting(tables.context(), packed.data(), packed.size());
    }

    Convolution convolution(const int8_t* weights, int inputs, int outputs, int taps, int group, const int* bias,
            const int8_t* shifts) const {
        return {inputs, outputs, weights_of(weights, inputs, outputs, taps, group), DeviceMemory::lasting(tables.context(), bias, outputs),
                DeviceMemory::lasting(tables.context(), shifts, outputs)};
    }

    /** Bytes of shared memory for the activations of two convolutions. */
    static unsigned shared_bytes(int channels, int hidden) {
        return (divide_up(channels, CHANNELS_PER_WORD) + divide_up(hidden, CHANNELS_PER_WORD)) * POSITIONS_PER_BLOCK * sizeof(int32_t);
    }

    /** The items as kernels see them: those in colour first, so that symbol steps of colour take a run of positions. */
    std::vector<BatchItem> order(int level, const LevelItem* items, int count) const {
        std::vector<int> by_colour(count);
        std::iota(by_colour.begin(), by_colour.end(), 0);
        std::stable_partition(by_colour.begin(), by_colour.end(), [&](int i) { return items[i].gray == 0; });
        int side = level == 0 || phases(level) == 1 ? 1 : 2;
        std::vector<BatchItem> ordered;
        int64_t start = 0;
        for (int i : by_colour) {
            const LevelItem& item = items[i];
            ordered.push_back({static_cast<int32_t>(start), item.height / side, item.width / side, item.quality_index >> 1, item.gray,
                    item.lambda, item.context, item.bands, item.symbols, item.rows, item.next, item.decoder});
            start += static_cast<int64_t>(item.height / side) * (item.width / side);
            if (start > MAX_POSITIONS) {
                throw std::runtime_error("more than " + std::to_string(MAX_POSITIONS) + " positions on level " + std::to_string(level));
            }
        }
        return ordered;
    }

    static Extent all(const std::vector<BatchItem>& items) {
        return {static_cast<int>(items.size()), items.back().start + items.back().height * items.back().width};
    }

    static Extent in_colour(const std::vector<BatchItem>& items) {
        auto gray = std::find_if(items.begin(), items.end(), [](const BatchItem& item) { return item.gray != 0; });
        return gray == items.end() ? all(items) : Extent{static_cast<int>(gray - items.begin()), gray->start};
    }

    /** Sets a gray picture's bands of components 1 and 2 to zero. */
    void clear_colour(const BatchItem& item, int64_t area, int per_component, CudaStream stream) const {
        context().driver.check(context().driver.fill(item.bands + sizeof(float) * per_component * area, 0,
                sizeof(float) * 2 * per_component * area, stream), "cuMemsetD8");
    }

    void run_low_band(const std::vector<BatchItem>& items, DeviceAddress device_items, CudaStream stream) const {
        for (const BatchItem& item : items) {
            if (item.gray != 0) {
                int64_t area = static_cast<int64_t>(item.height) * item.width;
                clear_colour(item, area, 1, stream);
                for (int of : {0, 3}) {
                    context().driver.check(context().driver.fill(item.next + (of + 1) * area, 0, 2 * area, stream), "cuMemsetD8");
                }
            }
        }
        int stride = all(items).positions;
        DeviceMemory values(tables.context(), sizeof(int32_t) * 3 * stride, stream);
        context().low_band.launch(context().driver, static_cast<unsigned>(items.size()), 1, THREADS_PER_WARP, 0, stream, device_items,
                stride, low.address(), compand.address(), tables.index(), tables.entries(), values.address());
    }

    void run_detail(int level, std::vector<BatchItem>& items, DeviceAddress device_items, CudaStream stream) const {
        const Level& l = levels[level - 1];
        bool decoding = items[0].decoder != 0;
        Extent every = all(items);
        Extent colour = in_colour(items);
        size_t count = steps(level, colour.count == 0);
        int stride = every.positions;
        int channels = l.context.outputs;
        for (const BatchItem& item : items) {
            if (item.gray != 0 && level > 1) {
                clear_colour(item, static_cast<int64_t>(item.height) * item.width * phases(level), 3, stream);
            }
        }
        int widest = 0;
        for (const SymbolStep& step : l.steps) {
            widest = std::max(widest, step.count);
        }
        int words = std::max(divide_up(l.context.inputs, CHANNELS_PER_WORD), divide_up(2 * widest, CHANNELS_PER_WORD));
        DeviceMemory input(tables.context(), sizeof(int32_t) * words * stride, stream);
        DeviceMemory sums(tables.context(), sizeof(int32_t) * channels * stride, stream);
        DeviceMemory means(tables.context(), sizeof(int16_t) * widest * stride, stream);
        DeviceMemory choices(tables.context(), decoding ? 0 : static_cast<int64_t>(widest) * stride, stream);
        Scratch scratch;
        if (decoding) {
            scratch = decoding_scratch(l, count, items, device_items, stream);
        }

        int context_words = divide_up(l.context.inputs, CHANNELS_PER_WORD);
        context().pack.launch(context().driver, blocks(every), context_words, THREADS_PER_BLOCK, 0, stream, device_items, every.count,
                every.positions, stride, l.context.inputs, input.address());
        convolve(every, device_items, stride, input, context_words, l.context.weights, channels, l.context.bias.address(),
                l.quality_bias.address(), sums, stream);
        for (size_t k = 0; k < count; k++) {
            const SymbolStep& step = l.steps[k];
            Extent extent = static_cast<int>(k) < steps(level, true) ? every : colour;
            context().symbol_step.launch(context().driver, divide_up(extent.positions, POSITIONS_PER_BLOCK), 1,
                    POSITIONS_PER_BLOCK * WARPS_PER_BLOCK, shared_bytes(channels, step.hidden.outputs), stream, device_items, extent.count,
                    extent.positions, stride, sums.address(), channels, l.context.shifts.address(), step.hidden.weights.address(),
                    step.hidden.bias.address(), step.hidden.shifts.address(), step.hidden.outputs, step.out.weights.address(),
                    step.out.bias.address(), step.out.shifts.address(), step.count, step.before, means.address());
            if (decoding) {
                cuda_decode(tables, scratch.runs.address() + sizeof(DecodeRun) * k * every.count, extent.count, stream);
                context().reconstruct.launch(context().driver, blocks(extent), step.count, THREADS_PER_BLOCK, 0, stream, device_items,
                        extent.count, extent.positions, stride, step.channels.address(), step.count, step.before, phases(level),
                        compand.address(), means.address(), input.address());
            } else {
                context().quantize.launch(context().driver, extent.count, 1, THREADS_PER_WARP, 0, stream, device_items, stride,
                        step.channels.address(), step.count, step.before, phases(level), tables.index(), tables.costs(),
                        compand.address(), means.address(), choices.address(), input.address());
            }
            if (level > 1 || k + 1 < count) {
                convolve(extent, device_items, stride, input, divide_up(2 * step.count, CHANNELS_PER_WORD), step.symbols, channels, 0, 0,
                        sums, stream);
            }
        }
        if (level > 1) {
            context().up.launch(context().driver, divide_up(every.positions, POSITIONS_PER_BLOCK), 1, POSITIONS_PER_BLOCK * WARPS_PER_BLOCK,
                    shared_bytes(channels, l.up_hidden.outputs), stream, device_items, every.count, every.positions, stride,
                    sums.address(), channels, l.context.shifts.address(), l.up_hidden.weights.address(), l.up_hidden.bias.address(),
                    l.up_hidden.shifts.address(), l.up_hidden.outputs, l.up.weights.address(), l.up.bias.address(), l.up.shifts.address(),
                    l.up.outputs, phases(level));
        }
    }

    static unsigned blocks(const Extent& extent) {
        return divide_up(extent.positions, THREADS_PER_BLOCK);
    }

    void convolve(const Extent& extent, DeviceAddress items, int stride, const DeviceMemory& input, int words, const DeviceMemory& weights,
            int outputs, DeviceAddress bias, DeviceAddress quality_bias, const DeviceMemory& sums, CudaStream stream) const {
        context().convolve.launch(context().driver, blocks(extent), divide_up(outputs, OUTPUTS_PER_THREAD), THREADS_PER_BLOCK, 0, stream,
                items, extent.count, extent.positions, stride, input.address(), words, weights.address(), outputs, 3, bias, quality_bias,
                sums.address());
    }

    /** Symbols and scale indices of a level that is decoded, and its symbol steps: those of all items, symbol step by symbol step. */
    struct Scratch {
        DeviceMemory symbols;
        DeviceMemory scale_indices;
        DeviceMemory runs;
    };

    /** @param count symbol steps that any of the items has */
    Scratch decoding_scratch(const Level& l, size_t count, std::vector<BatchItem>& items, DeviceAddress device_items,
            CudaStream stream) const {
        const SymbolStep& last = l.steps[count - 1];
        int64_t all_symbols = static_cast<int64_t>(last.before + last.count) * all(items).positions;
        Scratch scratch;
        scratch.symbols = DeviceMemory(tables.context(), sizeof(int32_t) * all_symbols, stream);
        scratch.scale_indices = DeviceMemory(tables.context(), all_symbols, stream);
        std::vector<DecodeRun> runs(count * items.size());
        for (size_t i = 0; i < items.size(); i++) {
            BatchItem& item = items[i];
            int64_t first = static_cast<int64_t>(last.before + last.count) * item.start;
            int64_t area = static_cast<int64_t>(item.height) * item.width;
            item.symbols = scratch.symbols.address() + sizeof(int32_t) * first;
            item.rows = scratch.scale_indices.address() + first;
            for (size_t k = 0; k < count; k++) {
                int64_t at = l.steps[k].before * area;
                DeviceAddress symbols = item.symbols + sizeof(int32_t) * at;
                runs[k * items.size() + i] = {item.decoder, item.rows + at, symbols, l.steps[k].count * area, 0};
            }
        }
        scratch.runs = DeviceMemory(tables.context(), runs.data(), runs.size(), stream);
        context().driver.check(context().driver.to_device(device_items, items.data(), sizeof(BatchItem) * items.size(), stream),
                "cuMemcpyHtoD");
        return scratch;
    }
};

}  // namespace sem

#endif
