// SPDX-License-Identifier: Apache-2.0
/**
 * The device without a JVM: entropy coder, convolutions and levels of the prior, bit by bit, then their speed. kernel-test.sh builds and
 * runs it.
 *
 *     kernel_test EMULATED_DRIVER [DRIVER IMAGE] [quick]
 *
 * What the entropy coder and the convolutions do is compared with C++ (sem/entropy_decoder.h, sem/entropy_encoder.h, sem/kernels.h); what
 * the prior's levels do with the emulated device, which the tests in Java hold to the reference. Without DRIVER and IMAGE, the emulated
 * device is tested itself: under sanitizers it shows every access that is out of bounds. "quick" leaves out what takes long there. Exits
 * with 1 if a result differs. One file: a machine with a device gets and builds it alone.
 */
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "cuda_prior.h"
#include "sem/entropy_decoder.h"
#include "sem/entropy_encoder.h"
#include "sem/kernels.h"

namespace {

std::mt19937 generator(1);

int random_below(int bound) {
    return static_cast<int>(generator() % static_cast<unsigned>(bound));
}

template <typename T>
std::vector<T> random_values(size_t size, int least, int most) {
    std::vector<T> values(size);
    for (T& value : values) {
        value = static_cast<T>(least + random_below(most - least + 1));
    }
    return values;
}

void expect(bool condition, const char* what) {
    if (!condition) {
        std::fprintf(stderr, "DIFFERENT: %s\n", what);
        std::exit(1);
    }
}

struct TableRows {
    std::vector<int32_t> sizes;
    std::vector<int32_t> frequencies;
    std::vector<float> costs;

    void add(const std::vector<int32_t>& row) {
        sizes.push_back(static_cast<int32_t>(row.size()));
        frequencies.insert(frequencies.end(), row.begin(), row.end());
        for (size_t magnitude = 0; magnitude < row.size() / 2; magnitude++) {
            costs.push_back(16 - std::log2(static_cast<float>(row[2 * magnitude])));
        }
        costs.push_back(16 - std::log2(static_cast<float>(row.back())) + sem::detail::ESCAPE_HEAD_BITS);
    }

    int quantizers() const {
        return static_cast<int>(sizes.size()) / sem::TABLES;
    }
};

/** Tables of 2 to 256 entries, with anything from 1 on in them. */
TableRows random_tables(int quantizers) {
    TableRows rows;
    for (int t = 0; t < quantizers * sem::TABLES; t++) {
        int size = 2 + 2 * (t == 0 ? 0 : t == 1 ? 127 : random_below(128));
        int left = 65536 - size;
        std::vector<int32_t> row(size, 1);
        for (int k = 1; k < size; k++) {
            int more = random_below(left / 4 + 1);
            row[k] += more;
            left -= more;
        }
        row[0] += left;
        rows.add(row);
    }
    return rows;
}

/** Laplacians, eight to the octave, as a pack has them. */
TableRows laplacian_tables(int quantizers) {
    TableRows rows;
    for (int t = 0; t < quantizers * sem::TABLES; t++) {
        double scale = (t < sem::TABLES ? 0.05 : 0.07) * std::pow(2, t % sem::TABLES / 8.0);
        int radius = t == 0 ? 0 : std::min(127, static_cast<int>(std::ceil(scale * 8)));
        std::vector<int32_t> row(2 * radius + 2, 1);
        int32_t left = 65536;
        for (size_t k = 1; k < row.size(); k++) {
            double edge = static_cast<double>((k + 1) / 2) - 0.5;
            double tail = 0.5 * std::exp(-edge / scale);
            double mass = k + 1 == row.size() ? 2 * tail : tail - 0.5 * std::exp(-(edge + 1) / scale);
            row[k] = std::max(1, static_cast<int32_t>(mass * (65536 - static_cast<double>(row.size()))));
            left -= row[k];
        }
        row[0] = left;
        rows.add(row);
    }
    return rows;
}

/** A device under test. */
struct Tested {
    std::string image;
    sem::CudaDevice device;

    Tested(const char* driver, std::string kernels)
            : image(std::move(kernels)), device(driver, reinterpret_cast<const signed char*>(image.c_str())) {
    }

