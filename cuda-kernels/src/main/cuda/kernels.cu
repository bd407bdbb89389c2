/**
 * The integer kernels on the device. No shared memory and no warp operations: a host compiler can run them too, thread by
 * thread, and so can a test on a machine without a device.
 */
#include "cuda_layout.h"

/** Words of four channels with a zero border of margin on every side: [inputs / 4][height + 2 margin][width + 2 margin]. */
extern "C" __global__ void sem_pack(const signed char* input, int inputs, int height, int width, int margin, int* packed) {
    int padded_width = width + 2 * margin;
    int padded_area = (height + 2 * margin) * padded_width;
    int words = (inputs + sem::CHANNELS_PER_WORD - 1) / sem::CHANNELS_PER_WORD;
    long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i >= static_cast<long long>(words) * padded_area) {
        return;
    }
    int word = static_cast<int>(i / padded_area);
    int y = static_cast<int>(i % padded_area) / padded_width - margin;
    int x = static_cast<int>(i % padded_area) % padded_width - margin;
    signed char values[sem::CHANNELS_PER_WORD];
    for (int k = 0; k < sem::CHANNELS_PER_WORD; k++) {
        int channel = sem::CHANNELS_PER_WORD * word + k;
        bool inside = channel < inputs && y >= 0 && y < height && x >= 0 && x < width;
        values[k] = inside ? input[(static_cast<size_t>(channel) * height + y) * width + x] : 0;
    }
    packed[i] = sem::pack4(values[0], values[1], values[2], values[3]);
}

/** One position and OUTPUTS_PER_THREAD outputs per thread; blockIdx.y counts the outputs. */
extern "C" __global__ void sem_convolve(const int* packed, const int* weights, int words, int outputs, int kernel, int height,
        int width, int* sums) {
    int area = height * width;
    long long position = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (position >= area) {
        return;
    }
    int stride = width + kernel - 1;
    size_t plane = static_cast<size_t>(height + kernel - 1) * stride;
    const int* from = packed + position / width * stride + position % width;
    const int* w = weights + static_cast<size_t>(blockIdx.y) * words * kernel * kernel * sem::OUTPUTS_PER_THREAD;
    int sum[sem::OUTPUTS_PER_THREAD] = {};
    for (int word = 0; word < words; word++, from += plane) {
        for (int ky = 0; ky < kernel; ky++) {
            for (int kx = 0; kx < kernel; kx++, w += sem::OUTPUTS_PER_THREAD) {
                int value = from[ky * stride + kx];
                for (int o = 0; o < sem::OUTPUTS_PER_THREAD; o++) {
                    sum[o] = sem::accumulate4(sum[o], value, w[o]);
                }
            }
        }
    }
    int first = blockIdx.y * sem::OUTPUTS_PER_THREAD;
    for (int o = 0; o < sem::OUTPUTS_PER_THREAD && first + o < outputs; o++) {
        int* to = sums + static_cast<size_t>(first + o) * area + position;
        *to = sem::add(*to, sum[o]);
    }
}

/** One value per thread. */
extern "C" __global__ void sem_activate(const int* sums, const signed char* shifts, int channels, int area, signed char* output) {
    long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i < static_cast<long long>(channels) * area) {
        output[i] = sem::activate(sums[i], shifts[i / area]);
    }
}
