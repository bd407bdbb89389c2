#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts another version into every file that names the present one: release/version.sh VERSION [DATE]
# DATE, such as 2026-12-01, is the one that all files of the jars get. Without it that stays.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -ge 1 ] || { sed -n 's/^# //p' "$0" | tail -n +2 >&2; exit 2; }
present=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml | head -n 1)
git grep -lF "$present" -- '*pom.xml' '*.md' ':!CHANGELOG.md' | while read -r file; do
  sed -i "s/${present//./\\.}/$1/g" "$file"
done
if [ $# -gt 1 ]; then
  sed -i "s|<project.build.outputTimestamp>[^<]*|<project.build.outputTimestamp>$2T00:00:00Z|" pom.xml
fi
echo "$present -> $1"