    sem::CudaTables tables(const TableRows& rows) const {
        return sem::CudaTables(device, rows.sizes.data(), rows.frequencies.data(), rows.costs.data(), rows.quantizers());
    }
};

// Convolutions

void test_convolutions(const Tested& tested) {
    const int shapes[][5] = {{1, 1, 1, 1, 1}, {3, 5, 3, 1, 1}, {7, 2, 3, 5, 1}, {2, 9, 1, 3, 17}, {100, 9, 3, 13, 7}, {6, 96, 3, 33, 1},
            {33, 17, 3, 20, 30}};
    for (const int* s : shapes) {
        int area = s[3] * s[4];
        auto weights = random_values<int8_t>(static_cast<size_t>(s[0]) * s[1] * s[2] * s[2], -128, 127);
        auto input = random_values<int8_t>(static_cast<size_t>(s[0]) * area, -128, 127);
        auto sums = random_values<int32_t>(static_cast<size_t>(s[1]) * area, -(1 << 20), 1 << 20);
        std::vector<int32_t> expected = sums;
        sem::convolve(sem::PORTABLE, 1, weights.data(), s[0], s[1], s[2], input.data(), s[3], s[4], expected.data());
        tested.device.convolve(weights.data(), s[0], s[1], s[2], input.data(), s[3], s[4], sums.data());
        expect(sums == expected, "a convolution");
        auto shifts = random_values<int8_t>(s[1], 0, 16);
        std::vector<int8_t> activated(sums.size());
        std::vector<int8_t> expected_activated(sums.size());
        sem::activate(sem::PORTABLE, expected.data(), shifts.data(), s[1], area, expected_activated.data());
        tested.device.activate(sums.data(), shifts.data(), s[1], area, activated.data());
        expect(activated == expected_activated, "an activation");
    }
}

// Entropy coder

struct SymbolStep {
    std::vector<int8_t> scale_indices;
    std::vector<int32_t> symbols;

