// SPDX-License-Identifier: Apache-2.0
/**
 * Gives a fuzzer random inputs and then files, without libFuzzer: any compiler can build it, and what was found once is tried with every
 * build.
 */
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

int main(int count, char** names) {
    constexpr int RANDOM_INPUTS = 300;
    std::mt19937 generator(1);
    for (int i = 0; i < RANDOM_INPUTS; i++) {
        std::vector<uint8_t> bytes(generator() % 512);
        for (uint8_t& byte : bytes) {
            byte = static_cast<uint8_t>(generator());
        }
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    for (int i = 1; i < count; i++) {
        std::ifstream file(names[i], std::ios::binary);
        if (!file) {
            std::fprintf(stderr, "cannot read %s\n", names[i]);
            return 1;
        }
        std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::printf("replayed: %d random inputs, %d files\n", RANDOM_INPUTS, count - 1);
}
