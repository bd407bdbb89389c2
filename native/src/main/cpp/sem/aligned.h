// SPDX-License-Identifier: Apache-2.0
/** Arrays that begin at a cache line, so that vectors of their elements do not cross from one into the next; large ones are mapped. */
#ifndef SEM_ALIGNED_H
#define SEM_ALIGNED_H

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace sem {

namespace detail {

constexpr size_t CACHE_LINE = 64;

#ifdef __linux__

/**
 * From so many bytes on, memory is the system's again as soon as it is freed. The C library would keep it, for each thread: more than all
 * calls together ever need.
 */
constexpr size_t MAPPED = 1 << 20;

/** Linux's, on most machines. */
constexpr size_t HUGE_PAGE = 1 << 21;

/** What is mapped for so many bytes: whole huge pages, if the last one is at least half full; else whole pages of any machine. */
inline size_t in_pages(size_t bytes) {
    constexpr size_t ANY_PAGE = 1 << 16;
    size_t page = bytes % HUGE_PAGE >= HUGE_PAGE / 2 ? HUGE_PAGE : ANY_PAGE;
    return (bytes + page - 1) / page * page;
}

/** Memory at the border of a huge page. */
inline void* map(size_t bytes) {
    size_t size = in_pages(bytes);
    void* mapped = mmap(nullptr, size + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        throw std::bad_alloc();
    }
    char* begin = static_cast<char*>(mapped);
    size_t before = (HUGE_PAGE - reinterpret_cast<uintptr_t>(begin) % HUGE_PAGE) % HUGE_PAGE;
    if (before > 0) {
        munmap(begin, before);
    }
    munmap(begin + before + size, HUGE_PAGE - before);
#ifdef MADV_HUGEPAGE
    // Whatever comes of it: the system then gives memory in pieces of two megabytes, in place of a fault for every four kilobytes.
    (void) madvise(begin + before, size, MADV_HUGEPAGE);
#endif
    return begin + before;
}

#endif

template <typename T>
struct AlignedAllocator {
    using value_type = T;

    AlignedAllocator() = default;

    template <typename U>
    AlignedAllocator(const AlignedAllocator<U>&) {
    }

    T* allocate(size_t n) {
#ifdef __linux__
        if (n * sizeof(T) >= MAPPED) {
            return static_cast<T*>(map(n * sizeof(T)));
        }
#endif
        return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(CACHE_LINE)));
    }

    void deallocate(T* p, size_t n) {
#ifdef __linux__
        if (n * sizeof(T) >= MAPPED) {
            munmap(p, in_pages(n * sizeof(T)));
            return;
        }
#endif
        ::operator delete(p, std::align_val_t(CACHE_LINE));
    }

    bool operator==(const AlignedAllocator&) const {
        return true;
    }

    bool operator!=(const AlignedAllocator&) const {
        return false;
    }
};

/** Leaves what it makes room for as it is. */
template <typename T>
struct RoomAllocator : AlignedAllocator<T> {
    template <typename U>
    struct rebind {
        using other = RoomAllocator<U>;
    };

    RoomAllocator() = default;

    template <typename U>
    RoomAllocator(const RoomAllocator<U>&) {
    }

    template <typename U>
    void construct(U* place) {
        ::new (static_cast<void*>(place)) U;
    }
};

template <typename T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

/** What is in it at first is of no meaning. */
template <typename T>
using RoomVector = std::vector<T, RoomAllocator<T>>;

}  // namespace detail

}  // namespace sem

#endif
