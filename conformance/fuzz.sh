#!/bin/sh
# Fuzzes every part of the format that takes foreign bytes, one after the other: conformance/fuzz.sh SECONDS [TARGET...]
# Targets are those of FuzzTarget, `packs`, which loads packs, and `cpp`, the C++ library under sanitizers, which needs Debian's clang.
# A target ends at the first input that fails, which is then in conformance/target/fuzz/TARGET; others follow nevertheless. Corpora stay
# there, where the next run goes on. Figures are in TARGET.log. Options for Maven come from MAVEN_ARGS.
cd "$(dirname "$0")/.." || exit
seconds=${1:?SECONDS}
shift
mkdir -p conformance/target/fuzz
status=0
for target in ${*:-reader container symbols arithmetic binary prior text descriptors lossless alpha gains ancillary thumbnail exif icc xmp
        tensors packs cpp}; do
    case $target in
        cpp) native/fuzz.sh "$seconds" ;;
        packs) ./mvnw -q -Pfuzz -pl conformance -am test -DskipTests "-Dfuzz.seconds=$seconds" -Dfuzz.target=packs \
            -Dfuzz=org.semimage.conformance.fuzz.PackFuzzer ;;
        reader) ./mvnw -q -Pfuzz -pl conformance -am test -DskipTests "-Dfuzz.seconds=$seconds" -Dfuzz.target=reader \
            '-Dfuzz.uncovered=org.semimage.compute.**' ;;
        *) ./mvnw -q -Pfuzz -pl conformance -am test -DskipTests "-Dfuzz.seconds=$seconds" "-Dfuzz.target=$target" ;;
    esac > "conformance/target/fuzz/$target.log" 2>&1 || { echo "$target failed: see conformance/target/fuzz/$target.log"; status=1; }
done
grep -H 'number_of_executed_units' conformance/target/fuzz/*.log
exit $status
