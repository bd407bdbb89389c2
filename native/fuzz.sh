#!/bin/sh
# Fuzzes the C++ library with libFuzzer under the address and undefined behaviour sanitizers: native/fuzz.sh SECONDS [FUZZER...]
# Needs Debian's clang. Each fuzzer runs for so long, one after the other, and ends at the first input that fails, which is then in
# native/target/fuzz/FUZZER-*. Corpora stay in native/target/fuzz, where the next run goes on. Options for libFuzzer come from FUZZ_ARGS.
set -e
cd "$(dirname "$0")"
seconds=${1:?SECONDS}
shift
out=target/fuzz

# Begins a corpus with what lies behind the headers of vectors, each behind some first bytes: seeds FUZZER PREFIX
seeds() {
    for vector in ../conformance/vectors/transform-*.sem ../conformance/vectors/handmade-*.sem; do
        { printf "$2"; tail -c +24 "$vector" | head -c 480; } > "$out/$1-corpus/seed-$(basename "$vector" .sem)"
    done
}

# Nothing in these layers is compared with a constant that a fuzzer has to learn. Telling it of every comparison takes half the time.
flags="-std=c++17 -O2 -g -Wall -Wextra -ffp-contract=off -pthread -Isrc/main/cpp
    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-sanitize-coverage=trace-cmp"
for fuzzer in ${*:-entropy prior quantizer network}; do
    mkdir -p "$out/$fuzzer-corpus"
    case $fuzzer in
        entropy) seeds entropy '\001\000\002\003\050\001\003\177\000' ;;
        prior) seeds prior '\010\002\004\100\002\000\002\200' ;;
    esac
    clang++ $flags -o "$out/$fuzzer" "src/test/cpp/fuzz/$fuzzer.cpp"
    ASAN_OPTIONS=quarantine_size_mb=4 "$out/$fuzzer" -max_total_time="$seconds" -max_len=512 -timeout=20 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$out/$fuzzer-" $FUZZ_ARGS "$out/$fuzzer-corpus"
done