    /** The rows that a decoder will find. */
    std::vector<int8_t> rows(int quantizers) const {
        std::vector<int8_t> rows = scale_indices;
        int states[sem::MAX_CHAINS] = {};
        for (size_t i = 0; quantizers == 2 && i < rows.size(); i++) {
            int& state = states[i % sem::chains_of(rows.size())];
            rows[i] = static_cast<int8_t>(sem::detail::row_of(scale_indices[i], sem::detail::quantizer_of(state)));
            state = sem::detail::next_state(state, symbols[i]);
        }
        return rows;
    }
};

using Picture = std::vector<SymbolStep>;

SymbolStep random_step(int size) {
    SymbolStep step = {random_values<int8_t>(size, 0, random_below(sem::SCALE_INDICES)), std::vector<int32_t>(size)};
    int wild = random_below(100);
    for (int32_t& symbol : step.symbols) {
        int magnitude = random_below(100) < wild ? random_below(1 + (sem::MAX_SYMBOL >> random_below(21))) : 0;
        symbol = random_below(50) == 0 && wild > 50 ? sem::MAX_SYMBOL : magnitude;
        symbol *= random_below(2) == 0 ? 1 : -1;
    }
    return step;
}

SymbolStep equal_step(int size, int scale_index, int symbol) {
    return {std::vector<int8_t>(size, static_cast<int8_t>(scale_index)), std::vector<int32_t>(size, symbol)};
}

std::vector<int8_t> host_encoded(const sem::EntropyTables& tables, const Picture& picture, int lanes) {
    sem::EntropyEncoder encoder(tables, lanes);
    for (size_t s = picture.size(); s-- > 0;) {
        encoder.push(picture[s].symbols.data(), picture[s].rows(tables.quantizers()).data(), static_cast<int>(picture[s].symbols.size()), 0,
                static_cast<int>(picture[s].symbols.size()));
    }
    std::vector<int8_t> stream(encoder.size());
    encoder.write(stream.data());
    return stream;
}

std::vector<std::vector<int8_t>> device_encoded(const sem::CudaTables& tables, int quantizers, const std::vector<Picture>& pictures,
        const std::vector<int>& lanes) {
    std::vector<int32_t> symbols;
    std::vector<int8_t> rows;
    std::vector<int> sizes;
    std::vector<int> counts;
    for (const Picture& picture : pictures) {
        for (const SymbolStep& step : picture) {
            symbols.insert(symbols.end(), step.symbols.begin(), step.symbols.end());
            std::vector<int8_t> of_step = step.rows(quantizers);
            rows.insert(rows.end(), of_step.begin(), of_step.end());
            sizes.push_back(static_cast<int>(step.symbols.size()));
        }
        counts.push_back(static_cast<int>(picture.size()));
    }
    sem::CudaStreams streams(tables, symbols.data(), rows.data(), static_cast<int>(symbols.size()), sizes.data(), counts.data(),
            lanes.data(), static_cast<int>(pictures.size()));
    std::vector<std::vector<int8_t>> bytes(pictures.size());
    for (size_t i = 0; i < pictures.size(); i++) {
        bytes[i].resize(streams.size(static_cast<int>(i)));
        streams.write(static_cast<int>(i), bytes[i].data());
    }
    return bytes;
}

/** Any bytes have to decode to the same symbols, as many of them, on both. */
void expect_same_symbols(const sem::EntropyTables& tables, const sem::CudaTables& device_tables, const Picture& picture,
        const std::vector<int8_t>& stream, int lanes) {
    sem::EntropyDecoder host(tables, stream.data(), static_cast<int>(stream.size()), lanes);
    sem::CudaDecoder device(device_tables, stream.data(), static_cast<int>(stream.size()), lanes);
    for (const SymbolStep& step : picture) {
        int size = static_cast<int>(step.symbols.size());
        std::vector<int32_t> expected(size);
        std::vector<int32_t> symbols(size);
        int expected_count = host.decode(step.scale_indices.data(), expected.data(), size, 0, size);
        int count = device.decode(step.scale_indices.data(), symbols.data(), size);
        expect(count == expected_count && symbols == expected && device.exhausted() == host.exhausted(), "decoded symbols");
    }
}

void test_entropy_coder(const Tested& tested, int rounds, int variants, int most) {
    for (int round = 0; round < rounds; round++) {
        int quantizers = 1 + round % 2;
        TableRows rows = round / 2 % 2 == 0 ? random_tables(quantizers) : laplacian_tables(quantizers);
        sem::EntropyTables tables(rows.sizes.data(), rows.frequencies.data(), quantizers);
        sem::CudaTables device_tables = tested.tables(rows);
        std::vector<Picture> pictures;
        std::vector<int> lanes;
        for (int n = 1; n <= sem::MAX_LANES; n++) {
            Picture picture = {equal_step(70, n, 0), equal_step(33, 0, sem::MAX_SYMBOL), equal_step(1, 127, -5),
                    random_step(random_below(3000))};
            for (int s = random_below(4); s > 0; s--) {
                picture.push_back(random_step(random_below(300)));
            }
            pictures.push_back(n % 11 == 0 ? Picture() : n % 13 == 0 ? Picture{equal_step(1, 10, 1)} : picture);
            lanes.push_back(n);
        }
        std::vector<std::vector<int8_t>> streams = device_encoded(device_tables, quantizers, pictures, lanes);
        for (size_t i = 0; i < pictures.size(); i++) {
            expect(streams[i] == host_encoded(tables, pictures[i], lanes[i]), "an encoded stream");
            expect_same_symbols(tables, device_tables, pictures[i], streams[i], lanes[i]);
            for (int k = 0; k < variants; k++) {
                std::vector<int8_t> cut(streams[i].begin(), streams[i].begin() + random_below(static_cast<int>(streams[i].size()) + 1));
                expect_same_symbols(tables, device_tables, pictures[i], cut, lanes[i]);
                std::vector<int8_t> flipped = streams[i];
                flipped[random_below(static_cast<int>(flipped.size()))] ^= static_cast<int8_t>(1 << random_below(8));
                expect_same_symbols(tables, device_tables, pictures[i], flipped, lanes[i]);
                std::vector<int8_t> noise = random_values<int8_t>(random_below(2000), k == 0 ? 0 : -128, k == 0 ? 0 : 127);
                expect_same_symbols(tables, device_tables, pictures[i], noise, lanes[i]);
            }
        }
    }
    TableRows rows = laplacian_tables(2);
    sem::EntropyTables tables(rows.sizes.data(), rows.frequencies.data(), 2);
    sem::CudaTables device_tables = tested.tables(rows);
    for (const SymbolStep& step : {equal_step(most, 20, 0), equal_step(most / 16, 0, sem::MAX_SYMBOL), random_step(most / 16)}) {
        std::vector<int8_t> stream = device_encoded(device_tables, 2, {{step}}, {32})[0];
        expect(stream == host_encoded(tables, {step}, 32), "a long stream");
        expect_same_symbols(tables, device_tables, {step}, stream, 32);
    }
}

// Levels of the prior

struct ConvolutionWeights {
    int outputs;
    std::vector<int8_t> weights;
    std::vector<int32_t> bias;
    std::vector<int8_t> shifts;
};

/** Shifts bring sums to the range of an activation. */
ConvolutionWeights random_convolution(int inputs, int outputs, int taps) {
    int sums = static_cast<int>(std::sqrt(inputs * taps) * 64 * 64);
    int fitting = static_cast<int>(std::log2(sums / 127.0));
    return {outputs, random_values<int8_t>(static_cast<size_t>(inputs) * outputs * taps, -128, 127),
            random_values<int32_t>(outputs, -sums, sums), random_values<int8_t>(outputs, fitting, std::min(16, fitting + 2))};
}

struct SymbolStepWeights {
    std::vector<int> channels;
    ConvolutionWeights hidden;
    ConvolutionWeights out;
    std::vector<int8_t> symbols;
};

struct LevelWeights {
    int inputs;
    ConvolutionWeights context;
    std::vector<int8_t> quality_bias;
    std::vector<SymbolStepWeights> steps;
    ConvolutionWeights up_hidden;
    ConvolutionWeights up;
};

/** Phase channels of a level's steps (FORMAT.md, "Integer prior"). */
std::vector<std::vector<int>> steps_of(int level) {
    int phases = level == 6 ? 1 : 4;
    using Lists = std::vector<std::vector<int>>;
    Lists luma = phases == 1 ? Lists{{0}} : Lists{{0}, {3}, {1}, {2}};
    Lists colour = phases == 1 ? Lists{{0}} : Lists{{0, 3}, {1, 2}};
    Lists steps;
    auto add = [&](int from, int to, const std::vector<int>& pass) {
        steps.emplace_back();
        for (int plane = 3 * from; plane < 3 * to; plane++) {
            for (int phase : pass) {
                steps.back().push_back(plane * phases + phase);
            }
        }
    };
    for (const auto& pass : luma) {
        add(0, 1, pass);
    }
    for (const auto& pass : colour) {
        add(1, 3, pass);
    }
    return steps;
}

struct PriorWeights {
    std::vector<int8_t> compand;
    std::vector<int> low;
    LevelWeights levels[6];

