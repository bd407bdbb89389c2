// SPDX-License-Identifier: Apache-2.0
/** Arrays that begin at a cache line, so that vectors of their elements do not cross from one into the next. */
#ifndef SEM_ALIGNED_H
#define SEM_ALIGNED_H

#include <cstddef>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace sem {

namespace detail {

constexpr size_t CACHE_LINE = 64;

/** Linux's, on most machines. */
constexpr size_t HUGE_PAGE = 1 << 21;

template <typename T>
struct AlignedAllocator {
    using value_type = T;

    AlignedAllocator() = default;

    template <typename U>
    AlignedAllocator(const AlignedAllocator<U>&) {
    }

    T* allocate(size_t n) {
        size_t bytes = n * sizeof(T);
        void* p = ::operator new(bytes, alignment(n));
#ifdef MADV_HUGEPAGE
        if (bytes >= HUGE_PAGE) {
            // Whatever comes of it: the system then gives memory in pieces of two megabytes, in place of a fault for every four kilobytes.
            (void) madvise(p, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
        }
#endif
        return static_cast<T*>(p);
    }

    void deallocate(T* p, size_t n) {
        ::operator delete(p, alignment(n));
    }

    static std::align_val_t alignment(size_t n) {
        return std::align_val_t(n * sizeof(T) >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE);
    }

    bool operator==(const AlignedAllocator&) const {
        return true;
    }

    bool operator!=(const AlignedAllocator&) const {
        return false;
    }
};

template <typename T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace detail

}  // namespace sem

#endif
