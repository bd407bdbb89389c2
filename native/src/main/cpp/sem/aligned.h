// SPDX-License-Identifier: Apache-2.0
/** Arrays that begin at a cache line, so that vectors of their elements do not cross from one into the next. */
#ifndef SEM_ALIGNED_H
#define SEM_ALIGNED_H

#include <cstddef>
#include <new>
#include <vector>

namespace sem {

namespace detail {

constexpr size_t CACHE_LINE = 64;

template <typename T>
struct AlignedAllocator {
    using value_type = T;

    AlignedAllocator() = default;

    template <typename U>
    AlignedAllocator(const AlignedAllocator<U>&) {
    }

    T* allocate(size_t n) {
        return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(CACHE_LINE)));
    }

    void deallocate(T* p, size_t) {
        ::operator delete(p, std::align_val_t(CACHE_LINE));
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
