// SPDX-License-Identifier: Apache-2.0
/**
 * Any bytes as the context, the cells and the stream of a level of the prior. All instruction sets give the same, and the refinement of
 * what was decoded does too.
 */
#include "levels.h"

namespace {

using sem_test::expect;

/** What a level gives. */
struct Given {
    std::vector<float> decoded;
    std::vector<int32_t> refined;
    std::vector<int8_t> next, refined_next;

    bool operator==(const Given& other) const {
        return decoded == other.decoded && refined == other.refined && next == other.next && refined_next == other.refined_next;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    sem_fuzz::Input in(bytes, size);
    sem_fuzz::Shape shape(in);
    std::vector<int8_t> context = shape.context(in);
    std::vector<int32_t> cells(shape.coefficients());
    int wild = in.byte();
    for (int32_t& cell : cells) {
        cell = wild & 1 ? static_cast<int32_t>(sem_test::generator()) >> (2 + wild % 28) : (in.byte() - 128) * 16;
    }
    int lanes = 1 << in.below(6);
    int split = in.byte();
    std::vector<int8_t> stream = in.rest();
    int first = static_cast<int>(stream.size()) * split / 256;
    std::vector<Given> all;
    for (int set : sem_test::instruction_sets()) {
        const sem::PriorLevel& level = shape.level(set);
        Given given = {std::vector<float>(cells.size()), std::vector<int32_t>(cells.size()), shape.next(), shape.next()};
        sem::EntropyDecoder decoder(sem_fuzz::tables(1), stream.data(), first, lanes);
        level.decode(shape.threads, shape.height, shape.width, shape.gray, shape.quality_index, context.data(), decoder,
                given.decoded.data(), given.next.data());
        std::vector<int8_t> behind(stream.begin() + first, stream.end());
        sem::EntropyDecoder more(sem_fuzz::tables(0), behind.data(), static_cast<int>(behind.size()), lanes);
        level.decode_refinement(shape.threads, shape.height, shape.width, shape.gray, shape.quality_index, sem_fuzz::refinement(),
                context.data(), cells.data(), more, given.refined.data(), given.refined_next.data());
        all.push_back(std::move(given));
        expect(all.back() == all.front(), "instruction sets agree");
    }
    return 0;
}
