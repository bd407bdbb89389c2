// SPDX-License-Identifier: Apache-2.0
/**
 * The CUDA driver API, opened at run time: nothing of CUDA has to be installed where this is built, and nothing but the driver where it
 * runs.
 */
#ifndef SEM_CUDA_DRIVER_H
#define SEM_CUDA_DRIVER_H

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "cuda_layout.h"

namespace sem {

/** A CUstream; libtorch's are at::cuda::getCurrentCUDAStream().stream(). */
using CudaStream = void*;

/** The default stream of each thread: CU_STREAM_PER_THREAD. */
inline CudaStream thread_stream() {
    return reinterpret_cast<CudaStream>(2);
}

/** The driver's functions, with the types of cuda.h spelled out. */
struct CudaDriver {
    using Result = int;
    using Handle = void*;

    Handle library;
    Result (*init)(unsigned);
    Result (*device_get)(int*, int);
    Result (*device_get_name)(char*, int, int);
    Result (*device_attribute)(int*, int, int);
    Result (*context_retain)(Handle*, int);
    Result (*context_release)(int);
    Result (*context_push)(Handle);
    Result (*context_pop)(Handle*);
    Result (*module_load)(Handle*, const void*);
    Result (*module_unload)(Handle);
    Result (*module_function)(Handle*, Handle, const char*);
    Result (*allocate)(DeviceAddress*, size_t);
    Result (*free)(DeviceAddress);
    Result (*pool_create)(Handle*, const void*);
    Result (*pool_destroy)(Handle);
    Result (*pool_set)(Handle, int, void*);
    Result (*pool_allocate)(DeviceAddress*, size_t, Handle, CudaStream);
    Result (*pool_free)(DeviceAddress, CudaStream);
    Result (*to_device)(DeviceAddress, const void*, size_t, CudaStream);
    Result (*to_host)(void*, DeviceAddress, size_t, CudaStream);
    Result (*on_device)(DeviceAddress, DeviceAddress, size_t, CudaStream);
    Result (*fill)(DeviceAddress, unsigned char, size_t, CudaStream);
    Result (*synchronize)(CudaStream);
    Result (*launch)(Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CudaStream, void**, void**);
    Result (*error_name)(Result, const char**);

