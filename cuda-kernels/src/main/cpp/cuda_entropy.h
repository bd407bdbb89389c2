// SPDX-License-Identifier: Apache-2.0
/** The entropy coder on the device (FORMAT.md, "Symbols" and "Entropy coding"): a warp per stream. Callers check the arguments. */
#ifndef SEM_CUDA_ENTROPY_H
#define SEM_CUDA_ENTROPY_H

#include <algorithm>
#include <cstring>

#include "cuda_device.h"
#include "sem/entropy_tables.h"

namespace sem {

/** The scale tables on the device, for coders and levels; those that use them share them. */
class CudaTables {
public:
    /**
     * @param sizes       entries of each table, those of the second quantizer behind those of the first
     * @param frequencies of all entries, table by table
     * @param costs       ideal lengths in bits, table by table: of magnitudes 0 to radius, then of the escape with its head
     * @param quantizers  1, or 2 for dependent quantization
     */
    CudaTables(const CudaDevice& device, const int* sizes, const int* frequencies, const float* costs, int quantizers) {
        const std::shared_ptr<const CudaContext>& context = device.context();
        EntropyTables tables(sizes, frequencies, quantizers);
        auto made = std::make_shared<Tables>();
        made->context = context;
        made->index = DeviceMemory::lasting(context, &tables.index(), 1);
        made->entries = DeviceMemory::lasting(context, tables.entries().data(), tables.entries().size());
        made->costs = DeviceMemory::lasting(context, costs, tables.entries().size() / 2 + quantizers * TABLES);
        tables_ = made;
    }

    const std::shared_ptr<const CudaContext>& context() const {
        return tables_->context;
    }

    DeviceAddress index() const {
        return tables_->index.address();
    }

    DeviceAddress entries() const {
        return tables_->entries.address();
    }

    DeviceAddress costs() const {
        return tables_->costs.address();
    }

private:
    struct Tables {
        std::shared_ptr<const CudaContext> context;
        DeviceMemory index;
        DeviceMemory entries;
        DeviceMemory costs;
    };

    std::shared_ptr<const Tables> tables_;
};

/**
 * A decoder of one stream, whose bytes and states stay on the device between symbol steps and levels. For one stream of launches at a time.
 */
class CudaDecoder {
public:
    CudaDecoder(const CudaTables& tables, const int8_t* bytes, int size, int lanes) : tables_(tables) {
        DecoderState state = {};
        state.lanes = lanes;
        state.exhausted = size < 4 * lanes;
        state.end = size / 2;
        state.position = state.exhausted ? state.end : 2 * lanes;
        if (!state.exhausted) {
            const uint8_t* from = reinterpret_cast<const uint8_t*>(bytes);
            for (int lane = 0; lane < lanes; lane++, from += 4) {
                state.states[lane] = from[0] | static_cast<uint32_t>(from[1]) << 8 | static_cast<uint32_t>(from[2]) << 16
                        | static_cast<uint32_t>(from[3]) << 24;
            }
        }
        std::vector<int8_t> stored(sizeof state + size);
        std::memcpy(stored.data(), &state, sizeof state);
        std::copy(bytes, bytes + size, stored.begin() + sizeof state);
        stored_ = DeviceMemory::lasting(tables.context(), stored.data(), stored.size());
    }

    /** The DecoderState, for DecodeRun and LevelItem. */
    DeviceAddress address() const {
        return stored_.address();
    }

    /** Whether the stream ended before the symbols did; what was launched in other streams than the thread's must be done. */
    bool exhausted() const {
        CudaContext::Current current(*tables_.context());
        int32_t exhausted;
        stored_.get(&exhausted, offsetof(DecoderState, exhausted), sizeof exhausted);
        tables_.context()->synchronize(thread_stream());
        return exhausted != 0;
    }

    /** Decodes a symbol step of host arrays; see EntropyDecoder::decode. */
    int decode(const int8_t* scale_indices, int32_t* symbols, int size);

private:
    CudaTables tables_;
    DeviceMemory stored_;
};

/**
 * Decodes a symbol step of each of many streams, of scale indices and symbols on the device, in a stream of launches.
 *
 * @param runs on the device
 */
inline void cuda_decode(const CudaTables& tables, DeviceAddress runs, int count, CudaStream stream) {
    const CudaContext& context = *tables.context();
    CudaContext::Current current(context);
    context.decode.launch(context.driver, count, 1, THREADS_PER_WARP, 0, stream, runs, tables.index(), tables.entries());
}

inline int CudaDecoder::decode(const int8_t* scale_indices, int32_t* symbols, int size) {
    if (size == 0) {
        return 0;
    }
    const std::shared_ptr<const CudaContext>& context = tables_.context();
    CudaContext::Current current(*context);
    CudaStream stream = thread_stream();
    DeviceMemory device_scale_indices(context, scale_indices, size, stream);
    DeviceMemory device_symbols(context, sizeof(int32_t) * size, stream);
    DecodeRun run = {address(), device_scale_indices.address(), device_symbols.address(), size, 0};
    DeviceMemory device_run(context, &run, 1, stream);
    cuda_decode(tables_, device_run.address(), 1, stream);
    device_run.get(&run);
    device_symbols.get(symbols);
    context->synchronize(stream);
    return static_cast<int>(run.decoded);
}

/**
 * Adds up what each of many streams takes at most, into its bits, in a stream of launches.
 *
 * @param streams EncodeStream on the device, with bits of 0
 * @param runs    EncodeRun on the device
 * @param blocks  of each stream
 */
inline void cuda_measure(const CudaTables& tables, DeviceAddress streams, DeviceAddress runs, int count, unsigned blocks,
        CudaStream stream) {
    const CudaContext& context = *tables.context();
    CudaContext::Current current(context);
    context.measure.launch(context.driver, count, blocks, THREADS_PER_BLOCK, 0, stream, streams, runs, tables.index(), tables.entries());
}

/**
 * Encodes many streams, in a stream of launches: each ends at the end of its room and begins at its position.
 *
 * @param streams EncodeStream on the device, with rooms of bits / 16 + 1 words and two for each lane
 * @param runs    EncodeRun on the device
 * @param words   on the device, with the rooms
 */
inline void cuda_encode(const CudaTables& tables, DeviceAddress streams, DeviceAddress runs, int count, DeviceAddress words,
        CudaStream stream) {
    const CudaContext& context = *tables.context();
    CudaContext::Current current(context);
    context.encode.launch(context.driver, count, 1, THREADS_PER_WARP, 0, stream, streams, runs, tables.index(), tables.entries(), words);
}

/** Streams that the device has encoded, in host memory. */
class CudaStreams {
public:
    /**
     * Encodes streams of symbol steps on the device.
     *
     * @param runs    steps in coding order, stream by stream; symbols and rows on the device, none of size 0
     * @param counts  runs of each stream
     * @param lanes   of each stream
     * @param stream  for the launches; it is synchronized
     */
    CudaStreams(const CudaTables& tables, const EncodeRun* runs, const int* counts, const int* lanes, int size, CudaStream stream) {
        encode(tables, runs, counts, lanes, size, stream);
    }

