// SPDX-License-Identifier: Apache-2.0
/**
 * A CUDA driver without a device: runs kernels.cu on the host, one block after the other, and keeps device memory apart from the
 * host's. With it everything but the device itself is tested where there is none.
 */
#include "emulated_device.h"

#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <type_traits>
#include <utility>

#include "kernels.cu"

thread_local int shared_words[sem::MAX_BLOCK_WORDS * sem::POSITIONS_PER_BLOCK];

namespace {

constexpr int INVALID_VALUE = 1;
constexpr int OUT_OF_MEMORY = 2;
constexpr int INVALID_CONTEXT = 201;
constexpr int NOT_FOUND = 500;
constexpr int POOLS_SUPPORTED = 115;

std::mutex lock;
std::map<sem::DeviceAddress, size_t> allocations;
int pools = 0;
int retained = 0;
int until_failure = -1;
thread_local int pushed = 0;

/** Whether so many bytes from a device address on are one allocation's. */
bool holds(sem::DeviceAddress address, size_t size) {
    std::lock_guard<std::mutex> guard(lock);
    auto behind = allocations.upper_bound(address);
    if (behind == allocations.begin()) {
        return false;
    }
    auto found = std::prev(behind);
    return address - found->first <= found->second && size <= found->second - (address - found->first);
}

template <typename T>
T argument(void* at) {
    if constexpr (std::is_pointer_v<T>) {
        sem::DeviceAddress address = *static_cast<sem::DeviceAddress*>(at);
        return address == 0 ? nullptr : sem::device_pointer<std::remove_pointer_t<T>>(address);
    } else {
        return *static_cast<T*>(at);
    }
}

template <typename... Parameters, size_t... Is>
void call(void (*kernel)(Parameters...), void** arguments, std::index_sequence<Is...>) {
    kernel(argument<Parameters>(arguments[Is])...);
}

template <typename... Parameters>
void call(void (*kernel)(Parameters...), void** arguments) {
    call(kernel, arguments, std::index_sequence_for<Parameters...>());
}

struct Kernel {
    const char* name;
    void (*run)(void** arguments);
};

#define KERNEL(function) {#function, [](void** arguments) { call(function, arguments); }}

Kernel kernels[] = {KERNEL(sem_pack), KERNEL(sem_convolve), KERNEL(sem_activate), KERNEL(sem_symbol_step), KERNEL(sem_up),
        KERNEL(sem_quantize), KERNEL(sem_reconstruct), KERNEL(sem_low_band), KERNEL(sem_decode), KERNEL(sem_measure), KERNEL(sem_encode)};

}  // namespace

extern "C" {

/** Lets the device run out of memory once, after so many allocations; never if negative. */
void emulated_fail_after(int allocations) {
    until_failure = allocations;
}

int cuInit(unsigned) {
    return 0;
}

int cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return 0;
}

int cuDeviceGetName(char* name, int size, int) {
    strncpy(name, "emulated", size);
    return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int) {
    const char* without = getenv("SEM_EMULATED_WITHOUT_POOLS");
    *value = attribute == POOLS_SUPPORTED && without == nullptr;
    return 0;
}

int cuDevicePrimaryCtxRetain(void** context, int) {
    std::lock_guard<std::mutex> guard(lock);
    retained++;
    *context = &allocations;
    return 0;
}

/** Memory that is still allocated when nobody holds the context any more shows as an abort: nobody else would notice. */
int cuDevicePrimaryCtxRelease_v2(int) {
    std::lock_guard<std::mutex> guard(lock);
    if (--retained == 0 && (!allocations.empty() || pools != 0 || pushed != 0)) {
        emulated::fail("memory, a pool or a context is left");
    }
    return 0;
}

int cuCtxPushCurrent_v2(void* context) {
    pushed++;
    return context == &allocations ? 0 : INVALID_CONTEXT;
}

int cuCtxPopCurrent_v2(void** context) {
    *context = &allocations;
    return pushed-- > 0 ? 0 : INVALID_CONTEXT;
}

int cuModuleLoadData(void** module, const void* image) {
    *module = &lock;
    return strncmp(static_cast<const char*>(image), "emulated", 8) == 0 ? 0 : INVALID_VALUE;
}

int cuModuleUnload(void*) {
    return 0;
}

int cuModuleGetFunction(void** function, void*, const char* name) {
    for (Kernel& known : kernels) {
        if (strcmp(name, known.name) == 0) {
            *function = &known;
            return 0;
        }
    }
    return NOT_FOUND;
}

