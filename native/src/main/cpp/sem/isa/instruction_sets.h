// SPDX-License-Identifier: Apache-2.0
/** The instruction sets that there is code for. */
#ifndef SEM_ISA_INSTRUCTION_SETS_H
#define SEM_ISA_INSTRUCTION_SETS_H

#if defined(__x86_64__) && defined(__GNUC__)
#define SEM_X86 1
#endif

namespace sem {

/** Instruction sets; each value includes those below it. */
enum InstructionSet { PORTABLE = 0, SSE2 = 1, AVX2 = 2, AVX512_VNNI = 3 };

/** The best instruction set of this processor. */
inline int best_instruction_set() {
#ifdef SEM_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) {
        return AVX512_VNNI;
    }
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? AVX2 : SSE2;
#else
    return PORTABLE;
#endif
}

}  // namespace sem

#endif