    explicit PriorWeights(int channels) : low({12, -2, 20, 10, -1, 16, -30, 1, 25}) {
        for (int i = 0; i < sem::COMPANDED; i++) {
            compand.push_back(static_cast<int8_t>(std::min(127L, std::lround(16 * std::log2(1 + i / 16.0)))));
        }
        int inputs = 6;
        for (int level = 6; level >= 1; level--) {
            LevelWeights& l = levels[level - 1];
            l.inputs = inputs;
            l.context = random_convolution(inputs, channels, 9);
            l.quality_bias = random_values<int8_t>(channels, -128, 127);
            for (const std::vector<int>& step : steps_of(level)) {
                int n = static_cast<int>(step.size());
                l.steps.push_back({step, random_convolution(channels, channels, 1), random_convolution(channels, 2 * n, 1),
                        random_values<int8_t>(static_cast<size_t>(2 * n) * channels * 9, -128, 127)});
            }
            inputs = 1 + channels / 2;
            if (level > 1) {
                l.up_hidden = random_convolution(channels, channels, 1);
                l.up = random_convolution(channels, inputs * (level == 6 ? 1 : 4), 1);
            }
        }
    }

    sem::CudaPrior on(const sem::CudaTables& tables) const {
        sem::CudaPrior prior(tables, compand.data(), low.data());
        for (int level = 1; level <= 6; level++) {
            const LevelWeights& l = levels[level - 1];
            prior.add_context(level, l.context.weights.data(), l.inputs, l.context.outputs, l.context.bias.data(), l.context.shifts.data(),
                    l.quality_bias.data());
            for (const SymbolStepWeights& s : l.steps) {
                prior.add_symbol_step(level, s.channels.data(), static_cast<int>(s.channels.size()), s.hidden.weights.data(),
                        s.hidden.outputs, s.hidden.bias.data(), s.hidden.shifts.data(), s.out.weights.data(), s.out.bias.data(),
                        s.out.shifts.data(), s.symbols.data());
            }
            if (level > 1) {
                prior.add_up(level, l.up_hidden.weights.data(), l.up_hidden.outputs, l.up_hidden.bias.data(), l.up_hidden.shifts.data(),
                        l.up.weights.data(), l.up.outputs, l.up.bias.data(), l.up.shifts.data());
            }
        }
        return prior;
    }
};

/** A level of pictures as a device leaves it. */
struct LevelResult {
    std::vector<float> bands;
    std::vector<int32_t> symbols;
    std::vector<int8_t> rows;
    std::vector<int8_t> next;

