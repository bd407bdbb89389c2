/**
 * A CUDA driver without a device: runs kernels.cu on the host, one thread after the other, and keeps device memory apart from
 * the host's. With it everything but the device itself is tested where there is none.
 */
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#define __global__
struct Dimensions {
    unsigned x = 1, y = 1, z = 1;
};
static thread_local Dimensions threadIdx, blockIdx, blockDim;

#include "kernels.cu"

namespace {

constexpr int INVALID_VALUE = 1;
constexpr int INVALID_CONTEXT = 201;
constexpr int NOT_FOUND = 500;

// Added to host addresses, so that a device address used as a host pointer does not go unnoticed.
constexpr unsigned long long DEVICE = 1ULL << 60;

std::mutex lock;
std::map<unsigned long long, size_t> allocations;
thread_local int pushed = 0;

template <typename T>
T argument(void** arguments, int i) {
    return *static_cast<T*>(arguments[i]);
}

template <typename T>
T* pointer(void** arguments, int i) {
    return reinterpret_cast<T*>(argument<unsigned long long>(arguments, i) - DEVICE);
}

/** Whether so many bytes at a device address are one allocation's. */
bool holds(unsigned long long address, size_t size) {
    std::lock_guard<std::mutex> guard(lock);
    auto found = allocations.find(address);
    return found != allocations.end() && size <= found->second;
}

char pack_name[] = "sem_pack", convolve_name[] = "sem_convolve", activate_name[] = "sem_activate";

void run(void* kernel, void** a) {
    if (kernel == pack_name) {
        sem_pack(pointer<signed char>(a, 0), argument<int>(a, 1), argument<int>(a, 2), argument<int>(a, 3), argument<int>(a, 4), pointer<int>(a, 5));
    } else if (kernel == convolve_name) {
        sem_convolve(pointer<int>(a, 0), pointer<int>(a, 1), argument<int>(a, 2), argument<int>(a, 3), argument<int>(a, 4),
                argument<int>(a, 5), argument<int>(a, 6), pointer<int>(a, 7));
    } else {
        sem_activate(pointer<int>(a, 0), pointer<signed char>(a, 1), argument<int>(a, 2), argument<int>(a, 3), pointer<signed char>(a, 4));
    }
}

}  // namespace

extern "C" {

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

int cuDevicePrimaryCtxRetain(void** context, int) {
    *context = &allocations;
    return 0;
}

/** Memory that is still allocated shows as an abort: nobody else would notice. */
int cuDevicePrimaryCtxRelease_v2(int) {
    if (!allocations.empty() || pushed != 0) {
        abort();
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
    for (char* known : {pack_name, convolve_name, activate_name}) {
        if (strcmp(name, known) == 0) {
            *function = known;
            return 0;
        }
    }
    return NOT_FOUND;
}

int cuMemAlloc_v2(unsigned long long* address, size_t size) {
    if (size == 0) {
        return INVALID_VALUE;
    }
    if (pushed == 0) {
        return INVALID_CONTEXT;
    }
    void* memory = malloc(size);
    memset(memory, 0xA5, size);
    *address = reinterpret_cast<unsigned long long>(memory) + DEVICE;
    std::lock_guard<std::mutex> guard(lock);
    allocations[*address] = size;
    return 0;
}

int cuMemFree_v2(unsigned long long address) {
    std::lock_guard<std::mutex> guard(lock);
    if (allocations.erase(address) == 0) {
        return INVALID_VALUE;
    }
    free(reinterpret_cast<void*>(address - DEVICE));
    return 0;
}

int cuMemcpyHtoD_v2(unsigned long long address, const void* host, size_t size) {
    if (!holds(address, size)) {
        return INVALID_VALUE;
    }
    memcpy(reinterpret_cast<void*>(address - DEVICE), host, size);
    return 0;
}

int cuMemcpyDtoH_v2(void* host, unsigned long long address, size_t size) {
    if (!holds(address, size)) {
        return INVALID_VALUE;
    }
    memcpy(host, reinterpret_cast<void*>(address - DEVICE), size);
    return 0;
}

int cuLaunchKernel(void* kernel, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z,
        unsigned, void*, void** arguments, void**) {
    if (pushed == 0) {
        return INVALID_CONTEXT;
    }
    if (grid_x == 0 || grid_y == 0 || grid_y > 65535 || grid_z != 1 || block_x == 0 || block_x > 1024 || block_y != 1 || block_z != 1) {
        return INVALID_VALUE;
    }
    blockDim.x = block_x;
    for (blockIdx.y = 0; blockIdx.y < grid_y; blockIdx.y++) {
        for (blockIdx.x = 0; blockIdx.x < grid_x; blockIdx.x++) {
            for (threadIdx.x = 0; threadIdx.x < block_x; threadIdx.x++) {
                run(kernel, arguments);
            }
        }
    }
    return 0;
}

int cuGetErrorName(int error, const char** name) {
    *name = error == INVALID_VALUE ? "CUDA_ERROR_INVALID_VALUE" : error == INVALID_CONTEXT ? "CUDA_ERROR_INVALID_CONTEXT"
            : error == NOT_FOUND ? "CUDA_ERROR_NOT_FOUND" : nullptr;
    return *name != nullptr ? 0 : INVALID_VALUE;
}

}  // extern "C"
