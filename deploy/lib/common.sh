# shellcheck shell=bash
# What the scripts beside this folder share: words to the user, what they need installed, the build.
# Sourced, never run. The caller has set `set -euo pipefail`.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# The usual places of Debian's httpd and debootstrap, which a user who is not root often lacks.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() {
    printf '%s\n' "$*" >&2
}

# fail MESSAGE [STATUS]
fail() {
    say "$(basename "$0"): $1"
    exit "${2:-1}"
}

# The comment block at the head of the calling script is its help.
usage() {
    sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"
}

# have_jdk: a Java compiler of 17 or later, the one that Maven will take.
have_jdk() {
    local javac version
    javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
    version=$("$javac" -version 2>&1) || return 1
    version=${version#javac }
    [ "${version%%[.-]*}" -ge 17 ] 2>/dev/null
}

# install_missing [PROGRAM=PACKAGE...]: what the build and httpd need, from Debian's packages, and more programs if given. apache2-bin
# and never apache2, which starts a server.
install_missing() {
    install_build_tools apache2=apache2-bin "$@"
}

# install_build_tools [PROGRAM=PACKAGE...]
install_build_tools() {
    local packages=() more
    have_jdk || packages+=(openjdk-17-jdk-headless)
    for more in mvn=maven "$@"; do
        type -P "${more%%=*}" >/dev/null || packages+=("${more#*=}")
    done
    install_packages "${packages[@]}"
}

# install_packages PACKAGE...
install_packages() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "please install: $* (no apt-get here)" 3
    [ "$(id -u)" = 0 ] || fail "please install, or run this as root once: apt-get install --no-install-recommends $*" 3
    say "Installing $* ..."
    local log
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
        tail -n 30 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install $*" 3
    fi
    rm -f "$log"
}

# build: the distribution and what runs it, without tests. Does nothing when nothing changed since the last time.
build() {
    up_to_date "$top/deploy/target/.built" || package "$top/deploy/target/.built"
}

# build_distribution: only what deploy/install copies.
build_distribution() {
    local stamp=$top/agent/target/.built
    up_to_date "$top/deploy/target/.built" || up_to_date "$stamp" || {
        install_build_tools
        package "$stamp" -pl agent -am
    }
}

# up_to_date STAMP: whether what this stamp stands for was built, and is up to date.
up_to_date() {
    [ -e "$1" ] && [ -z "$(changed_since "$1")" ]
}

# package STAMP MAVEN-ARGUMENT...
package() {
    say "Building ..."
    mkdir -p "$(dirname "$1")"
    touch "$1.new"
    # Maven 3.8 resets a terminal's colours even where it is told to use none.
    (cd "$top" && mvn -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package "${@:2}") 2>&1 |
        sed $'s/\033\\[0m//g' >&2 || fail "the build failed"
    "$top/agent/target/rollcall/bin/rollcall" share-classes >&2 || say "Going on without shared classes."
    mv "$1.new" "$1"
}

changed_since() {
    find "$top/pom.xml" "$top"/*/pom.xml "$top"/*/src "$top/apache/conf" "$top"/apache/bench/{pom.xml,src} -newer "$1" -print -quit 2>/dev/null
    [ -e "$top/agent/target/rollcall/bin/rollcall" ] || echo missing
}

# make_place NAME: a directory under the temporary one that goes when this process does, however that ends, with every process
# that was started for it. Sets ROLLCALL_PLACE, by which the processes are known.
make_place() {
    local place
    place=$(mktemp -d "${TMPDIR:-/tmp}/rollcall-$1.XXXXXX")
    chmod 755 "$place" # httpd's children are another user
    mkfifo -m 600 "$place/.alive"
    setsid "$top/deploy/lib/janitor" "$place" "${2-}" <"$place/.alive" >/dev/null 2>&1 &
    exec 9>"$place/.alive"
    export ROLLCALL_PLACE=$place
}

enter=()

# run_java CLASS ARGUMENT...: takes the place of this process; started by the command in the array `enter`, if there is one.
run_java() {
    local terminal=false
    [ ! -t 1 ] || terminal=true
    exec "${enter[@]}" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -Xmx512m -XX:-UsePerfData \
        -Dlogback.configurationFile=soak-logback.xml -Drollcall.top="$top" -Drollcall.terminal="$terminal" -Drollcall.httpd="$(command -v apache2)" \
        -cp "$(ls "$top"/deploy/target/rollcall-deploy-*.jar):$top/deploy/target/lib/*" "$@"
}
