// SPDX-License-Identifier: Apache-2.0
/**
 * The format's hot path on the device: layers and steps of the integer prior, rounding, rANS. A launch takes the parts of many pictures,
 * or many streams. A plane of activations or sums holds `stride` positions, of which the first `positions` take part: those of
 * the first `count` parts.
 */
#include "prior.cuh"

extern __shared__ int shared_words[];

namespace sem {

/** The position of a thread, or one that no plane has. */
static __device__ int thread_position() {
    return static_cast<int>(min(static_cast<int64_t>(INT32_MAX), static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x));
}

/** Sums of one position and OUTPUTS_PER_THREAD outputs; zero outside the part. */
template <int KERNEL>
static __device__ void convolve(const Part& part, int position, int stride, const int* input, int words,
        const Weights<OUTPUTS_PER_THREAD>* weights, int* sum) {
    constexpr int MARGIN = KERNEL / 2;
    int y = (position - part.start) / part.width;
    int x = (position - part.start) % part.width;
    const int* from = input + position;
    for (int word = 0; word < words; word++, from += stride) {
#pragma unroll
        for (int dy = -MARGIN; dy <= MARGIN; dy++) {
#pragma unroll
            for (int dx = -MARGIN; dx <= MARGIN; dx++) {
                const Weights<OUTPUTS_PER_THREAD> w = *weights++;
                bool inside = y + dy >= 0 && y + dy < part.height && x + dx >= 0 && x + dx < part.width;
                int value = inside ? from[dy * part.width + dx] : 0;
#pragma unroll
                for (int o = 0; o < OUTPUTS_PER_THREAD; o++) {
                    sum[o] = accumulate4(sum[o], value, w.of[o]);
                }
            }
        }
    }
}

/** A(sums) of a block's tile of positions, as words [channels / 4][TILE]. */
static __device__ void activate_tile(const int* sums, const int8_t* shifts, int channels, int position, int positions, int stride, int* words) {
    int lane = threadIdx.x % TILE;
    for (int word = threadIdx.x / TILE; word * CHANNELS_PER_WORD < channels; word += WARPS_PER_TILE) {
        int8_t values[CHANNELS_PER_WORD];
        for (int k = 0; k < CHANNELS_PER_WORD; k++) {
            int channel = word * CHANNELS_PER_WORD + k;
            bool inside = position < positions && channel < channels;
            values[k] = inside ? activate(sums[static_cast<int64_t>(channel) * stride + position], shifts[channel]) : 0;
        }
        words[word * TILE + lane] = pack4(values[0], values[1], values[2], values[3]);
    }
    __syncthreads();
}

/** Sums of LAYER_OUTPUTS_PER_THREAD outputs of a 1x1 layer at a position of the tile. */
static __device__ void apply(const int* tile, int inputs, const int* weights, const int* bias, int first, int outputs, int* sum) {
    int words = (inputs + CHANNELS_PER_WORD - 1) / CHANNELS_PER_WORD;
    const auto* from = reinterpret_cast<const Weights<LAYER_OUTPUTS_PER_THREAD>*>(weights + static_cast<int64_t>(first) * words);
#pragma unroll
    for (int k = 0; k < LAYER_OUTPUTS_PER_THREAD; k++) {
        sum[k] = first + k < outputs ? bias[first + k] : 0;
    }
    for (int word = 0; word < words; word++) {
        int value = tile[word * TILE + threadIdx.x % TILE];
        const Weights<LAYER_OUTPUTS_PER_THREAD> w = from[word];
#pragma unroll
        for (int k = 0; k < LAYER_OUTPUTS_PER_THREAD; k++) {
            sum[k] = accumulate4(sum[k], value, w.of[k]);
        }
    }
}

/** A(layer) of the tile, as words. */
static __device__ void activate_layer(const int* tile, int inputs, const int* weights, const int* bias, const int8_t* shifts, int outputs,
        int* words) {
    for (int first = threadIdx.x / TILE * LAYER_OUTPUTS_PER_THREAD; first < outputs; first += WARPS_PER_TILE * LAYER_OUTPUTS_PER_THREAD) {
        int sum[LAYER_OUTPUTS_PER_THREAD];
        apply(tile, inputs, weights, bias, first, outputs, sum);
        int8_t values[LAYER_OUTPUTS_PER_THREAD];
#pragma unroll
        for (int k = 0; k < LAYER_OUTPUTS_PER_THREAD; k++) {
            values[k] = first + k < outputs ? activate(sum[k], shifts[first + k]) : 0;
        }
#pragma unroll
        for (int k = 0; k < LAYER_OUTPUTS_PER_THREAD; k += CHANNELS_PER_WORD) {
            if (first + k < outputs) {
                words[(first + k) / CHANNELS_PER_WORD * TILE + threadIdx.x % TILE] =
                        pack4(values[k], values[k + 1], values[k + 2], values[k + 3]);
            }
        }
    }
    __syncthreads();
}

}  // namespace sem