    /** @throws std::runtime_error if the library does not open or lacks a function */
    explicit CudaDriver(const char* path) : library(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
        if (library == nullptr) {
            throw std::runtime_error(dlerror());
        }
        find(init, "cuInit");
        find(device_get, "cuDeviceGet");
        find(device_get_name, "cuDeviceGetName");
        find(device_attribute, "cuDeviceGetAttribute");
        find(context_retain, "cuDevicePrimaryCtxRetain");
        find(context_release, "cuDevicePrimaryCtxRelease_v2");
        find(context_push, "cuCtxPushCurrent_v2");
        find(context_pop, "cuCtxPopCurrent_v2");
        find(module_load, "cuModuleLoadData");
        find(module_unload, "cuModuleUnload");
        find(module_function, "cuModuleGetFunction");
        find(allocate, "cuMemAlloc_v2");
        find(free, "cuMemFree_v2");
        find(pool_create, "cuMemPoolCreate");
        find(pool_destroy, "cuMemPoolDestroy");
        find(pool_set, "cuMemPoolSetAttribute");
        find(pool_allocate, "cuMemAllocFromPoolAsync");
        find(pool_free, "cuMemFreeAsync");
        find(to_device, "cuMemcpyHtoDAsync_v2");
        find(to_host, "cuMemcpyDtoHAsync_v2");
        find(on_device, "cuMemcpyDtoDAsync_v2");
        find(fill, "cuMemsetD8Async");
        find(synchronize, "cuStreamSynchronize");
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

/** A kernel with the types of its parameters, pointers as addresses: what is launched has the sizes that the kernel expects. */
template <typename... Parameters>
struct CudaKernel {
    CudaDriver::Handle function = nullptr;

    void launch(const CudaDriver& driver, unsigned columns, unsigned rows, unsigned threads, unsigned shared, CudaStream stream,
            Parameters... parameters) const {
        void* arguments[] = {&parameters...};
        driver.check(driver.launch(function, columns, rows, 1, threads, 1, 1, shared, stream, arguments, nullptr), "cuLaunchKernel");
    }
};

/**
 * The first device's primary context, which libtorch uses too, with the kernels in it and a pool of memory. All that is on the device
 * shares it, and it goes with the last of them.
 */
class CudaContext {
public:
    /**
     * @param driver_path the driver's library, normally libcuda.so.1
     * @param image       the fatbin with kernels.cu
     */
    CudaContext(const char* driver_path, const signed char* image) : driver(driver_path) {
        driver.check(driver.init(0), "cuInit");
        driver.check(driver.device_get(&device, 0), "cuDeviceGet");
        char text[256] = {};
        driver.check(driver.device_get_name(text, sizeof text - 1, device), "cuDeviceGetName");
        name = text;
        driver.check(driver.context_retain(&handle, device), "cuDevicePrimaryCtxRetain");
        try {
            Current current(*this);
            driver.check(driver.module_load(&module, image), "cuModuleLoadData");
            find(pack, "sem_pack");
            find(convolve, "sem_convolve");
            find(activate, "sem_activate");
            find(symbol_step, "sem_symbol_step");
            find(up, "sem_up");
            find(quantize, "sem_quantize");
            find(reconstruct, "sem_reconstruct");
            find(low_band, "sem_low_band");
            find(decode, "sem_decode");
            find(measure, "sem_measure");
            find(encode, "sem_encode");
            create_pool();
        } catch (...) {
            release();
            throw;
        }
    }

    CudaContext(const CudaContext&) = delete;
    CudaContext& operator=(const CudaContext&) = delete;

    ~CudaContext() {
        release();
    }

    /** Makes the context current in this thread for as long as it lives. */
    struct Current {
        const CudaDriver& driver;

        explicit Current(const CudaContext& context) : driver(context.driver) {
            driver.check(driver.context_push(context.handle), "cuCtxPushCurrent");
        }

        Current(const Current&) = delete;
        Current& operator=(const Current&) = delete;

        ~Current() {
            CudaDriver::Handle popped;
            driver.context_pop(&popped);
        }
    };

    void synchronize(CudaStream stream) const {
        driver.check(driver.synchronize(stream), "cuStreamSynchronize");
    }

    CudaDriver driver;
    std::string name;

    // The parameters of kernels.cu.
    CudaKernel<DeviceAddress, int, int, int, int, DeviceAddress> pack;
    CudaKernel<DeviceAddress, int, int, int, DeviceAddress, int, DeviceAddress, int, int, DeviceAddress, DeviceAddress,
            DeviceAddress> convolve;
    CudaKernel<DeviceAddress, DeviceAddress, int, int, DeviceAddress> activate;
    CudaKernel<DeviceAddress, int, int, int, DeviceAddress, int, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress, int,
            DeviceAddress, DeviceAddress, DeviceAddress, int, int, DeviceAddress> symbol_step;
    CudaKernel<DeviceAddress, int, int, int, DeviceAddress, int, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress, int,
            DeviceAddress, DeviceAddress, DeviceAddress, int, int> up;
    CudaKernel<DeviceAddress, int, DeviceAddress, int, int, int, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress,
            DeviceAddress> quantize;
    CudaKernel<DeviceAddress, int, int, int, DeviceAddress, int, int, int, DeviceAddress, DeviceAddress, DeviceAddress> reconstruct;
    CudaKernel<DeviceAddress, int, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress> low_band;
    CudaKernel<DeviceAddress, DeviceAddress, DeviceAddress> decode;
    CudaKernel<DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress> measure;
    CudaKernel<DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress, DeviceAddress> encode;

private:
    friend class DeviceMemory;

    static constexpr int POOLS_SUPPORTED = 115;   // CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED
    static constexpr int RELEASE_THRESHOLD = 4;   // CU_MEMPOOL_ATTR_RELEASE_THRESHOLD

    /** What the pool keeps for the next call when nothing is in use. */
    static constexpr uint64_t KEPT_BYTES = 256 << 20;

    /** CUmemPoolProps: pinned memory of a device, shared with nobody. */
    struct PoolProperties {
        int allocation_type = 1;
        int handle_types = 0;
        int location_type = 1;
        int location = 0;
        void* security = nullptr;
        size_t max_size = 0;
        unsigned char reserved[56] = {};
    };

    template <typename Kernel>
    void find(Kernel& kernel, const char* kernel_name) {
        driver.check(driver.module_function(&kernel.function, module, kernel_name), "cuModuleGetFunction");
    }

    /** A pool of its own leaves the settings of the process's pool alone. */
    void create_pool() {
        int supported = 0;
        driver.check(driver.device_attribute(&supported, POOLS_SUPPORTED, device), "cuDeviceGetAttribute");
        if (supported != 0) {
            PoolProperties properties;
            properties.location = device;
            driver.check(driver.pool_create(&pool, &properties), "cuMemPoolCreate");
            uint64_t kept = KEPT_BYTES;
            driver.check(driver.pool_set(pool, RELEASE_THRESHOLD, &kept), "cuMemPoolSetAttribute");
        }
    }

    // Errors are of no use here: a broken context is gone with the process.
    void release() {
        if (driver.context_push(handle) == 0) {
            if (pool != nullptr) {
                driver.pool_destroy(pool);
            }
            if (module != nullptr) {
                driver.module_unload(module);
            }
            CudaDriver::Handle popped;
            driver.context_pop(&popped);
        }
        driver.context_release(device);
    }

    int device = 0;
    CudaDriver::Handle handle = nullptr;
    CudaDriver::Handle module = nullptr;
    CudaDriver::Handle pool = nullptr;
};

/**
 * Memory on the device. For a call it comes from the pool in its stream's order, if the device has pools, and is freed behind what the
 * stream was given before; lasting memory is freed when the device is done with everything. Of size 0 it is none.
 */
class DeviceMemory {
public:
    DeviceMemory() = default;

    DeviceMemory(std::shared_ptr<const CudaContext> context, size_t size, CudaStream stream)
            : context_(std::move(context)), stream_(stream) {
        allocate(size, context_->pool != nullptr);
    }

    /** Memory with what an array on the host has. */
    template <typename T>
    DeviceMemory(std::shared_ptr<const CudaContext> context, const T* host, size_t count, CudaStream stream)
            : DeviceMemory(std::move(context), count * sizeof(T), stream) {
        set(host);
    }

    /** Lasting memory with what an array on the host has, for all streams. */
    template <typename T>
    static DeviceMemory lasting(std::shared_ptr<const CudaContext> context, const T* host, size_t count) {
        DeviceMemory memory;
        memory.context_ = std::move(context);
        memory.stream_ = thread_stream();
        memory.allocate(count * sizeof(T), false);
        memory.set(host);
        CudaContext::Current current(*memory.context_);
        memory.context_->synchronize(memory.stream_);
        return memory;
    }

    DeviceMemory(DeviceMemory&& other) noexcept {
        swap(other);
    }

    DeviceMemory& operator=(DeviceMemory&& other) noexcept {
        swap(other);
        return *this;
    }

    ~DeviceMemory() {
        if (size_ > 0 && context_->driver.context_push(context_->handle) == 0) {
            if (pooled_) {
                context_->driver.pool_free(address_, stream_);
            } else {
                context_->driver.free(address_);
            }
            CudaDriver::Handle popped;
            context_->driver.context_pop(&popped);
        }
    }

    DeviceAddress address() const {
        return address_;
    }

    /** Copies so much of a host array as there is room for; the array may change when this returns. */
    void set(const void* host) {
        if (size_ > 0) {
            CudaContext::Current current(*context_);
            context_->driver.check(context_->driver.to_device(address_, host, size_, stream_), "cuMemcpyHtoD");
        }
    }

    /** Copies to a host array, which has it when the stream is synchronized. */
    void get(void* host) const {
        get(host, 0, size_);
    }

    void get(void* host, size_t from, size_t size) const {
        if (size > 0) {
            CudaContext::Current current(*context_);
            context_->driver.check(context_->driver.to_host(host, address_ + from, size, stream_), "cuMemcpyDtoH");
        }
    }

private:
    void allocate(size_t size, bool pooled) {
        if (size > 0) {
            CudaContext::Current current(*context_);
            const CudaDriver& driver = context_->driver;
            if (pooled) {
                driver.check(driver.pool_allocate(&address_, size, context_->pool, stream_), "cuMemAllocFromPoolAsync");
            } else {
                driver.check(driver.allocate(&address_, size), "cuMemAlloc");
            }
            size_ = size;
            pooled_ = pooled;
        }
    }

    void swap(DeviceMemory& other) {
        std::swap(context_, other.context_);
        std::swap(address_, other.address_);
        std::swap(size_, other.size_);
        std::swap(stream_, other.stream_);
        std::swap(pooled_, other.pooled_);
    }

    std::shared_ptr<const CudaContext> context_;
    DeviceAddress address_ = 0;
    size_t size_ = 0;
    CudaStream stream_ = nullptr;
    bool pooled_ = false;
};

}  // namespace sem

#endif
