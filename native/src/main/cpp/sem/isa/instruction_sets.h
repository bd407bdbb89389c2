// SPDX-License-Identifier: Apache-2.0
/** The instruction sets that there is code for. */
#ifndef SEM_ISA_INSTRUCTION_SETS_H
#define SEM_ISA_INSTRUCTION_SETS_H

#if defined(__x86_64__) && defined(__GNUC__)
#define SEM_X86 1
#elif defined(__aarch64__) && defined(__GNUC__)
#define SEM_ARM 1
#endif

#if defined(SEM_ARM) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

/** What the file of foreach_target.inc defined for an instruction set, by its name; the portable one's if this platform has no such set. */
#if defined(SEM_X86)
#define SEM_CHOICE(set, name) \
    ((set) == AVX512_VNNI ? avx512::name : (set) == AVX2 ? avx2::name : (set) == SSE2 ? sse2::name : portable::name)
#elif defined(SEM_ARM)
#define SEM_CHOICE(set, name) ((set) == NEON_DOT ? neon_dot::name : (set) == NEON ? neon::name : portable::name)
#else
#define SEM_CHOICE(set, name) ((void) (set), portable::name)
#endif

namespace sem {

/** Instruction sets; of a platform's, each includes those before it. */
enum InstructionSet { PORTABLE = 0, SSE2 = 1, AVX2 = 2, AVX512_VNNI = 3, NEON = 4, NEON_DOT = 5 };

/** Whether this processor has an instruction set. */
inline bool has_instruction_set(int instruction_set) {
#ifdef SEM_X86
    __builtin_cpu_init();
    switch (instruction_set) {
        case SSE2: return true;
        case AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        case AVX512_VNNI: return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni");
    }
#endif
#ifdef SEM_ARM
    switch (instruction_set) {
        case NEON: return true;
#ifdef __linux__
        case NEON_DOT: return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#elif defined(__APPLE__)
        case NEON_DOT: return true;
#endif
    }
#endif
    return instruction_set == PORTABLE;
}

/** The best instruction set of this processor. */
inline int best_instruction_set() {
    int best = NEON_DOT;
    while (!has_instruction_set(best)) {
        best--;
    }
    return best;
}

}  // namespace sem

#endif
