/**
 * The device's kernels through the CUDA driver API. The driver's library is opened at run time: nothing of CUDA has to be
 * installed where this is built, and nothing but the driver where it runs.
 */
#ifndef SEM_CUDA_DEVICE_H
#define SEM_CUDA_DEVICE_H

#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "cuda_layout.h"

namespace sem {

/** The driver's functions, with the types of cuda.h spelled out. */
struct CudaDriver {
    using Result = int;
    using Handle = void*;
    using Address = unsigned long long;

    Handle library;
    Result (*init)(unsigned);
    Result (*device_get)(int*, int);
    Result (*device_get_name)(char*, int, int);
    Result (*context_retain)(Handle*, int);
    Result (*context_release)(int);
    Result (*context_push)(Handle);
    Result (*context_pop)(Handle*);
    Result (*module_load)(Handle*, const void*);
    Result (*module_unload)(Handle);
    Result (*module_function)(Handle*, Handle, const char*);
    Result (*allocate)(Address*, size_t);
    Result (*free)(Address);
    Result (*to_device)(Address, const void*, size_t);
    Result (*to_host)(void*, Address, size_t);
    Result (*launch)(Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Handle, void**, void**);
    Result (*error_name)(Result, const char**);

    /** @throws std::runtime_error if the library does not open or lacks a function */
    explicit CudaDriver(const char* path) : library(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
        if (library == nullptr) {
            throw std::runtime_error(dlerror());
        }
        find(init, "cuInit");
        find(device_get, "cuDeviceGet");
        find(device_get_name, "cuDeviceGetName");
        find(context_retain, "cuDevicePrimaryCtxRetain");
        find(context_release, "cuDevicePrimaryCtxRelease_v2");
        find(context_push, "cuCtxPushCurrent_v2");
        find(context_pop, "cuCtxPopCurrent_v2");
        find(module_load, "cuModuleLoadData");
        find(module_unload, "cuModuleUnload");
        find(module_function, "cuModuleGetFunction");
        find(allocate, "cuMemAlloc_v2");
        find(free, "cuMemFree_v2");
        find(to_device, "cuMemcpyHtoD_v2");
        find(to_host, "cuMemcpyDtoH_v2");
        find(launch, "cuLaunchKernel");
        find(error_name, "cuGetErrorName");
    }

    template <typename Function>
    void find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(dlsym(library, name));
        if (function == nullptr) {
            throw std::runtime_error(std::string("the CUDA driver has no ") + name);
        }
    }

    void check(Result result, const char* what) const {
        if (result != 0) {
            const char* name = nullptr;
            error_name(result, &name);
            throw std::runtime_error(std::string(what) + ": " + (name != nullptr ? name : "error") + " (" + std::to_string(result) + ")");
        }
    }
};

/**
 * The first CUDA device, in its primary context. Methods may be called by many threads; each call brings its arrays to the
 * device and frees its memory before it returns. Errors are std::runtime_error.
 */
class CudaDevice {
public:
    /**
     * @param driver_path the driver's library, normally libcuda.so.1
     * @param image       the fatbin with kernels.cu
     */
    CudaDevice(const char* driver_path, const signed char* image) : driver(driver_path) {
        driver.check(driver.init(0), "cuInit");
        driver.check(driver.device_get(&device, 0), "cuDeviceGet");
        char text[256] = {};
        driver.check(driver.device_get_name(text, sizeof text - 1, device), "cuDeviceGetName");
        device_name = text;
        driver.check(driver.context_retain(&context, device), "cuDevicePrimaryCtxRetain");
        try {
            Current current(*this);
            driver.check(driver.module_load(&module, image), "cuModuleLoadData");
            driver.check(driver.module_function(&pack_kernel, module, "sem_pack"), "cuModuleGetFunction");
            driver.check(driver.module_function(&convolve_kernel, module, "sem_convolve"), "cuModuleGetFunction");
            driver.check(driver.module_function(&activate_kernel, module, "sem_activate"), "cuModuleGetFunction");
        } catch (...) {
            release();
            throw;
        }
    }

    CudaDevice(const CudaDevice&) = delete;
    CudaDevice& operator=(const CudaDevice&) = delete;

    ~CudaDevice() {
        release();
    }

