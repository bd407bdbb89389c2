// SPDX-License-Identifier: Apache-2.0
/**
 * The format's hot path on the device: convolutions and symbol steps of the integer prior, rounding, rANS. A launch takes the items of many
 * pictures, or many streams. A plane of activations or sums holds `stride` positions, of which the first `positions` take part: those of
 * the first `count` items.
 */
#include "convolutions.cuh"
#include "prior.cuh"

extern __shared__ int shared_words[];

/** The items' contexts as words [channels / 4][stride]: one position and, by blockIdx.y, one word per thread. */
extern "C" __global__ void sem_pack(const sem::BatchItem* items, int count, int positions, int stride, int channels, int* words) {
    int position = sem::thread_position();
    if (position >= positions) {
        return;
    }
    const sem::BatchItem& item = sem::item_of(items, count, position);
    int area = item.height * item.width;
    const int8_t* context = sem::device_pointer<const int8_t>(item.context) + (position - item.start);
    int8_t values[sem::CHANNELS_PER_WORD];
    for (int k = 0; k < sem::CHANNELS_PER_WORD; k++) {
        int channel = blockIdx.y * sem::CHANNELS_PER_WORD + k;
        values[k] = channel < channels ? context[static_cast<int64_t>(channel) * area] : 0;
    }
    words[static_cast<int64_t>(blockIdx.y) * stride + position] = sem::pack4(values[0], values[1], values[2], values[3]);
}

/**
 * A convolution of words into sums: one position and, by blockIdx.y, OUTPUTS_PER_THREAD outputs per thread. Sums begin as
 * bias + quality_bias * half_quality_index of the item, or go on from what is there if there is no bias.
 */
extern "C" __global__ void sem_convolve(const sem::BatchItem* items, int count, int positions, int stride, const int* input, int words,
        const int* weights, int outputs, int kernel, const int* bias, const int8_t* quality_bias, int* sums) {
    int position = sem::thread_position();
    if (position >= positions) {
        return;
    }
    const sem::BatchItem& item = sem::item_of(items, count, position);
    int first = blockIdx.y * sem::OUTPUTS_PER_THREAD;
    int* to = sums + static_cast<int64_t>(first) * stride + position;
    int sum[sem::OUTPUTS_PER_THREAD];
#pragma unroll
    for (int o = 0; o < sem::OUTPUTS_PER_THREAD; o++) {
        bool there = first + o < outputs;
        sum[o] = !there ? 0 : bias == nullptr ? to[static_cast<int64_t>(o) * stride]
                : sem::accumulate(bias[first + o], item.half_quality_index, quality_bias[first + o]);
    }
    const auto* w = reinterpret_cast<const sem::Weights<sem::OUTPUTS_PER_THREAD>*>(weights)
            + static_cast<int64_t>(blockIdx.y) * words * kernel * kernel;
    if (kernel == 3) {
        sem::convolve<3>(item, position, stride, input, words, w, sum);
    } else {
        sem::convolve<1>(item, position, stride, input, words, w, sum);
    }
#pragma unroll
    for (int o = 0; o < sem::OUTPUTS_PER_THREAD; o++) {
        if (first + o < outputs) {
            to[static_cast<int64_t>(o) * stride] = sum[o];
        }
    }
}

/** Sums to activations: one value per thread. */
extern "C" __global__ void sem_activate(const int* sums, const int8_t* shifts, int channels, int area, int8_t* output) {
    int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i < static_cast<int64_t>(channels) * area) {
        output[i] = sem::activate(sums[i], shifts[i / area]);
    }
}

/**
 * The networks of a symbol step of n channels, behind `before` channels of the level: means [n][stride], and the scale indices of the
 * items.
 */
