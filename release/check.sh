#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds what is committed as a release, in two folders, and compares every file that would be published: release/check.sh [FOLDER]
# FOLDER (else target/release) gets both builds, the folders staging-1 and staging-2, and SHA256SUMS. Nothing is installed or signed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:-target/release}
rm -rf "$out"
mkdir -p "$out"
out=$(cd "$out" && pwd)
commit=$(git rev-parse HEAD)
present=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml | head -n 1)

# build CLONE STAGING: their paths differ in length, too. One after the other, as Maven's local repository is not for two that fill it.
build() {
  git clone -q --shared . "$1"
  git -C "$1" checkout -q "$commit"
  (cd "$1" && release/version.sh "${present%-SNAPSHOT}" && ./mvnw -B -ntp -Prelease,cross -DskipTests -Dcheckstyle.skip \
    -Dmaven.install.skip deploy "-DaltDeploymentRepository=staging::file:$2") > "$1.log" 2>&1 || { tail -n 30 "$1.log" >&2; exit 1; }
}

build "$out/1" "$out/staging-1"
build "$out/two/folders-deeper" "$out/staging-2"

sums() {
  (cd "$1" && find . -type f ! -name 'maven-metadata.xml*' ! -name '*.md5' ! -name '*.sha1' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}
sums "$out/staging-1" > "$out/SHA256SUMS"
sums "$out/staging-2" | diff "$out/SHA256SUMS" - || { echo 'release/check.sh: two builds differ' >&2; exit 1; }
echo "$(wc -l < "$out/SHA256SUMS") files are the same in both builds: $out/SHA256SUMS"