/** The parts' contexts as words [channels / 4][stride]: one position and, by blockIdx.y, one word per thread. */
extern "C" __global__ void sem_pack(const sem::Part* parts, int count, int positions, int stride, int channels, int* words) {
    int position = sem::thread_position();
    if (position >= positions) {
        return;
    }
    const sem::Part& part = sem::part_of(parts, count, position);
    int area = part.height * part.width;
    const int8_t* context = sem::device_pointer<const int8_t>(part.context) + (position - part.start);
    int8_t values[sem::CHANNELS_PER_WORD];
    for (int k = 0; k < sem::CHANNELS_PER_WORD; k++) {
        int channel = blockIdx.y * sem::CHANNELS_PER_WORD + k;
        values[k] = channel < channels ? context[static_cast<int64_t>(channel) * area] : 0;
    }
    words[static_cast<int64_t>(blockIdx.y) * stride + position] = sem::pack4(values[0], values[1], values[2], values[3]);
}

/**
 * A convolution of words into sums: one position and, by blockIdx.y, OUTPUTS_PER_THREAD outputs per thread. Sums begin as
 * bias + quality * half_quality of the part, or go on from what is there if there is no bias.
 */
extern "C" __global__ void sem_convolve(const sem::Part* parts, int count, int positions, int stride, const int* input, int words,
        const int* weights, int outputs, int kernel, const int* bias, const int8_t* quality, int* sums) {
    int position = sem::thread_position();
    if (position >= positions) {
        return;
    }
    const sem::Part& part = sem::part_of(parts, count, position);
    int first = blockIdx.y * sem::OUTPUTS_PER_THREAD;
    int* to = sums + static_cast<int64_t>(first) * stride + position;
    int sum[sem::OUTPUTS_PER_THREAD];
#pragma unroll
    for (int o = 0; o < sem::OUTPUTS_PER_THREAD; o++) {
        bool there = first + o < outputs;
        sum[o] = !there ? 0 : bias == nullptr ? to[static_cast<int64_t>(o) * stride]
                : sem::accumulate(bias[first + o], part.half_quality, quality[first + o]);
    }
    const auto* w = reinterpret_cast<const sem::Weights<sem::OUTPUTS_PER_THREAD>*>(weights)
            + static_cast<int64_t>(blockIdx.y) * words * kernel * kernel;
    if (kernel == 3) {
        sem::convolve<3>(part, position, stride, input, words, w, sum);
    } else {
        sem::convolve<1>(part, position, stride, input, words, w, sum);
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
 * The networks of a step of n channels, behind `before` channels of the level: means [n][stride], and the scale indices of the parts. A
 * block takes a tile of positions.
 */
extern "C" __global__ void sem_step(const sem::Part* parts, int count, int positions, int stride, const int* sums, int channels,
        const int8_t* shifts, const int* hidden_weights, const int* hidden_bias, const int8_t* hidden_shifts, int hidden,
        const int* out_weights, const int* out_bias, const int8_t* out_shifts, int n, int before, int16_t* means) {
    int position = static_cast<int>(blockIdx.x * sem::TILE + threadIdx.x % sem::TILE);
    int* active = shared_words;
    int* inner = active + (channels + sem::CHANNELS_PER_WORD - 1) / sem::CHANNELS_PER_WORD * sem::TILE;
    sem::activate_tile(sums, shifts, channels, position, positions, stride, active);
    sem::activate_layer(active, channels, hidden_weights, hidden_bias, hidden_shifts, hidden, inner);
    if (position >= positions) {
        return;
    }
    const sem::Part& part = sem::part_of(parts, count, position);
    int64_t area = static_cast<int64_t>(part.height) * part.width;
    int8_t* scales = sem::device_pointer<int8_t>(part.rows) + before * area + (position - part.start);
    int group = sem::LAYER_OUTPUTS_PER_THREAD;
    for (int first = threadIdx.x / sem::TILE * group; first < 2 * n; first += sem::WARPS_PER_TILE * group) {
        int sum[sem::LAYER_OUTPUTS_PER_THREAD];
        sem::apply(inner, hidden, out_weights, out_bias, first, 2 * n, sum);
        for (int k = 0; k < group && first + k < 2 * n; k++) {
            int o = first + k;
            int value = sem::rounded_shift(sum[k], out_shifts[o]);
            if (o < n) {
                means[static_cast<int64_t>(o) * stride + position] = static_cast<int16_t>(max(-sem::MAX_MEAN, min(sem::MAX_MEAN, value)));
            } else {
                scales[(o - n) * area] = sem::scale_index(value);
            }
        }
    }
}

/** The next level's context of each part: A(up_out(A(up_hidden(A(sums))))), shuffled where there are four phases. A block takes a tile. */
extern "C" __global__ void sem_up(const sem::Part* parts, int count, int positions, int stride, const int* sums, int channels,
        const int8_t* shifts, const int* hidden_weights, const int* hidden_bias, const int8_t* hidden_shifts, int hidden,
        const int* out_weights, const int* out_bias, const int8_t* out_shifts, int outputs, int phases) {
    int position = static_cast<int>(blockIdx.x * sem::TILE + threadIdx.x % sem::TILE);
    int* active = shared_words;
    int* inner = active + (channels + sem::CHANNELS_PER_WORD - 1) / sem::CHANNELS_PER_WORD * sem::TILE;
    sem::activate_tile(sums, shifts, channels, position, positions, stride, active);
    sem::activate_layer(active, channels, hidden_weights, hidden_bias, hidden_shifts, hidden, inner);
    if (position >= positions) {
        return;
    }
    const sem::Part& part = sem::part_of(parts, count, position);
    int8_t* next = sem::device_pointer<int8_t>(part.next);
    int group = sem::LAYER_OUTPUTS_PER_THREAD;
    for (int first = threadIdx.x / sem::TILE * group; first < outputs; first += sem::WARPS_PER_TILE * group) {
        int sum[sem::LAYER_OUTPUTS_PER_THREAD];
        sem::apply(inner, hidden, out_weights, out_bias, first, outputs, sum);
        for (int k = 0; k < group && first + k < outputs; k++) {
            next[sem::in_bands(part, first + k, phases, position - part.start)] = sem::activate(sum[k], out_shifts[first + k]);
        }
    }
}

/**
 * A step's coefficients to symbols and rows, and what a decoder will have in their place: a warp per part, a chain per lane. Choices have room
 * for n * stride.
 */
extern "C" __global__ void sem_quantize(const sem::Part* parts, int stride, const int* channels, int n, int before, int phases,
        const sem::detail::TableIndex* index, const float* costs, const int8_t* compand, const int16_t* means, uint8_t* choices, int8_t* input) {
    const sem::Part& part = parts[blockIdx.x];
    int area = part.height * part.width;
    int64_t size = static_cast<int64_t>(n) * area;
    int64_t first = before * static_cast<int64_t>(area);
    const float* bands = sem::device_pointer<const float>(part.bands);
    int8_t* rows = sem::device_pointer<int8_t>(part.rows) + first;
    int32_t* symbols = sem::device_pointer<int32_t>(part.symbols) + first;
    uint8_t* choice = choices + static_cast<int64_t>(n) * part.start;
    sem::Bits bits = {*index, costs};
    auto mean_of = [&](int64_t i) { return sem::mean_under(means[i / area * stride + part.start + i % area], rows[i]); };
    auto residual_of = [&](int64_t i) {
        float mean = sem::product(static_cast<float>(mean_of(i)), 0.0625f);
        return sem::difference(bands[sem::in_bands(part, channels[i / area], phases, static_cast<int>(i % area))], mean);
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
            sem::detail::parity_costs(magnitude, rows[i], quantizer, part.lambda, bits, by_parity[2 * quantizer], by_parity[2 * quantizer + 1]);
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
        int32_t symbol = sem::detail::symbol_of_parity(sem::detail::bounded_magnitude(residual), rows[i], quantizer, parity, part.lambda, bits);
        symbol = residual < 0 ? -symbol : symbol;
        int position = static_cast<int>(i % area);
        int value = sem::detail::LEVEL_SIXTEENTHS * sem::detail::level_of(symbol, quantizer) + mean_of(i);
        symbols[i] = symbol;
        rows[i] = static_cast<int8_t>(sem::detail::row_of(rows[i], quantizer));
        sem::place(part, compand, value, sem::in_bands(part, channels[i / area], phases, position), static_cast<int>(i / area), n,
                part.start + position, stride, input);
    }
}

/** A step's decoded levels to coefficients: one position and, by blockIdx.y, one channel per thread. */
extern "C" __global__ void sem_reconstruct(const sem::Part* parts, int count, int positions, int stride, const int* channels, int n, int before,
        int phases, const int8_t* compand, const int16_t* means, int8_t* input) {
    int position = sem::thread_position();
    if (position >= positions) {
        return;
    }
    const sem::Part& part = sem::part_of(parts, count, position);
    int i = blockIdx.y;
    int64_t at = (before + i) * (static_cast<int64_t>(part.height) * part.width) + (position - part.start);
    int mean = sem::mean_under(means[static_cast<int64_t>(i) * stride + position], sem::device_pointer<const int8_t>(part.rows)[at]);
    int level = sem::device_pointer<const int32_t>(part.symbols)[at];
    sem::place(part, compand, sem::detail::LEVEL_SIXTEENTHS * level + mean, sem::in_bands(part, channels[i], phases, position - part.start), i, n, position, stride, input);
}

/**
 * The low band: a warp per part, sample after sample. Symbols come from the part's decoder, or its bands are quantized if it has none.
 * Values are those of the part's bands as integers, [3][stride].
 */
extern "C" __global__ void sem_low_band(const sem::Part* parts, int stride, const int* low, const int8_t* compand,
        const sem::detail::TableIndex* index, const sem::detail::Entry* entries, int* values) {
    const sem::Part& part = parts[blockIdx.x];
    int lane = threadIdx.x;
    int area = part.height * part.width;
    sem::Tables tables = {index, entries};
    sem::DecoderState* stored = part.decoder == 0 ? nullptr : sem::device_pointer<sem::DecoderState>(part.decoder);
    sem::WarpDecoder decoder = {};
    if (stored != nullptr) {
        decoder = sem::load(stored, lane);
    }
    for (int c = 0; c < (part.gray ? 1 : 3); c++) {
        float* band = sem::device_pointer<float>(part.bands) + static_cast<int64_t>(c) * area;
        int8_t* residuals = sem::device_pointer<int8_t>(part.next) + static_cast<int64_t>(c) * area;
        int8_t* magnitudes = residuals + 3LL * area;
        int64_t coded = static_cast<int64_t>(c) * area;
        int* value = values + static_cast<int64_t>(c) * stride + part.start;
        for (int i = 0; i < area; i++) {
            int x = i % part.width;
            int left = x > 0 ? value[i - 1] : 0;
            int up = i >= part.width ? value[i - part.width] : 0;
            int mean = i < part.width ? left : x == 0 ? up : sem::add(sem::add(left, up), 1) >> 1;
            int near = (x > 0 ? magnitudes[i - 1] : 0) + (i >= part.width ? magnitudes[i - part.width] : 0);
            int log_scale = sem::add(sem::add(sem::times(low[3 * c], 16), sem::times(low[3 * c + 1], part.half_quality)),
                    sem::times(low[3 * c + 2], near));
            int8_t scale = sem::scale_index(sem::rounded_shift(log_scale, 4));
            int symbol = 0;
            if (stored == nullptr) {
                symbol = sem::add(sem::nearest_integer(band[i]), sem::times(mean, -1));
            } else if (!decoder.exhausted) {
                int held = sem::decode_group(tables, decoder, lane, 1, scale, symbol);
                symbol = __shfl_sync(sem::WHOLE_WARP, held > 0 ? symbol : 0, 0);
            }
            // Every lane has read its neighbours before one writes.
            __syncwarp();
            if (lane == 0) {
                value[i] = sem::add(mean, symbol);
                band[i] = static_cast<float>(value[i]);
                residuals[i] = sem::companded(compand, sem::times(symbol, 16));
                magnitudes[i] = static_cast<int8_t>(abs(residuals[i]));
                if (stored == nullptr) {
                    sem::device_pointer<int32_t>(part.symbols)[coded + i] = symbol;
                    sem::device_pointer<int8_t>(part.rows)[coded + i] = scale;
                }
            }
            __syncwarp();
        }
    }
    if (stored != nullptr) {
        sem::store(stored, decoder, lane);
    }
}

/** Decodes a step of each of many streams: a warp per stream. */
extern "C" __global__ void sem_decode(sem::DecodeRun* runs, const sem::detail::TableIndex* index, const sem::detail::Entry* entries) {
    sem::DecodeRun& run = runs[blockIdx.x];
    sem::DecoderState* stored = sem::device_pointer<sem::DecoderState>(run.decoder);
    int lane = threadIdx.x;
    sem::WarpDecoder decoder = sem::load(stored, lane);
    int64_t decoded = sem::decode_step({index, entries}, decoder, lane, sem::device_pointer<const int8_t>(run.scales),
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
        for (int64_t i = static_cast<int64_t>(blockIdx.y) * blockDim.x + threadIdx.x; i < all; i += static_cast<int64_t>(gridDim.y) * blockDim.x) {
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
            sem::encode_step(tables, encoder, lane, lanes, symbols + step, rows + step, run.size);
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