    bool operator==(const LevelResult& other) const {
        return bands == other.bands && symbols == other.symbols && rows == other.rows && next == other.next;
    }
};

sem::LevelSizes sum_of_sizes(const sem::CudaPrior& prior, int level, const std::vector<int>& shapes) {
    sem::LevelSizes sum = {};
    for (size_t i = 0; i < shapes.size(); i += 4) {
        sem::LevelSizes sizes = prior.sizes(level, shapes[i], shapes[i + 1], shapes[i + 2]);
        sum = {sum.context + sizes.context, sum.bands + sizes.bands, sum.symbols + sizes.symbols, sum.next + sizes.next};
    }
    return sum;
}

LevelResult run(const sem::CudaPrior& prior, int level, const std::vector<int>& shapes, const std::vector<float>* lambdas,
        const std::vector<sem::CudaDecoder>* decoders, const std::vector<int8_t>& contexts, const std::vector<float>& bands) {
    sem::LevelSizes sizes = sum_of_sizes(prior, level, shapes);
    LevelResult result = {bands, {}, {}, std::vector<int8_t>(sizes.next)};
    std::vector<int64_t> addresses;
    if (decoders != nullptr) {
        for (const sem::CudaDecoder& decoder : *decoders) {
            addresses.push_back(reinterpret_cast<int64_t>(&decoder));
        }
    } else {
        result.symbols.resize(sizes.symbols);
        result.rows.resize(sizes.symbols);
    }
    prior.run(level, static_cast<int>(shapes.size() / 4), shapes.data(), lambdas == nullptr ? nullptr : lambdas->data(),
            decoders == nullptr ? nullptr : addresses.data(), contexts.data(), result.bands.data(), result.symbols.data(),
            result.rows.data(), result.next.data());
    return result;
}

std::vector<sem::CudaDecoder> decoders_of(const sem::CudaTables& tables, const std::vector<std::vector<int8_t>>& streams,
        const std::vector<int>& lanes) {
    std::vector<sem::CudaDecoder> decoders;
    for (size_t i = 0; i < streams.size(); i++) {
        decoders.emplace_back(tables, streams[i].data(), static_cast<int>(streams[i].size()), lanes[i]);
    }
    return decoders;
}

/** Pictures of many sizes, quantized and decoded from sound, cut, flipped and random streams, on the device and on the emulated one. */
void test_prior(const Tested& tested, const Tested& emulated, int channels, int count) {
    TableRows rows = laplacian_tables(2);
    sem::CudaTables tables = tested.tables(rows);
    sem::CudaTables emulated_tables = emulated.tables(rows);
    PriorWeights weights(channels);
    sem::CudaPrior prior = weights.on(tables);
    sem::CudaPrior emulated_prior = weights.on(emulated_tables);
    std::vector<int> sides = random_values<int>(2 * count, 1, 3);
    std::vector<int> lanes = random_values<int>(count, 1, sem::MAX_LANES);
    std::vector<int> gray = random_values<int>(count, 0, 1);
    std::vector<float> lambdas(count, 0.1f);
    std::vector<Picture> pictures(count);
    auto shapes_of = [&](int level) {
        int side = level == 0 ? 1 : 64 >> level;
        std::vector<int> shapes;
        for (int i = 0; i < count; i++) {
            shapes.insert(shapes.end(), {sides[2 * i] * side, sides[2 * i + 1] * side, gray[i], (40 * i + 7) % 256});
        }
        return shapes;
    };
    std::vector<int8_t> contexts;
    for (int level : {0, 6, 5, 4, 3, 2, 1}) {
        std::vector<int> shapes = shapes_of(level);
        std::vector<float> bands(sum_of_sizes(prior, level, shapes).bands);
        std::normal_distribution<float> normal(0, 6);
        for (float& value : bands) {
            value = normal(generator);
        }
        LevelResult expected = run(emulated_prior, level, shapes, &lambdas, nullptr, contexts, bands);
        LevelResult result = run(prior, level, shapes, &lambdas, nullptr, contexts, bands);
        expect(result == expected, "a quantized level");
        size_t from = 0;
        for (int i = 0; i < count; i++) {
            sem::LevelSizes sizes = prior.sizes(level, shapes[4 * i], shapes[4 * i + 1], gray[i]);
            int64_t grid = level == 0 ? 1 : static_cast<int64_t>(shapes[4 * i]) * shapes[4 * i + 1] / (level == 6 ? 1 : 4);
            size_t end = from + sizes.symbols;
            for (size_t k = 0; from < end; k++) {
                size_t step = level == 0 ? 1 : weights.levels[level - 1].steps[k].channels.size() * grid;
                std::vector<int8_t> found(result.rows.begin() + from, result.rows.begin() + from + step);
                pictures[i].push_back({found, {result.symbols.begin() + from, result.symbols.begin() + from + step}});
                for (int8_t& scale_index : pictures[i].back().scale_indices) {
                    scale_index &= sem::SCALE_INDICES - 1;
                }
                expect(pictures[i].back().rows(2) == found, "the rows that a decoder will find");
                from += step;
            }
        }
        contexts = result.next;
    }
    std::vector<std::vector<int8_t>> sound = device_encoded(tables, 2, pictures, lanes);
    for (int kind = 0; kind < 4; kind++) {
        std::vector<std::vector<int8_t>> streams = sound;
        for (std::vector<int8_t>& stream : streams) {
            if (kind == 1) {
                stream.resize(random_below(static_cast<int>(stream.size()) + 1));
            } else if (kind == 2) {
                stream[random_below(static_cast<int>(stream.size()))] ^= 4;
            } else if (kind == 3) {
                stream = random_values<int8_t>(random_below(20000), -128, 127);
            }
        }
        std::vector<sem::CudaDecoder> decoders = decoders_of(tables, streams, lanes);
        std::vector<sem::CudaDecoder> emulated_decoders = decoders_of(emulated_tables, streams, lanes);
        contexts.clear();
        for (int level : {0, 6, 5, 4, 3, 2, 1}) {
            std::vector<int> shapes = shapes_of(level);
            std::vector<float> bands(sum_of_sizes(prior, level, shapes).bands);
            LevelResult expected = run(emulated_prior, level, shapes, nullptr, &emulated_decoders, contexts, bands);
            LevelResult result = run(prior, level, shapes, nullptr, &decoders, contexts, bands);
            expect(result == expected, "a decoded level");
            contexts = result.next;
        }
        for (int i = 0; i < count; i++) {
            expect(decoders[i].exhausted() == emulated_decoders[i].exhausted(), "where a stream ends");
        }
    }
}

/** Whatever allocation fails is an error, and frees what there was: the emulated driver aborts if memory is left. */
void test_errors(const char* driver) {
    void* library = dlopen(driver, RTLD_NOW | RTLD_LOCAL);
    auto fail_after = reinterpret_cast<void (*)(int)>(dlsym(library, "emulated_fail_after"));
    Tested emulated(driver, "emulated");
    TableRows rows = laplacian_tables(2);
    PriorWeights weights(3);
    std::vector<int> shapes = {4, 6, 0, 100, 2, 2, 1, 7};
    std::vector<float> lambdas = {0, 0.1f};
    Picture picture = {random_step(50), random_step(9)};
    int failures = 0;
    for (int allocations = 0; failures == allocations; allocations++) {
        fail_after(allocations);
        try {
            sem::CudaTables tables = emulated.tables(rows);
            sem::CudaPrior prior = weights.on(tables);
            sem::LevelSizes sizes = sum_of_sizes(prior, 3, shapes);
            run(prior, 3, shapes, &lambdas, nullptr, std::vector<int8_t>(sizes.context), std::vector<float>(sizes.bands));
            std::vector<std::vector<int8_t>> streams = device_encoded(tables, 2, {picture, picture}, {32, 1});
            std::vector<sem::CudaDecoder> decoders = decoders_of(tables, streams, {32, 1});
            run(prior, 3, shapes, nullptr, &decoders, std::vector<int8_t>(sizes.context), std::vector<float>(sizes.bands));
        } catch (const std::runtime_error& e) {
            expect(std::string(e.what()).find("OUT_OF_MEMORY") != std::string::npos, e.what());
            failures++;
        }
    }
    fail_after(-1);
    expect(failures > 50, "where memory can run out");
}

// Speed

/** Seconds of the fastest of a few runs. */
template <typename Prepare, typename Work>
double seconds(int runs, Prepare prepare, Work work) {
    double best = 1e9;
    for (int i = 0; i < runs; i++) {
        prepare();
        auto begin = std::chrono::steady_clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

/** Streams of one step of 2^16 symbols in 32 lanes, of which one in fifteen is not zero; megabytes are those of int32 symbols. */
void measure_entropy_coder(const Tested& tested, int megabytes, int runs) {
    constexpr int STEP = 1 << 16;
    sem::CudaTables tables = tested.tables(laplacian_tables(2));
    const std::shared_ptr<const sem::CudaContext>& context = tested.device.context();
    sem::CudaContext::Current current(*context);
    sem::CudaStream stream = sem::thread_stream();
    int count = megabytes * (1 << 18) / STEP;
    size_t size = static_cast<size_t>(count) * STEP;
    SymbolStep step = {random_values<int8_t>(STEP, 0, 30), std::vector<int32_t>(STEP)};
    for (int32_t& symbol : step.symbols) {
        symbol = random_below(15) == 0 ? random_below(2) * 2 - 1 : 0;
    }
    std::vector<int32_t> symbols;
    std::vector<int8_t> scale_indices;
    std::vector<int8_t> rows;
    std::vector<int8_t> step_rows = step.rows(2);
    for (int i = 0; i < count; i++) {
        symbols.insert(symbols.end(), step.symbols.begin(), step.symbols.end());
        scale_indices.insert(scale_indices.end(), step.scale_indices.begin(), step.scale_indices.end());
        rows.insert(rows.end(), step_rows.begin(), step_rows.end());
    }
    std::vector<int> sizes(count, STEP);
    std::vector<int> counts(count, 1);
    std::vector<int> lanes(count, 32);
    std::vector<std::vector<int8_t>> bytes(count);
    double encode_host = seconds(runs, [] {}, [&] {
        sem::CudaStreams streams(tables, symbols.data(), rows.data(), static_cast<int>(size), sizes.data(), counts.data(), lanes.data(),
                count);
        for (int i = 0; i < count; i++) {
            bytes[i].resize(streams.size(i));
            streams.write(i, bytes[i].data());
        }
    });

    sem::DeviceMemory device_symbols(context, symbols.data(), size, stream);
    sem::DeviceMemory device_scale_indices(context, scale_indices.data(), size, stream);
    sem::DeviceMemory device_rows(context, rows.data(), size, stream);
    sem::DeviceMemory copy(context, sizeof(int32_t) * size, stream);
    std::vector<sem::EncodeRun> encode_runs(count);
    std::vector<sem::EncodeStream> streams(count);
    int64_t room = static_cast<int64_t>(bytes[0].size()) / 2 + STEP / 4;
    for (int i = 0; i < count; i++) {
        encode_runs[i] = {device_symbols.address() + sizeof(int32_t) * STEP * i, device_rows.address() + static_cast<size_t>(STEP) * i,
                STEP, 1};
        streams[i].first_run = i;
        streams[i].runs = 1;
        streams[i].lanes = 32;
        streams[i].begin = room * i;
        streams[i].end = room * (i + 1);
    }
    sem::DeviceMemory device_runs(context, encode_runs.data(), count, stream);
    sem::DeviceMemory device_streams(context, streams.data(), count, stream);
    sem::DeviceMemory words(context, sizeof(uint16_t) * room * count, stream);
    double encode = seconds(runs, [&] { context->synchronize(stream); }, [&] {
        sem::cuda_measure(tables, device_streams.address(), device_runs.address(), count, 8, stream);
        sem::cuda_encode(tables, device_streams.address(), device_runs.address(), count, words.address(), stream);
        context->synchronize(stream);
    });

    std::vector<sem::CudaDecoder> decoders;
    sem::DeviceMemory decode_runs;
    auto prepare = [&] {
        decoders = decoders_of(tables, bytes, lanes);
        std::vector<sem::DecodeRun> made(count);
        for (int i = 0; i < count; i++) {
            made[i] = {decoders[i].address(), device_scale_indices.address() + static_cast<size_t>(STEP) * i,
                    copy.address() + sizeof(int32_t) * STEP * i, STEP, 0};
        }
        decode_runs = sem::DeviceMemory(context, made.data(), count, stream);
        context->synchronize(stream);
    };
    double decode = seconds(runs, prepare, [&] {
        sem::cuda_decode(tables, decode_runs.address(), count, stream);
        context->synchronize(stream);
    });
    std::vector<int32_t> decoded(size);
    double decode_host = seconds(runs, [] {}, [&] {
        device_scale_indices.set(scale_indices.data());
        prepare();
        sem::cuda_decode(tables, decode_runs.address(), count, stream);
        copy.get(decoded.data());
        context->synchronize(stream);
    });
    for (size_t i = 0; i < size; i++) {
        int quantizer = sem::detail::row_of(rows[i]) >= sem::SCALE_INDICES ? 1 : 0;
        expect(decoded[i] == sem::detail::reconstruction_level(symbols[i], quantizer), "what was encoded");
    }
    double copied = seconds(runs, [&] { context->synchronize(stream); }, [&] {
        context->driver.check(context->driver.on_device(copy.address(), device_symbols.address(), sizeof(int32_t) * size, stream),
                "cuMemcpyDtoD");
        context->synchronize(stream);
    });
    auto rate = [&](double time) { return static_cast<double>(size) / time / 1e6; };
    std::printf("| %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f |\n", megabytes, count, rate(encode), rate(decode), rate(encode_host),
            rate(decode_host), rate(copied));
}

/** All levels of pictures of 768x512, decoded from empty streams: the arithmetic and the copies of bands and contexts, not the symbols. */
void measure_prior(const Tested& tested, int count, int runs) {
    sem::CudaTables tables = tested.tables(laplacian_tables(2));
    sem::CudaPrior prior = PriorWeights(64).on(tables);
    std::vector<sem::CudaDecoder> decoders = decoders_of(tables, std::vector<std::vector<int8_t>>(count), std::vector<int>(count, 32));
    double time = seconds(runs, [] {}, [&] {
        std::vector<int8_t> contexts;
        for (int level : {0, 6, 5, 4, 3, 2, 1}) {
            std::vector<int> shapes;
            for (int i = 0; i < count; i++) {
                shapes.insert(shapes.end(), {512 >> (level == 0 ? 6 : level), 768 >> (level == 0 ? 6 : level), 0, 128});
            }
            std::vector<float> bands(sum_of_sizes(prior, level, shapes).bands);
            contexts = run(prior, level, shapes, nullptr, &decoders, contexts, bands).next;
        }
    });
    std::printf("| %d | %.2f | %.1f |\n", count, 1e3 * time, count * 768 * 512 / time / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    bool quick = argc > 1 && std::string(argv[argc - 1]) == "quick";
    int given = argc - (quick ? 2 : 1);
    if (given != 1 && given != 3) {
        std::fprintf(stderr, "usage: kernel_test EMULATED_DRIVER [DRIVER IMAGE] [quick]\n");
        return 2;
    }
    Tested emulated(argv[1], "emulated");
    std::string image = "emulated";
    if (given == 3) {
        std::ifstream file(argv[3], std::ios::binary);
        image.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    Tested tested(given == 3 ? argv[2] : argv[1], image);
    std::printf("%s\n", tested.device.name());
    test_errors(argv[1]);
    test_convolutions(tested);
    test_entropy_coder(tested, quick ? 2 : 12, quick ? 2 : 8, quick ? 1 << 13 : 1 << 24);
    test_prior(tested, emulated, 5, quick ? 2 : 8);
    test_prior(tested, emulated, quick ? 9 : 70, quick ? 2 : 5);
    std::printf("Convolutions, entropy coder and levels of the prior: the same bits.\n");
    if (!quick && given == 3) {
        std::printf("\nMillions of symbols per second:\n\n");
        std::printf("| MB of symbols | streams | encode | decode | encode with the host's way | decode with the host's way "
                "| copy on the device |\n");
        std::printf("|---|---|---|---|---|---|---|\n");
        for (int megabytes : {1, 16, 256}) {
            measure_entropy_coder(tested, megabytes, 5);
        }
        std::printf("\nThe prior's levels of pictures of 768x512, 64 channels, from and to the host:\n\n");
        std::printf("| pictures | ms | megapixels per second |\n|---|---|---|\n");
        for (int pictures : {1, 8, 32}) {
            measure_prior(tested, pictures, 5);
        }
    }
    return 0;
}
