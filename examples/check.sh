#!/usr/bin/env bash
# Builds the examples and runs each: examples/check.sh. Needs curl.
# SEM is installed into target/examples-repository, not into the user's repository, which lends the other libraries. Ones that are missing
# there are fetched once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$PWD/target/examples
user=${MAVEN_USER_REPOSITORY:-$HOME/.m2/repository}
own=$PWD/target/examples-repository
rm -rf "$out"
mkdir -p "$out"

# Builds are short: a compiler that optimises would not pay.
export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

maven() {
  ./mvnw -q -B -ntp -Dmaven.repo.local.tail.ignoreAvailability=true "$@"
}

fail() {
  echo "examples/check.sh: $1" >&2
  exit 1
}

private=("-Dmaven.repo.local=$own" "-Dmaven.repo.local.tail=$user")
maven "${private[@]}" -DskipTests -Dcheckstyle.skip -pl imageio-sem -am install
jetty=org/eclipse/jetty/ee10/jetty-ee10-maven-plugin
build() {
  maven "${private[@]}" -o -f examples/pom.xml package &&
    { [ -d "$user/$jetty" ] || [ -d "$own/$jetty" ]; }
}
if ! build > "$out/offline.log" 2>&1; then
  # Fetched into the user's repository, where the next check finds them.
  maven "-Dmaven.repo.local=$user" "-Dmaven.repo.local.tail=$own" -f examples/pom.xml package
  maven "-Dmaven.repo.local=$user" "-Dmaven.repo.local.tail=$own" -f examples/servlet/pom.xml jetty:help > "$out/fetch.log"
  build || fail "the examples do not build"
fi

is_png() {
  [ "$(head -c 4 "$1" | tail -c 3)" = PNG ] || fail "$1 is no PNG picture"
}

# Waits for a line in a log.
await() {
  for _ in $(seq 240); do
    if grep -q "$1" "$2"; then
      return
    fi
    sleep 0.25
  done
  cat "$2" >&2
  fail "$2 does not say '$1'"
}

# Sends a picture: send FILE TYPE ADDRESS ANSWER
send() {
  curl -fsS --max-time 60 -H "Content-Type: $2" --data-binary "@$1" -o "$4" "$3"
}

# A port that nobody listens at.
free_port() {
  local port
  for port in $(shuf -i 20000-30000 -n 20); do
    if ! (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
      echo "$port"
      return
    fi
  done
}

servers=()
trap 'kill "${servers[@]}" 2> /dev/null || true' EXIT

# Both start while the others run.
spring_port=$(free_port)
java -jar examples/spring-boot/target/spring-boot.jar "--server.port=$spring_port" > "$out/spring-boot.log" 2>&1 &
servers+=($!)
servlet_port=$(free_port)
./mvnw -B -ntp -Dmaven.repo.local.tail.ignoreAvailability=true "${private[@]}" -o -f examples/servlet/pom.xml jetty:run-war \
  "-Djetty.http.port=$servlet_port" > "$out/servlet.log" 2>&1 &
servers+=($!)

cat > "$out/Draw.java" <<'END'
public class Draw {
    public static void main(String[] arguments) throws Exception {
        var picture = new java.awt.image.BufferedImage(768, 512, java.awt.image.BufferedImage.TYPE_INT_RGB);
        var graphics = picture.createGraphics();
        graphics.setPaint(new java.awt.GradientPaint(0, 0, java.awt.Color.ORANGE, 768, 512, java.awt.Color.BLUE));
        graphics.fillRect(0, 0, 768, 512);
        graphics.setColor(java.awt.Color.WHITE);
        graphics.fillOval(200, 100, 300, 300);
        // Grain, as a camera's: a picture of few colours would be kept without loss, and without a thumbnail.
        var random = new java.util.Random(1);
        for (int i = 0; i < 768 * 512; i++) {
            picture.setRGB(i % 768, i / 768, picture.getRGB(i % 768, i / 768) ^ random.nextInt() & 0x0F0F0F);
        }
        javax.imageio.ImageIO.write(picture, "png", new java.io.File(arguments[0]));
    }
}
END
java "$out/Draw.java" "$out/drawn.png"

java -jar examples/plain-maven/target/plain-maven.jar "$out/drawn.png" "$out" > "$out/plain-maven.log"
grep -q '^read: 768 x 512$' "$out/plain-maven.log" || fail "plain-maven reads another picture"
grep -q '^thumbnail: 96 x 64$' "$out/plain-maven.log" || fail "plain-maven has no thumbnail"
is_png "$out/thumbnail.png"
echo 'plain-maven: passed'

java -jar examples/shaded/target/shaded.jar "$out/drawn.png" "$out/shaded.sem" > "$out/shaded.log"
java -jar examples/shaded/target/shaded.jar "$out/shaded.sem" "$out/shaded.png" >> "$out/shaded.log"
is_png "$out/shaded.png"
echo 'shaded: passed'

await 'Started PictureApplication' "$out/spring-boot.log"
send "$out/drawn.png" image/png "http://127.0.0.1:$spring_port/sem" "$out/spring-boot.sem"
send "$out/spring-boot.sem" image/x-sem "http://127.0.0.1:$spring_port/thumbnail" "$out/spring-boot.png"
is_png "$out/spring-boot.png"
echo 'spring-boot: passed'

await 'Started oejs.Server@' "$out/servlet.log"
send "$out/photo.sem" image/x-sem "http://127.0.0.1:$servlet_port/thumbnail" "$out/servlet.png"
is_png "$out/servlet.png"
echo 'servlet: passed'