    /**
     * Encodes streams of symbol steps in host arrays.
     *
     * @param symbols    of all symbol steps, in coding order, stream by stream
     * @param rows       of the symbols
     * @param symbol_count in both
     * @param sizes      symbols of each symbol step
     * @param counts     steps of each stream
     * @param lanes      of each stream
     */
    CudaStreams(const CudaTables& tables, const int32_t* symbols, const int8_t* rows, int symbol_count, const int* sizes, const int* counts,
            const int* lanes, int size) {
        CudaStream stream = thread_stream();
        DeviceMemory device_symbols(tables.context(), symbols, symbol_count, stream);
        DeviceMemory device_rows(tables.context(), rows, symbol_count, stream);
        std::vector<EncodeRun> runs;
        std::vector<int> run_counts(size);
        int64_t at = 0;
        for (int i = 0; i < size; i++) {
            for (int s = 0; s < counts[i]; s++, at += *sizes++) {
                if (run_counts[i] > 0 && runs.back().size == *sizes) {
                    runs.back().steps++;
                } else if (*sizes > 0) {
                    runs.push_back({device_symbols.address() + sizeof(int32_t) * at, device_rows.address() + at, *sizes, 1});
                    run_counts[i]++;
                }
            }
        }
        encode(tables, runs.data(), run_counts.data(), lanes, size, stream);
    }

    /** Bytes of a stream. */
    int64_t size(int i) const {
        return 2 * static_cast<int64_t>(words_[i].size());
    }

    /** Writes a stream to an array of that size. */
    void write(int i, int8_t* out) const {
        for (uint16_t word : words_[i]) {
            *out++ = static_cast<int8_t>(word);
            *out++ = static_cast<int8_t>(word >> 8);
        }
    }

    /** Words that a stream whose bits are measured takes at most. */
    static int64_t room_for(const EncodeStream& stream) {
        return static_cast<int64_t>(stream.bits / 16) + 1 + 2 * stream.lanes;
    }

private:
    /** The most blocks that add up the bits of a stream, and the symbols that are worth one. */
    static constexpr int MEASURING_BLOCKS = 64;
    static constexpr int64_t SYMBOLS_PER_BLOCK = 16 * THREADS_PER_BLOCK;

    void encode(const CudaTables& tables, const EncodeRun* runs, const int* counts, const int* lanes, int size, CudaStream stream) {
        const std::shared_ptr<const CudaContext>& context = tables.context();
        CudaContext::Current current(*context);
        std::vector<EncodeStream> streams(size);
        int64_t all_runs = 0;
        int64_t longest = 0;
        for (int i = 0; i < size; i++) {
            streams[i].first_run = all_runs;
            streams[i].runs = counts[i];
            streams[i].lanes = lanes[i];
            int64_t symbols = 0;
            for (int r = 0; r < counts[i]; r++, all_runs++) {
                symbols += runs[all_runs].size * runs[all_runs].steps;
            }
            longest = std::max(longest, symbols);
        }
        DeviceMemory device_runs(context, runs, all_runs, stream);
        DeviceMemory device_streams(context, streams.data(), size, stream);
        unsigned measuring = static_cast<unsigned>(std::max<int64_t>(1, std::min<int64_t>(MEASURING_BLOCKS, longest / SYMBOLS_PER_BLOCK)));
        cuda_measure(tables, device_streams.address(), device_runs.address(), size, measuring, stream);
        device_streams.get(streams.data());
        context->synchronize(stream);

        int64_t room = 0;
        for (EncodeStream& s : streams) {
            s.begin = room;
            room += room_for(s);
            s.end = room;
        }
        device_streams.set(streams.data());
        DeviceMemory device_words(context, sizeof(uint16_t) * room, stream);
        cuda_encode(tables, device_streams.address(), device_runs.address(), size, device_words.address(), stream);
        device_streams.get(streams.data());
        context->synchronize(stream);

        words_.resize(size);
        for (int i = 0; i < size; i++) {
            words_[i].resize(streams[i].end - streams[i].position);
            device_words.get(words_[i].data(), sizeof(uint16_t) * streams[i].position, sizeof(uint16_t) * words_[i].size());
        }
        context->synchronize(stream);
    }

    std::vector<std::vector<uint16_t>> words_;
};

}  // namespace sem

#endif
