// SPDX-License-Identifier: Apache-2.0
/** Any shapes of coefficient networks and of convolutions of integers: instruction sets agree, floats as far as rounding lets them. */
#include <cmath>

#include "sem/coefficient_net.h"

#include "input.h"

namespace {

using sem_test::expect;
using sem_test::random_values;

void integers(sem_fuzz::Input& in) {
    int inputs = 1 + in.below(20), outputs = 1 + in.below(20), kernel = in.flag() ? 1 : 3;
    int height = in.below(12), width = in.below(70);
    std::vector<int8_t> weights(static_cast<size_t>(inputs) * outputs * kernel * kernel), shifts(outputs);
    std::vector<int8_t> input(static_cast<size_t>(inputs) * height * width);
    int step = 1 + in.below(8);
    for (std::vector<int8_t>* values : {&weights, &input}) {
        for (size_t i = 0; i < values->size(); i++) {
            (*values)[i] = static_cast<int8_t>(i % step == 0 ? in.byte() : (*values)[i - 1]);
        }
    }
    for (int8_t& shift : shifts) {
        shift = static_cast<int8_t>(in.below(17));
    }
    sem_test::generator.seed(in.byte());
    std::vector<int32_t> sums(static_cast<size_t>(outputs) * height * width), expected;
    for (int32_t& sum : sums) {
        sum = static_cast<int32_t>(sem_test::generator());
    }
    std::vector<int8_t> expected_output;
    for (int set : sem_test::instruction_sets()) {
        std::vector<int32_t> actual = sums;
        std::vector<int8_t> output(sums.size());
        sem::convolve(set, 1, weights.data(), inputs, outputs, kernel, input.data(), height, width, actual.data());
        sem::activate(set, actual.data(), shifts.data(), outputs, height * width, output.data());
        if (set == sem::PORTABLE) {
            expected = actual;
            expected_output = output;
        }
        expect(actual == expected && output == expected_output, "instruction sets agree");
    }
}

void floats(sem_fuzz::Input& in) {
    int channels = 1 + in.below(40), width = 1 + in.below(40), low = in.below(channels + 1);
    int ending = in.flag() ? channels : 2 * channels - low;
    int blocks = in.below(3), rows = 1 + in.below(13), columns = 1 + in.below(40);
    int seed = in.byte();
    sem_test::generator.seed(seed);
    std::vector<float> gain = random_values<float>(width, 2), shift = random_values<float>(width, 1);
    std::vector<float> packed(static_cast<size_t>(channels) * rows * columns);
    int step = 1 + in.below(64);
    float largest = 1;
    for (size_t i = 0; i < packed.size(); i++) {
        packed[i] = i % step == 0 ? in.bounded(1 << 20) : packed[i - 1];
    }
    std::vector<float> expected;
    for (int set : sem_test::instruction_sets()) {
        sem_test::generator.seed(seed);
        sem::CoefficientNet net(set);
        for (int i = 0; i < 2 * blocks + 2; i++) {
            int inputs = i == 0 ? channels : width;
            int outputs = i == 2 * blocks + 1 ? ending : width;
            net.add_convolution(1, inputs, outputs, random_values<float>(static_cast<size_t>(inputs) * outputs * 9, 1).data(),
                    random_values<float>(outputs, 1).data());
        }
        std::vector<float> output(packed.size());
        net.run(1, packed.data(), rows, columns, shift.data(), gain.data(), 4, 0.1f, low, 1 / 16.0f, output.data());
        if (set == sem::PORTABLE) {
            expected = output;
            for (float value : expected) {
                expect(std::isfinite(value), "what is finite stays so");
                largest = std::max(largest, std::fabs(value));
            }
        }
        for (size_t i = 0; i < expected.size(); i++) {
            expect(std::fabs(output[i] - expected[i]) <= 1e-3f * largest, "instruction sets agree");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    sem_fuzz::Input in(bytes, size);
    if (in.byte() & 3) {
        integers(in);
    } else {
        floats(in);
    }
    return 0;
}