extern "C" __global__ void sem_symbol_step(const sem::BatchItem* items, int count, int positions, int stride, const int* sums, int channels,
        const int8_t* shifts, const int* hidden_weights, const int* hidden_bias, const int8_t* hidden_shifts, int hidden,
        const int* out_weights, const int* out_bias, const int8_t* out_shifts, int n, int before, int16_t* means) {
    int position = static_cast<int>(blockIdx.x * sem::POSITIONS_PER_BLOCK + threadIdx.x % sem::POSITIONS_PER_BLOCK);
    int* active = shared_words;
    int* inner = active + (channels + sem::CHANNELS_PER_WORD - 1) / sem::CHANNELS_PER_WORD * sem::POSITIONS_PER_BLOCK;
    sem::activate_block(sums, shifts, channels, position, positions, stride, active);
    sem::activate_convolution(active, channels, hidden_weights, hidden_bias, hidden_shifts, hidden, inner);
    if (position >= positions) {
        return;
    }
    const sem::BatchItem& item = sem::item_of(items, count, position);
    int64_t area = static_cast<int64_t>(item.height) * item.width;
    int8_t* scale_indices = sem::device_pointer<int8_t>(item.rows) + before * area + (position - item.start);
    int group = sem::POINTWISE_OUTPUTS_PER_THREAD;
    for (int first = threadIdx.x / sem::POSITIONS_PER_BLOCK * group; first < 2 * n; first += sem::WARPS_PER_BLOCK * group) {
        int sum[sem::POINTWISE_OUTPUTS_PER_THREAD];
        sem::apply(inner, hidden, out_weights, out_bias, first, 2 * n, sum);
        for (int k = 0; k < group && first + k < 2 * n; k++) {
            int o = first + k;
            int value = sem::rounded_shift(sum[k], out_shifts[o]);
            if (o < n) {
                means[static_cast<int64_t>(o) * stride + position] = static_cast<int16_t>(max(-sem::MAX_MEAN, min(sem::MAX_MEAN, value)));
            } else {
                scale_indices[(o - n) * area] = sem::scale_index_of(value);
            }
        }
    }
}

/** The next level's context of each item: A(up_out(A(up_hidden(A(sums))))), shuffled where there are four phases. */
extern "C" __global__ void sem_up(const sem::BatchItem* items, int count, int positions, int stride, const int* sums, int channels,
        const int8_t* shifts, const int* hidden_weights, const int* hidden_bias, const int8_t* hidden_shifts, int hidden,
        const int* out_weights, const int* out_bias, const int8_t* out_shifts, int outputs, int phases) {
    int position = static_cast<int>(blockIdx.x * sem::POSITIONS_PER_BLOCK + threadIdx.x % sem::POSITIONS_PER_BLOCK);
    int* active = shared_words;
    int* inner = active + (channels + sem::CHANNELS_PER_WORD - 1) / sem::CHANNELS_PER_WORD * sem::POSITIONS_PER_BLOCK;
    sem::activate_block(sums, shifts, channels, position, positions, stride, active);
    sem::activate_convolution(active, channels, hidden_weights, hidden_bias, hidden_shifts, hidden, inner);
    if (position >= positions) {
        return;
    }
    const sem::BatchItem& item = sem::item_of(items, count, position);
    int8_t* next = sem::device_pointer<int8_t>(item.next);
    int group = sem::POINTWISE_OUTPUTS_PER_THREAD;
    for (int first = threadIdx.x / sem::POSITIONS_PER_BLOCK * group; first < outputs; first += sem::WARPS_PER_BLOCK * group) {
        int sum[sem::POINTWISE_OUTPUTS_PER_THREAD];
        sem::apply(inner, hidden, out_weights, out_bias, first, outputs, sum);
        for (int k = 0; k < group && first + k < outputs; k++) {
            next[sem::in_bands(item, first + k, phases, position - item.start)] = sem::activate(sum[k], out_shifts[first + k]);
        }
    }
}

/**
 * A symbol step's coefficients to symbols and rows, and what a decoder will have in their place: a warp per item, a chain per thread.
 * Choices have room for n * stride.
 */
