// SPDX-License-Identifier: Apache-2.0
/** The first CUDA device, and the convolutions of the format on it. Errors of all that is on the device are std::runtime_error. */
#ifndef SEM_CUDA_DEVICE_H
#define SEM_CUDA_DEVICE_H

#include "cuda_driver.h"

namespace sem {

/** The device. Methods may be called by many threads. */
class CudaDevice {
public:
    /** See CudaContext. */
    CudaDevice(const char* driver_path, const signed char* image) : context_(std::make_shared<CudaContext>(driver_path, image)) {
    }

    /** What the device is called. */
    const char* name() const {
        return context_->name.c_str();
    }

    const std::shared_ptr<const CudaContext>& context() const {
        return context_;
    }

    /** See org.semimage.compute.kernel.Kernels. */
    void convolve(const signed char* weights, int inputs, int outputs, int kernel, const signed char* input, int height, int width,
            int* sums) const {
        int area = height * width;
        int words = divide_up(inputs, CHANNELS_PER_WORD);
        std::vector<int32_t> packed = pack_weights(weights, inputs, outputs, kernel * kernel, OUTPUTS_PER_THREAD);

        CudaContext::Current current(*context_);
        CudaStream stream = thread_stream();
        DeviceMemory device_input(context_, input, static_cast<size_t>(inputs) * area, stream);
        DeviceMemory device_words(context_, static_cast<size_t>(words) * area * sizeof(int32_t), stream);
        DeviceMemory device_weights(context_, packed.data(), packed.size(), stream);
        DeviceMemory device_sums(context_, sums, static_cast<size_t>(outputs) * area, stream);
        BatchItem item = {};
        item.height = height;
        item.width = width;
        item.context = device_input.address();
        DeviceMemory items(context_, &item, 1, stream);
        unsigned blocks = divide_up(area, THREADS_PER_BLOCK);
        context_->pack.launch(context_->driver, blocks, words, THREADS_PER_BLOCK, 0, stream, items.address(), 1, area, area, inputs,
                device_words.address());
        context_->convolve.launch(context_->driver, blocks, divide_up(outputs, OUTPUTS_PER_THREAD), THREADS_PER_BLOCK, 0, stream,
                items.address(), 1, area, area, device_words.address(), words, device_weights.address(), outputs, kernel, 0, 0,
                device_sums.address());
        device_sums.get(sums);
        context_->synchronize(stream);
    }

    /** See org.semimage.compute.kernel.Kernels. */
    void activate(const int* sums, const signed char* shifts, int channels, int area, signed char* output) const {
        size_t size = static_cast<size_t>(channels) * area;
        CudaContext::Current current(*context_);
        CudaStream stream = thread_stream();
        DeviceMemory device_sums(context_, sums, size, stream);
        DeviceMemory device_shifts(context_, shifts, channels, stream);
        DeviceMemory device_output(context_, size, stream);
        context_->activate.launch(context_->driver, divide_up(static_cast<int64_t>(size), THREADS_PER_BLOCK), 1, THREADS_PER_BLOCK, 0,
                stream, device_sums.address(), device_shifts.address(), channels, area, device_output.address());
        device_output.get(output);
        context_->synchronize(stream);
    }

private:
    std::shared_ptr<const CudaContext> context_;
};

}  // namespace sem

#endif
