#!/bin/sh
# Tests the CUDA kernels without a JVM, and measures them where there is a device: cuda-kernels/kernel-test.sh [emulated]
# Needs nvcc, g++ and, for the last part, compute-sanitizer. With "emulated" it needs g++ alone and looks for accesses out of bounds.
set -e
cd "$(dirname "$0")"
PATH="$PATH:/usr/local/cuda/bin"
out=target/kernel-test
mkdir -p "$out"
shared=../native/src/main/cpp
flags="-std=c++17 -Wall -Wextra -I$shared -Isrc/main/cuda -Isrc/main/cpp"
emulation="-Wno-unknown-pragmas -ffp-contract=off -shared -fPIC"
if [ "$1" = emulated ]; then
    sanitize="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
    g++ $flags $sanitize $emulation -o "$out/libcuda-sanitized.so" src/test/cpp/emulated_driver.cpp
    g++ $flags $sanitize -pthread -o "$out/kernel_test_sanitized" src/test/cpp/kernel_test.cpp -ldl
    "$out/kernel_test_sanitized" "$out/libcuda-sanitized.so" quick
    SEM_EMULATED_WITHOUT_POOLS=1 "$out/kernel_test_sanitized" "$out/libcuda-sanitized.so" quick
    exit
fi
nvcc -fatbin -std=c++17 -O3 -lineinfo -arch=native -I$shared -o "$out/kernels.fatbin" src/main/cuda/kernels.cu
g++ $flags $emulation -O2 -o "$out/libcuda-emulated.so" src/test/cpp/emulated_driver.cpp
g++ $flags -O2 -pthread -o "$out/kernel_test" src/test/cpp/kernel_test.cpp -ldl
"$out/kernel_test" "$out/libcuda-emulated.so" libcuda.so.1 "$out/kernels.fatbin"
for tool in memcheck racecheck synccheck; do
    compute-sanitizer --tool "$tool" --error-exitcode 1 "$out/kernel_test" "$out/libcuda-emulated.so" libcuda.so.1 "$out/kernels.fatbin" quick
done
