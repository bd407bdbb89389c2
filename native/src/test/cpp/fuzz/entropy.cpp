// SPDX-License-Identifier: Apache-2.0
/**
 * Any bytes as a stream of symbols. What a decoder gives is in range, does not depend on how often it is asked, and comes back when it is
 * encoded and decoded again.
 */
#include "sem/entropy_decoder.h"
#include "sem/entropy_encoder.h"

#include "input.h"

namespace {

using sem_test::expect;

/** Scale indices of a symbol step, a number of them, and how they are chosen. */
struct Step {
    std::vector<int8_t> scale_indices;
    int middle;
};

std::vector<Step> steps_of(sem_fuzz::Input& in, int lanes) {
    // Small ones mostly, which go through faster; 32 chains take 2048 symbols.
    int kind = in.byte();
    int most = kind >= 0xFC ? 2200 : kind >= 0xE0 ? 400 : 48;
    std::vector<Step> steps(1 + (kind & 3) % 3);
    for (Step& step : steps) {
        int count = in.below(most);
        int first = in.byte(), stride = in.byte(), masked = in.byte();
        step.scale_indices.resize(count);
        for (int i = 0; i < count; i++) {
            step.scale_indices[i] = static_cast<int8_t>((first + (i * stride & masked)) & (sem::SCALE_INDICES - 1));
        }
        int group = std::min(lanes, sem::chains_of(count));
        step.middle = in.below(1 + count / group) * group;
    }
    return steps;
}

/** The symbols and rows behind reconstruction levels, as an encoder takes them. */
void undo(const sem::EntropyTables& tables, const Step& step, std::vector<int32_t>& symbols, std::vector<int8_t>& rows) {
    int states[sem::MAX_CHAINS] = {};
    int chains = sem::chains_of(static_cast<int64_t>(symbols.size()));
    for (size_t i = 0; i < symbols.size(); i++) {
        int& state = states[i % chains];
        int quantizer = tables.quantizers() == 1 ? 0 : sem::detail::quantizer_of(state);
        rows[i] = static_cast<int8_t>(sem::detail::row_of(step.scale_indices[i], quantizer));
        if (tables.quantizers() == 2) {
            int32_t level = symbols[i];
            symbols[i] = (level + (level > 0 ? quantizer : level < 0 ? -quantizer : 0)) / 2;
            expect(sem::detail::reconstruction_level(symbols[i], quantizer) == level, "a level is a symbol's");
            state = sem::detail::next_state(state, symbols[i]);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    sem_fuzz::Input in(bytes, size);
    const sem::EntropyTables& tables = sem_fuzz::tables(in.byte());
    int lanes = in.flag() ? 1 << in.below(6) : 1 + in.below(sem::MAX_LANES);
    std::vector<Step> steps = steps_of(in, lanes);
    std::vector<int8_t> stream = in.rest();
    sem::EntropyDecoder whole(tables, stream.data(), static_cast<int>(stream.size()), lanes);
    sem::EntropyDecoder parts(tables, stream.data(), static_cast<int>(stream.size()), lanes);
    std::vector<std::vector<int32_t>> all;
    for (const Step& step : steps) {
        int count = static_cast<int>(step.scale_indices.size());
        std::vector<int32_t> symbols(count, 12345), again(count, 54321);
        int decoded = whole.decode(step.scale_indices.data(), symbols.data(), count, 0, count);
        int twice = parts.decode(step.scale_indices.data(), again.data(), count, 0, step.middle);
        twice += parts.decode(step.scale_indices.data(), again.data(), count, step.middle, count);
        expect(decoded == twice && symbols == again && whole.exhausted() == parts.exhausted(), "parts are the whole");
        expect(decoded == count || whole.exhausted(), "symbols are missing only at the end");
        for (int i = 0; i < count; i++) {
            expect(std::abs(symbols[i]) <= tables.quantizers() * sem::MAX_SYMBOL && (i < decoded || symbols[i] == 0), "in range");
        }
        all.push_back(symbols);
    }
    std::vector<std::vector<int32_t>> expected = all;
    std::vector<std::vector<int8_t>> rows;
    for (size_t s = 0; s < steps.size(); s++) {
        rows.emplace_back(all[s].size());
        undo(tables, steps[s], all[s], rows[s]);
    }
    sem::EntropyEncoder encoder(tables, lanes);
    for (size_t s = steps.size(); s-- > 0;) {
        int count = static_cast<int>(all[s].size());
        encoder.push(all[s].data(), rows[s].data(), count, 0, count);
    }
    std::vector<int8_t> coded(encoder.size());
    encoder.write(coded.data());
    sem::EntropyDecoder again(tables, coded.data(), static_cast<int>(coded.size()), lanes);
    for (size_t s = 0; s < steps.size(); s++) {
        int count = static_cast<int>(all[s].size());
        std::vector<int32_t> symbols(count);
        expect(again.decode(steps[s].scale_indices.data(), symbols.data(), count, 0, count) == count, "all comes back");
        expect(symbols == expected[s], "what comes back is what was there");
    }
    return 0;
}
