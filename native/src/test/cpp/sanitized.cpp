// SPDX-License-Identifier: Apache-2.0
/**
 * Feeds the entropy coder, the kernels, the prior, the coefficient network and synthesis random, cut and bit-flipped data; built with sanitizers,
 * which abort at the first access or overflow that is wrong. Every array is allocated at its exact size, so that a byte beyond is noticed.
 */
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "sem/coefficient_net.h"
#include "sem/entropy_decoder.h"
#include "sem/entropy_encoder.h"
#include "sem/kernels.h"
#include "sem/prior.h"
#include "sem/synthesis_window.h"

#include "random_data.h"

namespace {

using namespace sem_test;

struct SymbolStep {
    std::vector<int8_t> scale_indices;
    std::vector<int32_t> symbols;
    std::vector<int8_t> rows;
    std::vector<int32_t> decoded;
};

SymbolStep random_step(int size, int quantizers) {
    SymbolStep step = {std::vector<int8_t>(size), std::vector<int32_t>(size), std::vector<int8_t>(size), std::vector<int32_t>(size)};
    int states[sem::MAX_CHAINS] = {};
    int scale_indices = 1 + random_below(sem::SCALE_INDICES);
    int wild = random_below(100);
    for (int i = 0; i < size; i++) {
        step.scale_indices[i] = static_cast<int8_t>(random_below(scale_indices));
        int magnitude = random_below(100) < wild ? random_below(1 + (sem::MAX_SYMBOL >> random_below(21))) : 0;
        step.symbols[i] = random_below(50) == 0 && wild > 50 ? sem::MAX_SYMBOL : magnitude;
        step.symbols[i] *= random_below(2) == 0 ? 1 : -1;
        int& state = states[i % sem::chains_of(size)];
        int quantizer = sem::detail::quantizer_of(state);
        step.rows[i] = static_cast<int8_t>(sem::detail::row_of(step.scale_indices[i], quantizer));
        step.decoded[i] = quantizers == 1 ? step.symbols[i] : sem::detail::reconstruction_level(step.symbols[i], quantizer);
        state = quantizers == 1 ? 0 : sem::detail::next_state(state, step.symbols[i]);
    }
    return step;
}

std::vector<int8_t> encode(const sem::EntropyTables& tables, const std::vector<SymbolStep>& steps, int lanes) {
    sem::EntropyEncoder encoder(tables, lanes);
    for (size_t s = steps.size(); s-- > 0;) {
        encoder.push(steps[s].symbols.data(), steps[s].rows.data(), static_cast<int>(steps[s].symbols.size()), 0,
                static_cast<int>(steps[s].symbols.size()));
    }
    std::vector<int8_t> stream(encoder.size());
    encoder.write(stream.data());
    return stream;
}

/** Decodes any bytes; gives the symbols that the stream held. */
size_t decode(const sem::EntropyTables& tables, const std::vector<SymbolStep>& steps, const int8_t* stream, int size, int lanes,
        bool intact) {
    std::unique_ptr<int8_t[]> bytes(new int8_t[size]);
    std::copy(stream, stream + size, bytes.get());
    sem::EntropyDecoder decoder(tables, bytes.get(), size, lanes);
    size_t total = 0;
    for (const SymbolStep& step : steps) {
        int count = static_cast<int>(step.symbols.size());
        std::vector<int32_t> symbols(count, 12345);
        int step_lanes = std::min(lanes, sem::chains_of(count));
        int middle = count / 2 / step_lanes * step_lanes;
        int decoded = decoder.decode(step.scale_indices.data(), symbols.data(), count, 0, middle);
        decoded += decoder.decode(step.scale_indices.data(), symbols.data(), count, middle, count);
        expect(decoded == count || decoder.exhausted(), "symbols are missing only at the end");
        for (int i = 0; i < count; i++) {
            expect(std::abs(symbols[i]) <= tables.quantizers() * sem::MAX_SYMBOL && (i < decoded || symbols[i] == 0),
                    "symbols are in range");
        }
        expect(!intact || std::equal(symbols.begin(), symbols.begin() + decoded, step.decoded.begin()),
                "what is decoded is what was encoded");
        total += decoded;
    }
    return total;
}

void try_entropy_coder(int rounds) {
    for (int round = 0; round < rounds; round++) {
        int quantizers = 1 + round % 2;
        sem::EntropyTables tables = random_tables(quantizers).entropy();
        int lanes = 1 + random_below(sem::MAX_LANES);
        std::vector<SymbolStep> steps;
        size_t symbols = 0;
        for (int s = random_below(5); s >= 0; s--) {
            steps.push_back(random_step(random_below(s % 2 == 0 ? 3000 : 300), quantizers));
            symbols += steps.back().symbols.size();
        }
        std::vector<int8_t> stream = encode(tables, steps, lanes);
        int size = static_cast<int>(stream.size());
        expect(decode(tables, steps, stream.data(), size, lanes, true) == symbols, "everything is decoded");
        for (int i = 0; i < 10; i++) {
            decode(tables, steps, stream.data(), random_below(size + 1), lanes, true);
        }
        for (int i = 0; i < 10; i++) {
            std::vector<int8_t> flipped = stream;
            flipped[random_below(size)] ^= static_cast<int8_t>(1 << random_below(8));
            decode(tables, steps, flipped.data(), size, lanes, false);
        }
        for (int i = 0; i < 10; i++) {
            std::vector<int8_t> noise(random_below(3000));
            for (int8_t& byte : noise) {
                byte = static_cast<int8_t>(i == 0 ? 0 : generator());
            }
            decode(tables, steps, noise.data(), static_cast<int>(noise.size()), lanes, false);
        }
    }
}

void try_kernels(int rounds) {
    for (int round = 0; round < rounds; round++) {
        int inputs = 1 + random_below(20);
        int outputs = 1 + random_below(20);
        int kernel = random_below(2) == 0 ? 1 : 3;
        int height = random_below(20);
        int width = random_below(70);
        std::vector<int8_t> weights(inputs * outputs * kernel * kernel);
        std::vector<int8_t> input(inputs * height * width);
        std::vector<int32_t> sums(outputs * height * width);
        for (int8_t& weight : weights) {
            weight = static_cast<int8_t>(generator());
        }
        for (int8_t& value : input) {
            value = static_cast<int8_t>(generator());
        }
        for (int32_t& sum : sums) {
            sum = static_cast<int32_t>(generator());
        }
        std::vector<int8_t> shifts(outputs);
        for (int8_t& shift : shifts) {
            shift = static_cast<int8_t>(random_below(17));
        }
        std::vector<int32_t> expected = sums;
        std::vector<int8_t> expected_output(sums.size());
        sem::convolve(sem::PORTABLE, 1, weights.data(), inputs, outputs, kernel, input.data(), height, width, expected.data());
        sem::activate(sem::PORTABLE, expected.data(), shifts.data(), outputs, height * width, expected_output.data());
        for (int set : instruction_sets()) {
            std::vector<int32_t> actual = sums;
            std::vector<int8_t> output(sums.size());
            sem::convolve(set, 2, weights.data(), inputs, outputs, kernel, input.data(), height, width, actual.data());
            sem::activate(set, actual.data(), shifts.data(), outputs, height * width, output.data());
            expect(actual == expected && output == expected_output, "instruction sets agree");
        }
    }
}

void try_prior(int rounds) {
    for (int round = 0; round < rounds; round++) {
        Tables tables = random_tables(2);
        sem::EntropyTables entropy_tables = tables.entropy();
        std::vector<float> bits;
        for (int32_t frequency : tables.frequencies) {
            bits.push_back(16 - std::log2(static_cast<float>(frequency)));
        }
        sem::SymbolCosts costs(tables.sizes.data(), bits.data());
        int phases = random_below(2) == 0 ? 1 : 4;
        bool gray = random_below(4) == 0;
        bool has_up = random_below(2) == 0;
        int inputs = 1 + random_below(9);
        int height = (1 + random_below(40)) * (phases == 1 ? 1 : 2);
        int width = (1 + random_below(90)) * (phases == 1 ? 1 : 2);
        int grid = height * width / phases;
        std::vector<int8_t> context = random_values<int8_t>(static_cast<size_t>(inputs) * grid, 127);
        for (int8_t& value : context) {
            // Only the first level's context has a sign.
            value = static_cast<int8_t>(phases == 1 ? value : std::abs(value));
        }
        std::vector<float> target = random_values<float>(static_cast<size_t>(BANDS) * height * width, 20);
        size_t count = 0;
        std::vector<int32_t> symbols;
        std::vector<int8_t> rows;
        std::vector<float> expected;
        std::vector<int8_t> expected_next;
        auto seed = generator();
        auto after = generator;
        for (int set : instruction_sets()) {
            generator.seed(seed);
            sem::PriorLevel level = random_level(set, phases, inputs, has_up);
            count = static_cast<size_t>(gray ? 3 * phases : BANDS * phases) * grid;
            std::vector<int32_t> found(count);
            std::vector<int8_t> found_rows(count);
            std::vector<float> decoded(target.size());
            std::vector<int8_t> next(has_up ? static_cast<size_t>(4) * grid : 0);
            level.quantize(1 + set, height, width, gray, 100, 0.1f, costs, context.data(), target.data(), found.data(), found_rows.data(),
                    decoded.data(), next.data());
            if (set == sem::PORTABLE) {
                symbols = found;
                rows = found_rows;
                expected = decoded;
                expected_next = next;
            }
            expect(found == symbols && found_rows == rows && decoded == expected && next == expected_next, "instruction sets agree");
            sem::EntropyEncoder encoder(entropy_tables, 4);
            for (size_t end = count; end > 0; end -= static_cast<size_t>(3) * grid) {
                encoder.push(symbols.data() + end - 3 * grid, rows.data() + end - 3 * grid, 3 * grid, 0, 3 * grid);
            }
            std::vector<int8_t> stream(encoder.size());
            encoder.write(stream.data());
            sem::EntropyDecoder decoder(entropy_tables, stream.data(), static_cast<int>(stream.size()), 4);
            level.decode(2, height, width, gray, 100, context.data(), decoder, decoded.data(), next.data());
            expect(!decoder.exhausted() && decoded == expected && next == expected_next, "what is decoded is what was quantized");
            std::vector<int8_t> noise = random_values<int8_t>(random_below(3000), 127);
            sem::EntropyDecoder lost(entropy_tables, noise.data(), static_cast<int>(noise.size()), 4);
            level.decode(2, height, width, gray, 100, context.data(), lost, decoded.data(), next.data());
        }
        generator = after;
    }
}

void try_coefficient_net(int rounds) {
    for (int round = 0; round < rounds; round++) {
        int channels = 1 + random_below(40);
        int width = 1 + random_below(40);
        int low = random_below(channels + 1);
        int ending = random_below(2) == 0 ? channels : 2 * channels - low;
        int blocks = random_below(3);
        int rows = 1 + random_below(13);
        int columns = 1 + random_below(40);
        std::vector<float> packed = random_values<float>(static_cast<size_t>(channels) * rows * columns, 20);
        std::vector<float> gain = random_values<float>(width, 2);
        std::vector<float> expected;
        auto seed = generator();
        for (int set : instruction_sets()) {
            generator.seed(seed);
            sem::CoefficientNet net(set);
            for (int i = 0; i < 2 * blocks + 2; i++) {
                int inputs = i == 0 ? channels : width;
                int outputs = i == 2 * blocks + 1 ? ending : width;
                net.add_convolution(1 + set, inputs, outputs, random_values<float>(static_cast<size_t>(inputs) * outputs * 9, 1).data(),
                        random_values<float>(outputs, 1).data());
            }
            std::vector<float> output(packed.size());
            net.run(1 + set, packed.data(), rows, columns, random_values<float>(width, 1).data(), gain.data(), 4, 0.1f, low, 1 / 16.0f,
                    output.data());
            std::vector<float> bands = random_values<float>(static_cast<size_t>(96) * rows * columns, 20);
            std::vector<float> heard = random_values<float>(static_cast<size_t>(rows) * columns, 1);
            net.correct(1 + set, bands.data(), rows, columns, random_values<float>(width, 1).data(), gain.data(), 4, 0.1f, low, 1 / 16.0f,
                    round % 2 == 0 ? heard.data() : nullptr);
            if (set == sem::PORTABLE) {
                expected = output;
            }
            float largest = 1;
            for (float value : expected) {
                largest = std::max(largest, std::fabs(value));
            }
            for (size_t i = 0; i < expected.size(); i++) {
                expect(std::fabs(output[i] - expected[i]) < 1e-4f * largest, "instruction sets agree");
            }
        }
    }
}

/** Any rows and columns of windows of all sizes, whose samples no instruction set, thread or cut changes. */
void try_synthesis(int rounds) {
    for (int round = 0; round < rounds; round++) {
        int height = 64 * (1 + random_below(4));
        int width = 64 * (1 + random_below(12));
        bool fine_colour = random_below(2) == 0;
        bool gray = random_below(4) == 0;
        int from = random_below(height);
        int to = from + 1 + random_below(height - from);
        int left = random_below(width);
        int columns = 1 + random_below(width - left);
        std::vector<float> steps = random_values<float>(9, 3);
        std::vector<std::vector<float>> planes;
        std::vector<float> gains(static_cast<size_t>(height / 16) * (width / 16), 1.5f);
        std::vector<int16_t> expected;
        for (int set : instruction_sets()) {
            sem::SynthesisWindow window(set);
            for (int size = round % 2; size < 2; size++) {
                window.begin(size == 0 ? 64 : height, size == 0 ? 64 : width, size == 1 && fine_colour);
            }
            for (int level = 0, p = 0; level <= 3; level++) {
                int rows = height >> (level == 0 ? 3 : level);
                int row = width >> (level == 0 ? 3 : level);
                for (int c = 0; c < (level == 0 || (level == 1 && !fine_colour) ? 3 : 9); c++, p++) {
                    if (set == sem::PORTABLE) {
                        planes.push_back(random_values<float>(static_cast<size_t>(rows) * row, 20));
                    }
                    int middle = rows / 2;
                    window.put(level, c, planes[p].data(), 0, row, 0, 0, middle, row);
                    window.put(level, c, planes[p].data(), middle * row, row, middle, 0, rows - middle, row);
                }
            }
            for (int level = 0; level <= 3; level++) {
                window.scale(1 + set, level, level == 0, steps.data(), gains.data(), 16 >> (level == 0 ? 3 : level));
            }
            window.join(1 + set, nullptr);
            size_t size = static_cast<size_t>(gray ? 1 : 3) * (to - from) * columns;
            int16_t* samples = window.pixels(1 + set, from, to, left, columns, 7, gray);
            if (set == sem::PORTABLE) {
                expected.assign(samples, samples + size);
            }
            expect(std::equal(samples, samples + size, expected.begin()), "instruction sets agree");
            samples = window.pixels(1, to - 1, to, left, columns, 7, gray);
            expect(std::equal(samples, samples + columns, expected.begin() + static_cast<ptrdiff_t>(to - from - 1) * columns),
                    "a row is the same by itself");
        }
    }
}

}  // namespace

int main() {
    try_entropy_coder(500);
    try_kernels(300);
    try_prior(60);
    try_coefficient_net(40);
    try_synthesis(40);
    std::puts("sanitized: nothing found");
}
