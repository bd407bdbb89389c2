#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From nothing to the first picture: release/first-picture.sh STAGING
# A new project with README's dependency and program, and an empty local repository that is filled from STAGING, a folder that
# release/check.sh or a deployment has made, and from Maven Central. Says how many seconds it took.
set -euo pipefail
[ $# -eq 1 ] && [ -d "$1/org/semimage/imageio-sem" ] || { sed -n 's/^# //p' "$0" | tail -n +2 >&2; exit 2; }
staging=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
version=$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' "$staging/org/semimage/imageio-sem/maven-metadata.xml" | tail -n 1)
sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
mkdir -p "$sample/src/main/java"

# README's block that holds a text, without its fences: block LANGUAGE TEXT
block() {
  awk -v fence="\`\`\`$1" -v text="$2" '
    $0 == fence { inside = 1; block = ""; next }
    inside && $0 == "```" { inside = 0; if (index(block, text)) { printf "%s", block; exit } }
    inside { block = block $0 "\n" }' README.md
}

block java 'class Sample' > "$sample/src/main/java/Sample.java"
cat > "$sample/pom.xml" <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>sample</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <repositories>
    <repository><id>staging</id><url>file:$staging</url></repository>
  </repositories>
  <dependencies>
$(block xml '<artifactId>imageio-sem</artifactId>' | sed "s|<version>.*</version>|<version>$version</version>|")
  </dependencies>
</project>
END
# A photograph is not at hand everywhere: this one is drawn.
cat > "$sample/Draw.java" <<'END'
public class Draw {
    public static void main(String[] arguments) throws Exception {
        var picture = new java.awt.image.BufferedImage(768, 512, java.awt.image.BufferedImage.TYPE_INT_RGB);
        var random = new java.util.Random(1);
        for (int i = 0; i < 768 * 512; i++) {
            picture.setRGB(i % 768, i / 768, i % 768 / 3 << 16 | i / 768 / 2 << 8 | random.nextInt() & 0x0F0F0F);
        }
        javax.imageio.ImageIO.write(picture, "jpg", new java.io.File("photo.jpg"));
    }
}
END
cd "$sample"
java Draw.java
began=$(date +%s.%N)
"$root/mvnw" -q -B -ntp -Dmaven.repo.local="$sample/repository" compile org.codehaus.mojo:exec-maven-plugin:3.6.4:java \
  -Dexec.mainClass=Sample -Dexec.cleanupDaemonThreads=false > said
ended=$(date +%s.%N)
grep -qx '768 x 512' said || { cat said >&2; exit 1; }
awk -v began="$began" -v ended="$ended" -v bytes="$(stat -c %s photo.sem)" -v repository="$(du -sm repository | cut -f 1)" \
  'BEGIN { printf "first picture after %.0f s: photo.sem has %d bytes, the local repository %d MB\n", ended - began, bytes, repository }'