    /** What the device is called. */
    const char* name() const {
        return device_name.c_str();
    }

    /** See org.semimage.compute.Kernels. */
    void convolve(const signed char* weights, int inputs, int outputs, int kernel, const signed char* input, int height, int width,
            int* sums) {
        int margin = kernel / 2;
        int words = divide_up(inputs, CHANNELS_PER_WORD);
        size_t area = static_cast<size_t>(height) * width;
        size_t packed_size = static_cast<size_t>(words) * (height + 2 * margin) * (width + 2 * margin);
        std::vector<int32_t> weight_words = pack_weights(weights, inputs, outputs, kernel * kernel);

        Current current(*this);
        Memory device_input(driver, inputs * area);
        Memory device_packed(driver, packed_size * sizeof(int32_t));
        Memory device_weights(driver, weight_words.size() * sizeof(int32_t));
        Memory device_sums(driver, outputs * area * sizeof(int32_t));
        device_input.set(input);
        device_weights.set(weight_words.data());
        device_sums.set(sums);
        void* pack[] = {&device_input.address, &inputs, &height, &width, &margin, &device_packed.address};
        launch(pack_kernel, packed_size, 1, pack);
        void* convolve[] = {&device_packed.address, &device_weights.address, &words, &outputs, &kernel, &height, &width, &device_sums.address};
        launch(convolve_kernel, area, divide_up(outputs, OUTPUTS_PER_THREAD), convolve);
        device_sums.get(sums);
    }

    /** See org.semimage.compute.Kernels. */
    void activate(const int* sums, const signed char* shifts, int channels, int area, signed char* output) {
        size_t size = static_cast<size_t>(channels) * area;
        Current current(*this);
        Memory device_sums(driver, size * sizeof(int32_t));
        Memory device_shifts(driver, channels);
        Memory device_output(driver, size);
        device_sums.set(sums);
        device_shifts.set(shifts);
        void* activate[] = {&device_sums.address, &device_shifts.address, &channels, &area, &device_output.address};
        launch(activate_kernel, size, 1, activate);
        device_output.get(output);
    }

private:
    /** Makes the context current in this thread for as long as it lives. */
    struct Current {
        const CudaDriver& driver;

        explicit Current(const CudaDevice& device) : driver(device.driver) {
            driver.check(driver.context_push(device.context), "cuCtxPushCurrent");
        }

        ~Current() {
            CudaDriver::Handle popped;
            driver.context_pop(&popped);
        }
    };

    /** Device memory; the copies wait for the kernels launched before. */
    struct Memory {
        const CudaDriver& driver;
        size_t size;
        CudaDriver::Address address = 0;

        Memory(const CudaDriver& driver, size_t size) : driver(driver), size(size) {
            driver.check(driver.allocate(&address, size), "cuMemAlloc");
        }

        Memory(const Memory&) = delete;
        Memory& operator=(const Memory&) = delete;

        ~Memory() {
            driver.free(address);
        }

        void set(const void* host) {
            driver.check(driver.to_device(address, host, size), "cuMemcpyHtoD");
        }

        void get(void* host) const {
            driver.check(driver.to_host(host, address, size), "cuMemcpyDtoH");
        }
    };

    void launch(CudaDriver::Handle kernel, size_t threads, unsigned rows, void** arguments) const {
        unsigned blocks = static_cast<unsigned>(divide_up(static_cast<int64_t>(threads), THREADS_PER_BLOCK));
        driver.check(driver.launch(kernel, blocks, rows, 1, THREADS_PER_BLOCK, 1, 1, 0, nullptr, arguments, nullptr), "cuLaunchKernel");
    }

    // Errors are of no use here: a broken context is gone with the process.
    void release() {
        if (module != nullptr && driver.context_push(context) == 0) {
            driver.module_unload(module);
            CudaDriver::Handle popped;
            driver.context_pop(&popped);
        }
        driver.context_release(device);
    }

    CudaDriver driver;
    int device = 0;
    std::string device_name;
    CudaDriver::Handle context = nullptr;
    CudaDriver::Handle module = nullptr;
    CudaDriver::Handle pack_kernel = nullptr;
    CudaDriver::Handle convolve_kernel = nullptr;
    CudaDriver::Handle activate_kernel = nullptr;
};

}  // namespace sem

#endif
