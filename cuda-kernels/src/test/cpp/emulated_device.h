// SPDX-License-Identifier: Apache-2.0
/**
 * Enough of CUDA's language to run kernels on the host. A block's threads are fibers: each runs up to the next operation of its warp or
 * block and goes on when the others have come there too. Threads that part where they must not abort the process.
 */
#ifndef SEM_EMULATED_DEVICE_H
#define SEM_EMULATED_DEVICE_H

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#define __global__
#define __device__
#define __shared__ thread_local

/** Added to host addresses, so that a device address used as a host pointer does not go unnoticed. */
#define SEM_DEVICE_OFFSET (1ULL << 60)

struct Dimensions {
    unsigned x, y, z;
};
static thread_local Dimensions threadIdx{0, 0, 0}, blockIdx{0, 0, 0}, blockDim{1, 1, 1}, gridDim{1, 1, 1};

using std::max;
using std::min;

namespace emulated {

constexpr int WARP = 32;
constexpr size_t STACK = 32 * 1024;

/** What a fiber waits for. */
enum class At { START, BALLOT, SHUFFLE, WARP_BARRIER, BLOCK_BARRIER, END };

class Block;

struct Fiber {
    ucontext_t entry;
    jmp_buf here;
    std::unique_ptr<char[]> stack;
    At at = At::END;
    bool begun = false;
};

/** What the threads of a warp tell each other: twice, since the next operation begins before all have read the last one's. */
struct Warp {
    unsigned ballot[2];
    int values[2][WARP];
};

[[noreturn]] inline void fail(const char* what) {
    std::fprintf(stderr, "emulated device: %s\n", what);
    abort();
}

/** The block that a host thread runs. */
class Block {
public:
    void run(unsigned threads, const std::function<void()>& kernel) {
        body = &kernel;
        if (fibers.size() < threads) {
            fibers.resize(threads);
        }
        warps.resize((threads + WARP - 1) / WARP);
        phases.assign(threads, 0);
        for (unsigned t = 0; t < threads; t++) {
            fibers[t].at = At::START;
        }
        while (pass(threads)) {
        }
    }

    unsigned ballot(bool predicate) {
        unsigned thread = threadIdx.x % WARP;
        Warp& warp = warps[threadIdx.x / WARP];
        int phase = phases[threadIdx.x] ^= 1;
        if (thread == 0) {
            warp.ballot[phase] = 0;
        }
        warp.ballot[phase] |= static_cast<unsigned>(predicate) << thread;
        wait(At::BALLOT);
        return warp.ballot[phase];
    }

    int shuffle(int value, int from) {
        Warp& warp = warps[threadIdx.x / WARP];
        int phase = phases[threadIdx.x] ^= 1;
        warp.values[phase][threadIdx.x % WARP] = value;
        wait(At::SHUFFLE);
        return warp.values[phase][from];
    }

    void wait(At at) {
        Fiber& fiber = fibers[threadIdx.x];
        fiber.at = at;
        leave(fiber);
    }

private:
    /** Lets every thread that may go on do so; tells whether any is left. */
    bool pass(unsigned threads) {
        bool barrier = true;
        for (unsigned t = 0; t < threads; t++) {
            barrier &= fibers[t].at == At::BLOCK_BARRIER;
        }
        bool left = false;
        bool moved = false;
        for (unsigned first = 0; first < threads; first += WARP) {
            unsigned end = min(threads, first + WARP);
            bool together = end - first == WARP;
            for (unsigned t = first; t < end; t++) {
                together &= fibers[t].at == fibers[first].at;
            }
            for (unsigned t = first; t < end; t++) {
                At at = fibers[t].at;
                bool waits_for_warp = at == At::BALLOT || at == At::SHUFFLE || at == At::WARP_BARRIER;
                if (waits_for_warp && !together) {
                    fail("a warp's threads are at different operations");
                }
                left |= at != At::END;
            }
            for (unsigned t = first; t < end; t++) {
                if (fibers[t].at != At::END && (fibers[t].at != At::BLOCK_BARRIER || barrier)) {
                    threadIdx.x = t;
                    enter(fibers[t]);
                    moved = true;
                }
            }
        }
        if (left && !moved) {
            fail("a thread has left before a barrier");
        }
        return left;
    }

    void enter(Fiber& fiber) {
        if (!fiber.begun) {
            fiber.stack.reset(new char[STACK]);
        }
        void* fake = nullptr;
        begin_switch(&fake, fiber.stack.get(), STACK);
        if (_setjmp(scheduler) == 0) {
            if (fiber.begun) {
                _longjmp(fiber.here, 1);
            }
            begin(fiber);
        }
        end_switch(fake);
    }

    void begin(Fiber& fiber) {
        fiber.begun = true;
        getcontext(&fiber.entry);
        fiber.entry.uc_stack.ss_sp = fiber.stack.get();
        fiber.entry.uc_stack.ss_size = STACK;
        fiber.entry.uc_link = nullptr;
        makecontext(&fiber.entry, &Block::loop, 0);
        setcontext(&fiber.entry);
    }

    void leave(Fiber& fiber) {
        void* fake = nullptr;
        begin_switch(&fake, bottom, size);
        if (_setjmp(fiber.here) == 0) {
            _longjmp(scheduler, 1);
        }
        end_switch(fake);
    }

    /** A fiber runs its thread of one block after the other. */
    static void loop();

    void begin_switch(void** fake, const void* to, size_t to_size) {
#if defined(__SANITIZE_ADDRESS__)
        __sanitizer_start_switch_fiber(fake, to, to_size);
#else
        (void) fake;
        (void) to;
        (void) to_size;
#endif
    }

    void end_switch(void* fake) {
#if defined(__SANITIZE_ADDRESS__)
        const void* from;
        size_t from_size;
        __sanitizer_finish_switch_fiber(fake, &from, &from_size);
        if (bottom == nullptr) {
            bottom = from;
            size = from_size;
        }
#else
        (void) fake;
#endif
    }

    std::vector<Fiber> fibers;
    std::vector<Warp> warps;
    std::vector<int> phases;
    const std::function<void()>* body = nullptr;
    jmp_buf scheduler;
    // The stack of the host thread, which the address sanitizer wants to know.
    const void* bottom = nullptr;
    size_t size = 0;
};

inline thread_local Block block;

inline void Block::loop() {
    block.end_switch(nullptr);
    for (;;) {
        (*block.body)();
        block.wait(At::END);
    }
}

}  // namespace emulated

inline unsigned __ballot_sync(unsigned, bool predicate) {
    return emulated::block.ballot(predicate);
}

inline int __shfl_sync(unsigned, int value, int from) {
    return emulated::block.shuffle(value, from);
}

inline void __syncwarp() {
    emulated::block.wait(emulated::At::WARP_BARRIER);
}

inline void __syncthreads() {
    emulated::block.wait(emulated::At::BLOCK_BARRIER);
}

inline int __popc(unsigned bits) {
    return __builtin_popcount(bits);
}

inline int __ffs(int bits) {
    return __builtin_ffs(bits);
}

inline int __clz(int bits) {
    return bits == 0 ? 32 : __builtin_clz(static_cast<unsigned>(bits));
}

inline float __fadd_rn(float a, float b) {
    return a + b;
}

inline float __fsub_rn(float a, float b) {
    return a - b;
}

inline float __fmul_rn(float a, float b) {
    return a * b;
}

inline void atomicAdd(unsigned long long* sum, unsigned long long value) {
    __atomic_fetch_add(sum, value, __ATOMIC_RELAXED);
}

#endif
