#!/bin/sh
# Builds the libraries for linux-arm64 and windows-x86_64 and runs their tests on this machine: native/cross-test.sh
# Needs Debian with g++-aarch64-linux-gnu, g++-mingw-w64-x86-64-posix and qemu-user-static; wine64 for the part that runs on Windows.
# The first call fetches Debian's arm64 Java, about 70 MB, into native/target; nothing is installed. Options for Maven come from MAVEN_ARGS.
set -e
cd "$(dirname "$0")/.."
out=$PWD/native/target/cross-test
mkdir -p "$out"
flags="-std=c++17 -O2 -Wall -Wextra -ffp-contract=off -static -Inative/src/main/cpp"

./mvnw -q -B -Pcross -pl native package -DskipTests

aarch64-linux-gnu-g++ $flags -pthread -o "$out/sanitized" native/src/test/cpp/sanitized.cpp
qemu-aarch64-static "$out/sanitized"

if [ ! -e "$out/root/fetched" ]; then
    apt=$out/apt
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$out/root"
    : > "$apt/status"
    cat > "$apt/configuration" <<END
APT::Architecture "arm64";
APT::Architectures "arm64";
Acquire::Languages "none";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
END
    APT_CONFIG=$apt/configuration apt-get -q update
    APT_CONFIG=$apt/configuration apt-get -q -y --no-install-recommends --download-only install openjdk-17-jre-headless
    for package in "$apt"/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$out/root"
    done
    touch "$out/root/fetched"
fi
mkdir -p "$out/bin"
cat > "$out/bin/java" <<END
#!/bin/sh
exec qemu-aarch64-static -L "$out/root" "$out/root/usr/lib/jvm/java-17-openjdk-arm64/bin/java" "\$@"
END
chmod +x "$out/bin/java"
./mvnw -B -Pcross -pl native surefire:test "-Djvm=$out/bin/java" '-Dtest=Cpp*Test,BackendsTest'

wine=$(command -v wine64 || ls /usr/lib/wine/wine64 2> /dev/null || true)
if [ -z "$wine" ]; then
    echo 'Skipped: Windows, as there is no wine64'
    exit
fi
windows="x86_64-w64-mingw32-g++-posix $flags -Wa,-muse-unaligned-vector-move"
$windows -o "$out/sanitized.exe" native/src/test/cpp/sanitized.cpp
$windows -o "$out/load_library.exe" native/src/test/cpp/load_library.cpp
export WINEPREFIX="$out/wine" WINEDEBUG=-all
"$wine" "$out/sanitized.exe"
"$wine" "$out/load_library.exe" native/target/cross/build/windows-x86_64/jnisemkernels.dll
