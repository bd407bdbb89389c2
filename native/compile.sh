#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The compiler as JavaCPP calls it: $CXX or g++. JavaCPP writes a binding's functions in the order in which a virtual machine happens to
# tell of methods. Sorted by name, they make the same library in every build; without perl they stay as they are.
set -eu
sorted='s{(?:^JNIEXPORT [^\n]* Java_.*?^\}\n+)+}{join "", sort {($a =~ / (Java_\w+)/)[0] cmp ($b =~ / (Java_\w+)/)[0]} split /(?=^JNIEXPORT)/m, $&}gmse'
for argument; do
  case $argument in
    */jnisem*.cpp) if command -v perl > /dev/null; then perl -0777 -i -pe "$sorted" "$argument"; fi ;;
  esac
done
exec "${CXX:-g++}" "$@"