extern "C" __global__ void sem_quantize(const sem::BatchItem* items, int stride, const int* channels, int n, int before, int phases,
        const sem::detail::TableIndex* index, const float* costs, const int8_t* compand, const int16_t* means, uint8_t* choices,
        int8_t* input) {
    const sem::BatchItem& item = items[blockIdx.x];
    int area = item.height * item.width;
    int64_t size = static_cast<int64_t>(n) * area;
    int64_t first = before * static_cast<int64_t>(area);
    const float* bands = sem::device_pointer<const float>(item.bands);
    int8_t* rows = sem::device_pointer<int8_t>(item.rows) + first;
    int32_t* symbols = sem::device_pointer<int32_t>(item.symbols) + first;
    uint8_t* choice = choices + static_cast<int64_t>(n) * item.start;
    sem::Bits bits = {*index, costs};
    auto mean_of = [&](int64_t i) { return sem::mean_under(means[i / area * stride + item.start + i % area], rows[i]); };
    auto residual_of = [&](int64_t i) {
        float mean = sem::product(static_cast<float>(mean_of(i)), 0.0625f);
        return sem::difference(bands[sem::in_bands(item, channels[i / area], phases, static_cast<int>(i % area))], mean);
    };
    float reached[sem::detail::STATES];
    for (int state = 0; state < sem::detail::STATES; state++) {
        reached[state] = state == 0 ? 0 : INFINITY;
    }
    int chains = sem::chains_of(size);
    if (threadIdx.x >= chains) {
        return;
    }
    int64_t i = threadIdx.x;
    for (; i < size; i += chains) {
        float magnitude = sem::detail::bounded_magnitude(residual_of(i));
        float by_parity[4];
        for (int quantizer = 0; quantizer < 2; quantizer++) {
            sem::detail::parity_costs(magnitude, rows[i], quantizer, item.lambda, bits, by_parity[2 * quantizer],
                    by_parity[2 * quantizer + 1]);
        }
        choice[i] = sem::advance(reached, by_parity);
    }
    int state = 0;
    for (int other = 1; other < sem::detail::STATES; other++) {
        state = reached[other] < reached[state] ? other : state;
    }
    for (i -= chains; i >= 0; i -= chains) {
        int chosen = choice[i] >> state & 1;
        int parity = sem::detail::source_parity(state, chosen);
        state = sem::detail::source_of(state, chosen);
        int quantizer = sem::detail::quantizer_of(state);
        float residual = residual_of(i);
        int32_t symbol = sem::detail::symbol_of_parity(sem::detail::bounded_magnitude(residual), rows[i], quantizer, parity, item.lambda,
                bits);
        symbol = residual < 0 ? -symbol : symbol;
        int position = static_cast<int>(i % area);
        int value = sem::detail::SPACING_SIXTEENTHS * sem::detail::reconstruction_level(symbol, quantizer) + mean_of(i);
        symbols[i] = symbol;
        rows[i] = static_cast<int8_t>(sem::detail::row_of(rows[i], quantizer));
        sem::place(item, compand, value, sem::in_bands(item, channels[i / area], phases, position), static_cast<int>(i / area), n,
                item.start + position, stride, input);
    }
}

/** A symbol step's decoded reconstruction levels to coefficients: one position and, by blockIdx.y, one channel per thread. */
extern "C" __global__ void sem_reconstruct(const sem::BatchItem* items, int count, int positions, int stride, const int* channels, int n,
        int before, int phases, const int8_t* compand, const int16_t* means, int8_t* input) {
    int position = sem::thread_position();
    if (position >= positions) {
        return;
    }
    const sem::BatchItem& item = sem::item_of(items, count, position);
    int i = blockIdx.y;
    int64_t at = (before + i) * (static_cast<int64_t>(item.height) * item.width) + (position - item.start);
    int mean = sem::mean_under(means[static_cast<int64_t>(i) * stride + position], sem::device_pointer<const int8_t>(item.rows)[at]);
    int reconstruction_level = sem::device_pointer<const int32_t>(item.symbols)[at];
    int value = sem::detail::SPACING_SIXTEENTHS * reconstruction_level + mean;
    sem::place(item, compand, value, sem::in_bands(item, channels[i], phases, position - item.start), i, n, position, stride, input);
}

/**
 * The low band: a warp per item, sample after sample. Symbols come from the item's decoder, or its bands are quantized if it has none.
 * Values are those of the item's bands as integers, [3][stride].
 */
extern "C" __global__ void sem_low_band(const sem::BatchItem* items, int stride, const int* low, const int8_t* compand,
        const sem::detail::TableIndex* index, const sem::detail::Entry* entries, int* values) {
    const sem::BatchItem& item = items[blockIdx.x];
    int lane = threadIdx.x;
    int area = item.height * item.width;
    sem::Tables tables = {index, entries};
    sem::DecoderState* stored = item.decoder == 0 ? nullptr : sem::device_pointer<sem::DecoderState>(item.decoder);
    sem::WarpDecoder decoder = {};
    if (stored != nullptr) {
        decoder = sem::load(stored, lane);
    }
    for (int c = 0; c < (item.gray ? 1 : 3); c++) {
        float* band = sem::device_pointer<float>(item.bands) + static_cast<int64_t>(c) * area;
        int8_t* residuals = sem::device_pointer<int8_t>(item.next) + static_cast<int64_t>(c) * area;
        int8_t* magnitudes = residuals + 3LL * area;
        int64_t coded = static_cast<int64_t>(c) * area;
        int* value = values + static_cast<int64_t>(c) * stride + item.start;
        for (int i = 0; i < area; i++) {
            int x = i % item.width;
            int left = x > 0 ? value[i - 1] : 0;
            int up = i >= item.width ? value[i - item.width] : 0;
            int mean = i < item.width ? left : x == 0 ? up : sem::add(sem::add(left, up), 1) >> 1;
            int near = (x > 0 ? magnitudes[i - 1] : 0) + (i >= item.width ? magnitudes[i - item.width] : 0);
            int log_scale = sem::add(sem::add(sem::times(low[3 * c], 16), sem::times(low[3 * c + 1], item.half_quality_index)),
                    sem::times(low[3 * c + 2], near));
            int8_t scale_index = sem::scale_index_of(sem::rounded_shift(log_scale, 4));
            int symbol = 0;
            if (stored == nullptr) {
                symbol = sem::add(sem::nearest_integer(band[i]), sem::times(mean, -1));
            } else if (!decoder.exhausted) {
                int held = sem::decode_group(tables, decoder, lane, 1, scale_index, symbol);
                symbol = __shfl_sync(sem::WHOLE_WARP, held > 0 ? symbol : 0, 0);
            }
            // Every thread has read its neighbours before one writes.
            __syncwarp();
            if (lane == 0) {
                value[i] = sem::add(mean, symbol);
                band[i] = static_cast<float>(value[i]);
                residuals[i] = sem::companded(compand, sem::times(symbol, 16));
                magnitudes[i] = static_cast<int8_t>(abs(residuals[i]));
                if (stored == nullptr) {
                    sem::device_pointer<int32_t>(item.symbols)[coded + i] = symbol;
                    sem::device_pointer<int8_t>(item.rows)[coded + i] = scale_index;
                }
            }
            __syncwarp();
        }
    }
    if (stored != nullptr) {
        sem::store(stored, decoder, lane);
    }
}

