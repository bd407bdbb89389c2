/**
 * The kernels on a device, without a JVM. From the repository's root:
 *
 *   nvcc -std=c++17 -O2 -arch=native -Inative/src/main/cpp -Icuda-kernels/src/main/cuda \
 *       cuda-kernels/src/test/cuda/kernel_test.cu -o /tmp/kernel_test && /tmp/kernel_test
 *
 * Compares them with their definition, bit by bit, and says how fast they are. Exits with 1 if a result differs.
 */
#include <cstdio>
#include <cstdlib>
#include <random>

#include "kernels.cu"

namespace {

void check(cudaError_t error, const char* what) {
    if (error != cudaSuccess) {
        std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
        std::exit(2);
    }
}

template <typename T>
struct Device {
    T* data = nullptr;
    size_t size;

    explicit Device(size_t size) : size(size) {
        check(cudaMalloc(&data, size * sizeof(T)), "cudaMalloc");
    }

    Device(const std::vector<T>& host) : Device(host.size()) {
        check(cudaMemcpy(data, host.data(), size * sizeof(T), cudaMemcpyHostToDevice), "cudaMemcpy");
    }

    Device(const Device&) = delete;

    ~Device() {
        cudaFree(data);
    }

    std::vector<T> get() const {
        std::vector<T> host(size);
        check(cudaMemcpy(host.data(), data, size * sizeof(T), cudaMemcpyDeviceToHost), "cudaMemcpy");
        return host;
    }
};

std::mt19937 random_bits(1);

std::vector<signed char> random_bytes(size_t size) {
    std::vector<signed char> bytes(size);
    for (signed char& b : bytes) {
        b = static_cast<signed char>(random_bits());
    }
    return bytes;
}

struct Shape {
    int inputs, outputs, kernel, height, width;
};

int defined_sum(const Shape& s, const std::vector<signed char>& weights, const std::vector<signed char>& input, int o, int y, int x) {
    int sum = 0;
    for (int i = 0; i < s.inputs; i++) {
        for (int ky = 0; ky < s.kernel; ky++) {
            for (int kx = 0; kx < s.kernel; kx++) {
                int from_y = y + ky - s.kernel / 2;
                int from_x = x + kx - s.kernel / 2;
                if (from_y >= 0 && from_y < s.height && from_x >= 0 && from_x < s.width) {
                    sum += weights[((static_cast<size_t>(o) * s.inputs + i) * s.kernel + ky) * s.kernel + kx]
                            * input[(static_cast<size_t>(i) * s.height + from_y) * s.width + from_x];
                }
            }
        }
    }
    return sum;
}

void launch(const Shape& s, const Device<signed char>& input, Device<int>& packed, const Device<int>& weights, Device<int>& sums) {
    int words = sem::divide_up(s.inputs, sem::CHANNELS_PER_WORD);
    sem_pack<<<sem::divide_up(packed.size, sem::THREADS_PER_BLOCK), sem::THREADS_PER_BLOCK>>>(
            input.data, s.inputs, s.height, s.width, s.kernel / 2, packed.data);
    dim3 grid(sem::divide_up(s.height * s.width, sem::THREADS_PER_BLOCK), sem::divide_up(s.outputs, sem::OUTPUTS_PER_THREAD));
    sem_convolve<<<grid, sem::THREADS_PER_BLOCK>>>(packed.data, weights.data, words, s.outputs, s.kernel, s.height, s.width, sums.data);
}

bool test(const Shape& s) {
    int area = s.height * s.width;
    std::vector<signed char> weights = random_bytes(static_cast<size_t>(s.inputs) * s.outputs * s.kernel * s.kernel);
    std::vector<signed char> input = random_bytes(static_cast<size_t>(s.inputs) * area);
    std::vector<int> expected(static_cast<size_t>(s.outputs) * area);
    for (int& v : expected) {
        v = static_cast<int>(random_bits()) >> 14;
    }
    Device<signed char> device_input(input);
    Device<int> packed(static_cast<size_t>(sem::divide_up(s.inputs, 4)) * (s.height + s.kernel - 1) * (s.width + s.kernel - 1));
    Device<int> device_weights(sem::pack_weights(weights.data(), s.inputs, s.outputs, s.kernel * s.kernel));
    Device<int> sums(expected);
    launch(s, device_input, packed, device_weights, sums);
    check(cudaGetLastError(), "launch");

    std::vector<signed char> shifts(s.outputs), expected_output(expected.size());
    for (int o = 0; o < s.outputs; o++) {
        shifts[o] = static_cast<signed char>(o % 17);
        for (int p = 0; p < area; p++) {
            size_t at = static_cast<size_t>(o) * area + p;
            expected[at] += defined_sum(s, weights, input, o, p / s.width, p % s.width);
            expected_output[at] = sem::activate(expected[at], shifts[o]);
        }
    }
    Device<signed char> device_shifts(shifts), output(expected.size());
    sem_activate<<<sem::divide_up(expected.size(), sem::THREADS_PER_BLOCK), sem::THREADS_PER_BLOCK>>>(
            sums.data, device_shifts.data, s.outputs, area, output.data);
    check(cudaGetLastError(), "launch");
    bool same = sums.get() == expected && output.get() == expected_output;

    cudaEvent_t begin, end;
    check(cudaEventCreate(&begin), "cudaEventCreate");
    check(cudaEventCreate(&end), "cudaEventCreate");
    constexpr int RUNS = 50;
    check(cudaEventRecord(begin), "cudaEventRecord");
    for (int i = 0; i < RUNS; i++) {
        launch(s, device_input, packed, device_weights, sums);
    }
    check(cudaEventRecord(end), "cudaEventRecord");
    check(cudaEventSynchronize(end), "cudaEventSynchronize");
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, begin, end), "cudaEventElapsedTime");
    check(cudaEventDestroy(begin), "cudaEventDestroy");
    check(cudaEventDestroy(end), "cudaEventDestroy");
    double work = static_cast<double>(s.inputs) * s.outputs * s.kernel * s.kernel * area * RUNS;
    std::printf("%3d -> %3d channels, kernel %d, %3d x %3d: %s, %.1f GMAC/s\n", s.inputs, s.outputs, s.kernel, s.height, s.width,
            same ? "same" : "DIFFERENT", work / milliseconds / 1e6);
    return same;
}

}  // namespace

int main() {
    const Shape shapes[] = {{1, 1, 1, 1, 1}, {3, 5, 3, 1, 1}, {7, 2, 3, 5, 1}, {2, 9, 1, 3, 17}, {100, 9, 3, 13, 7}, {6, 96, 3, 33, 1},
            {64, 96, 3, 32, 48}, {48, 64, 3, 64, 96}, {48, 48, 1, 128, 192}};
    bool same = true;
    for (const Shape& shape : shapes) {
        same &= test(shape);
    }
    return same ? 0 : 1;
}
