#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the library to the conformance vectors under every kernel, virtual machine, locale and heap that this machine has, and prints a
# table. Status 0 says that all pass. What is built must be: ./mvnw -DskipTests package, and ./sem once. TEXT keeps it to rows whose
# names contain it.
#
#   conformance/crosscheck.sh [TEXT]
set -eu

root=$(cd "$(dirname "$0")/.." && pwd -P)
chosen=${1:-}
[ -f "$root/target/sem-classpath" ] || "$root/sem" --version > /dev/null
classpath=$(cat "$root/target/sem-classpath"):$root/cuda-kernels/target/test-classes
base=${JAVA_HOME:+$JAVA_HOME/bin/}java
report=$(mktemp)
trap 'rm -f "$report"' EXIT
failed=0

# row NAME JAVA ONLY OPTIONS...
row() {
  name=$1 java=$2 only=$3
  shift 3
  case $name in *"$chosen"*) ;; *) return 0 ;; esac
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  began=$(date +%s)
  status=0
  "$java" -Djava.awt.headless=true -Xlog:disable "$@" -cp "$classpath" org.semimage.conformance.kit.ConformanceCommand \
    --vectors "$root/conformance/vectors" --limit 600 ${only:+--only "$only"} > "$report" 2>&1 || status=$?
  seconds=$(($(date +%s) - began))
  case $(cat "$report") in
    *"this processor has no"* | *"there was no g++"* | *"there is no NVIDIA driver"* | *"built without nvcc"*) result="not on this machine" ;;
    *) result=$(sed -n 's/^\([0-9]* of [0-9]*\) vectors pass.*/\1/p' "$report" | tail -n 1) ;;
  esac
  if [ "$status" -ne 0 ] && [ "$result" != "not on this machine" ]; then
    failed=1
    result="**${result:-none}**, status $status"
    sed 's/^/  /' "$report" >&2
  fi
  # A report in UTF-16 is not read; its status is.
  echo "| $name | $version | \`$*\` | ${only:-all} | ${result:-all} | $seconds |"
}

echo "| what | Java | options | vectors | pass | s |"
echo "|---|---|---|---|---|---|"
row "kernels in Java" "$base" "" -Dorg.semimage.backend=java
for set in portable sse2 avx2 avx512_vnni neon neon_dot; do
  row "kernels in C++, $set" "$base" "" -Dorg.semimage.backend=native -Dorg.semimage.instructions=$set
done
row "kernels in CUDA, emulated" "$base" "" -Dorg.semimage.backend=emulated
row "kernels in CUDA" "$base" "" -Dorg.semimage.backend=cuda
for home in /usr/lib/jvm/* "$HOME"/.jdks/*; do
  [ -x "$home/bin/java" ] && [ ! -L "$home" ] && row "Java of $(basename "$home")" "$home/bin/java" "" -Dorg.semimage.backend=native
done
row "one processor" "$base" "" -XX:ActiveProcessorCount=1
row "seven processors" "$base" "" -XX:ActiveProcessorCount=7
# Vectors of profiles 0 and 1 have up to 11 megapixels, which take more.
row "small heap, transform" "$base" transform -Xmx64m
row "small heap, lossless" "$base" lossless -Xmx64m
row "small heap, kernels in Java" "$base" transform -Xmx64m -Dorg.semimage.backend=java
row "heap of 512 MB" "$base" "" -Xmx512m
row "Latin-1" "$base" "" -Dfile.encoding=ISO-8859-1
row "UTF-16" "$base" "" -Dfile.encoding=UTF-16
row "EBCDIC" "$base" "" -Dfile.encoding=IBM1047
row "Turkish" "$base" "" -Duser.language=tr -Duser.country=TR
row "Arabic, with its digits" "$base" "" "-Duser.language=ar" -Duser.country=EG -Duser.extensions=u-nu-arab
row "Thai, with its digits" "$base" "" -Duser.language=th -Duser.country=TH -Duser.variant=TH
row "interpreter, lossless" "$base" lossless -Xint
row "interpreter, captions" "$base" caption -Xint
row "interpreter, kernels in Java" "$base" transform-psnr -Xint -Dorg.semimage.backend=java
exit $failed