/** Decodes a symbol step of each of many streams: a warp per stream. */
extern "C" __global__ void sem_decode(sem::DecodeRun* runs, const sem::detail::TableIndex* index, const sem::detail::Entry* entries) {
    sem::DecodeRun& run = runs[blockIdx.x];
    sem::DecoderState* stored = sem::device_pointer<sem::DecoderState>(run.decoder);
    int lane = threadIdx.x;
    sem::WarpDecoder decoder = sem::load(stored, lane);
    int64_t decoded = sem::decode_symbol_step({index, entries}, decoder, lane, sem::device_pointer<const int8_t>(run.scale_indices),
            sem::device_pointer<int32_t>(run.symbols), run.size);
    sem::store(stored, decoder, lane);
    if (lane == 0) {
        run.decoded = decoded;
    }
}

/** Adds up how many bits each stream takes at most; blockIdx.x counts the streams, blockIdx.y their shares. */
extern "C" __global__ void sem_measure(sem::EncodeStream* streams, const sem::EncodeRun* runs, const sem::detail::TableIndex* index,
        const sem::detail::Entry* entries) {
    sem::EncodeStream& stream = streams[blockIdx.x];
    sem::Tables tables = {index, entries};
    unsigned long long bits = 0;
    for (int64_t r = stream.first_run; r < stream.first_run + stream.runs; r++) {
        const int32_t* symbols = sem::device_pointer<const int32_t>(runs[r].symbols);
        const int8_t* rows = sem::device_pointer<const int8_t>(runs[r].rows);
        int64_t all = runs[r].size * runs[r].steps;
        int64_t threads = static_cast<int64_t>(gridDim.y) * blockDim.x;
        for (int64_t i = static_cast<int64_t>(blockIdx.y) * blockDim.x + threadIdx.x; i < all; i += threads) {
            bits += sem::most_bits(tables, sem::clamped(symbols[i]), sem::detail::row_of(rows[i]));
        }
    }
    atomicAdd(&stream.bits, bits);
}

/** Encodes many streams, each backwards from the end of its room: a warp per stream. */
extern "C" __global__ void sem_encode(sem::EncodeStream* streams, const sem::EncodeRun* runs, const sem::detail::TableIndex* index,
        const sem::detail::Entry* entries, uint16_t* words) {
    sem::EncodeStream& stream = streams[blockIdx.x];
    sem::Tables tables = {index, entries};
    int lane = threadIdx.x;
    int lanes = stream.lanes;
    sem::WarpEncoder encoder = {words, stream.end, sem::detail::LOWER_BOUND};
    for (int64_t r = stream.first_run + stream.runs - 1; r >= stream.first_run; r--) {
        const sem::EncodeRun run = runs[r];
        const int32_t* symbols = sem::device_pointer<const int32_t>(run.symbols);
        const int8_t* rows = sem::device_pointer<const int8_t>(run.rows);
        for (int64_t step = (run.steps - 1) * run.size; step >= 0; step -= run.size) {
            sem::encode_symbol_step(tables, encoder, lane, lanes, symbols + step, rows + step, run.size);
        }
    }
    encoder.position -= 2 * lanes;
    if (lane < lanes) {
        words[encoder.position + 2 * lane] = static_cast<uint16_t>(encoder.state);
        words[encoder.position + 2 * lane + 1] = static_cast<uint16_t>(encoder.state >> 16);
    }
    if (lane == 0) {
        stream.position = encoder.position;
    }
}