int cuMemAlloc_v2(sem::DeviceAddress* address, size_t size) {
    if (size == 0) {
        return INVALID_VALUE;
    }
    if (pushed == 0) {
        return INVALID_CONTEXT;
    }
    std::lock_guard<std::mutex> guard(lock);
    if (until_failure >= 0 && until_failure-- == 0) {
        return OUT_OF_MEMORY;
    }
    void* memory = malloc(size);
    memset(memory, 0xA5, size);
    *address = reinterpret_cast<sem::DeviceAddress>(memory) + SEM_DEVICE_OFFSET;
    allocations[*address] = size;
    return 0;
}

int cuMemFree_v2(sem::DeviceAddress address) {
    if (pushed == 0) {
        return INVALID_CONTEXT;
    }
    std::lock_guard<std::mutex> guard(lock);
    if (allocations.erase(address) == 0) {
        return INVALID_VALUE;
    }
    free(sem::device_pointer<void>(address));
    return 0;
}

int cuMemPoolCreate(void** pool, const void*) {
    std::lock_guard<std::mutex> guard(lock);
    pools++;
    *pool = &pools;
    return 0;
}

int cuMemPoolDestroy(void*) {
    std::lock_guard<std::mutex> guard(lock);
    pools--;
    return 0;
}

int cuMemPoolSetAttribute(void*, int, void*) {
    return 0;
}

int cuMemAllocFromPoolAsync(sem::DeviceAddress* address, size_t size, void* pool, void*) {
    return pool == &pools ? cuMemAlloc_v2(address, size) : INVALID_VALUE;
}

int cuMemFreeAsync(sem::DeviceAddress address, void*) {
    return cuMemFree_v2(address);
}

int cuMemcpyHtoDAsync_v2(sem::DeviceAddress address, const void* host, size_t size, void*) {
    if (pushed == 0 || !holds(address, size)) {
        return INVALID_VALUE;
    }
    memcpy(sem::device_pointer<void>(address), host, size);
    return 0;
}

int cuMemcpyDtoHAsync_v2(void* host, sem::DeviceAddress address, size_t size, void*) {
    if (pushed == 0 || !holds(address, size)) {
        return INVALID_VALUE;
    }
    memcpy(host, sem::device_pointer<void>(address), size);
    return 0;
}

int cuMemcpyDtoDAsync_v2(sem::DeviceAddress to, sem::DeviceAddress from, size_t size, void*) {
    if (pushed == 0 || !holds(to, size) || !holds(from, size)) {
        return INVALID_VALUE;
    }
    memcpy(sem::device_pointer<void>(to), sem::device_pointer<void>(from), size);
    return 0;
}

int cuMemsetD8Async(sem::DeviceAddress address, unsigned char value, size_t size, void*) {
    if (pushed == 0 || !holds(address, size)) {
        return INVALID_VALUE;
    }
    memset(sem::device_pointer<void>(address), value, size);
    return 0;
}

int cuStreamSynchronize(void*) {
    return pushed == 0 ? INVALID_CONTEXT : 0;
}

int cuLaunchKernel(void* kernel, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z,
        unsigned shared, void*, void** arguments, void**) {
    if (pushed == 0) {
        return INVALID_CONTEXT;
    }
    if (grid_x == 0 || grid_x > INT32_MAX || grid_y == 0 || grid_y > 65535 || grid_z != 1 || block_x == 0 || block_x > 1024 || block_y != 1
            || block_z != 1 || shared > sizeof shared_words) {
        return INVALID_VALUE;
    }
    void (*run)(void**) = static_cast<Kernel*>(kernel)->run;
    gridDim = {grid_x, grid_y, 1};
    blockDim.x = block_x;
    for (blockIdx.y = 0; blockIdx.y < grid_y; blockIdx.y++) {
        for (blockIdx.x = 0; blockIdx.x < grid_x; blockIdx.x++) {
            // What a block before has left in shared memory is not there.
            memset(shared_words, 0x5A, shared);
            emulated::block.run(block_x, [&] { run(arguments); });
        }
    }
    return 0;
}

int cuGetErrorName(int error, const char** name) {
    *name = error == INVALID_VALUE ? "CUDA_ERROR_INVALID_VALUE" : error == INVALID_CONTEXT ? "CUDA_ERROR_INVALID_CONTEXT"
            : error == NOT_FOUND ? "CUDA_ERROR_NOT_FOUND" : error == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : nullptr;
    return *name != nullptr ? 0 : INVALID_VALUE;
}

}  // extern "C"
