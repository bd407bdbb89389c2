// SPDX-License-Identifier: Apache-2.0
/** Loads the library for Windows that its argument names, and asks it for the instruction set as Java would: all but the virtual machine. */
#include <windows.h>

#include <cstdio>

int main(int, char** arguments) {
    HMODULE library = LoadLibraryA(arguments[1]);
    if (library == nullptr) {
        std::fprintf(stderr, "%s does not load: error %lu\n", arguments[1], GetLastError());
        return 1;
    }
    using BestInstructionSet = int(__stdcall*)(void* environment, void* type);
    FARPROC found = GetProcAddress(library, "Java_org_semimage_compute_cpp_CppLibrary_bestInstructionSet");
    if (found == nullptr || GetProcAddress(library, "JNI_OnLoad") == nullptr) {
        std::fprintf(stderr, "%s has no binding\n", arguments[1]);
        return 1;
    }
    std::printf("loaded, instruction set %d\n", reinterpret_cast<BestInstructionSet>(reinterpret_cast<void*>(found))(nullptr, nullptr));
}
