// SPDX-License-Identifier: Apache-2.0
/**
 * Any numbers as an encoder's coefficients, those that are none included. All instruction sets choose the same symbols, a decoder finds
 * what the encoder says that it will find, and refinements of it agree.
 */
#include <cmath>

#include "sem/entropy_encoder.h"

#include "levels.h"

namespace {

using sem_test::expect;

struct Coder {
    sem::EntropyTables tables;
    sem::SymbolCosts costs;
};

const Coder& coder() {
    static const Coder made = [] {
        sem_test::generator.seed(5);
        sem_test::Tables random = sem_test::random_tables(2);
        std::vector<float> bits;
        for (int32_t frequency : random.frequencies) {
            bits.push_back(16 - std::log2(static_cast<float>(frequency)));
        }
        return Coder{random.entropy(), sem::SymbolCosts(random.sizes.data(), bits.data())};
    }();
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    sem_fuzz::Input in(bytes, size);
    sem_fuzz::Shape shape(in);
    float lambda = static_cast<float>(in.byte()) / 64;
    int lanes = 1 << in.below(6);
    std::vector<int8_t> context = shape.context(in);
    std::vector<float> target(shape.coefficients());
    int step = 1 + in.below(16);
    for (size_t i = 0; i < target.size(); i++) {
        target[i] = i % step == 0 ? in.number() : target[i - 1];
    }
    size_t grid = shape.grid();
    std::vector<int32_t> symbols;
    std::vector<float> decoded;
    std::vector<int32_t> refined;
    for (int set : sem_test::instruction_sets()) {
        const sem::PriorLevel& level = shape.level(set);
        size_t count = level.symbol_steps_to_code(shape.gray) * 3 * grid;
        std::vector<int32_t> found(count), chosen(count), cells(target.size()), split(target.size());
        std::vector<int8_t> rows(count), classes(count), next = shape.next(), next_again = shape.next();
        std::vector<float> expected(target.size()), again(target.size());
        level.quantize(shape.threads, shape.height, shape.width, shape.gray, shape.quality_index, lambda, coder().costs, context.data(),
                target.data(), found.data(), rows.data(), expected.data(), next.data());
        sem::EntropyEncoder encoder(coder().tables, lanes);
        for (size_t end = count; end > 0; end -= 3 * grid) {
            encoder.push(found.data() + end - 3 * grid, rows.data() + end - 3 * grid, static_cast<int>(3 * grid), 0,
                    static_cast<int>(3 * grid));
        }
        std::vector<int8_t> stream(encoder.size());
        encoder.write(stream.data());
        sem::EntropyDecoder decoder(coder().tables, stream.data(), static_cast<int>(stream.size()), lanes);
        level.decode(shape.threads, shape.height, shape.width, shape.gray, shape.quality_index, context.data(), decoder, again.data(),
                next_again.data());
        expect(!decoder.exhausted() && again == expected && next == next_again, "what is decoded is what was quantized");
        for (size_t i = 0; i < cells.size(); i++) {
            cells[i] = static_cast<int32_t>(expected[i] * 16) * 2;
        }
        level.refine(shape.threads, shape.height, shape.width, shape.gray, shape.quality_index, lambda, sem_fuzz::refinement(),
                context.data(), cells.data(), target.data(), chosen.data(), classes.data(), split.data(), next.data());
        found.insert(found.end(), chosen.begin(), chosen.end());
        if (set == sem::PORTABLE) {
            symbols = found;
            decoded = expected;
            refined = split;
        }
        expect(found == symbols && expected == decoded && split == refined, "instruction sets agree");
    }
    return 0;
}
