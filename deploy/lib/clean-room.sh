# shellcheck shell=bash
# The steps of deploy/clean-room. Sourced, never run. The caller sets room, log, mirror.
# shellcheck disable=SC2154

began=$(date +%s.%N)

elapsed() {
    awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { print b - a }'
}

# step NAME COMMAND...: runs it with its output shown (inside) or in the log, and says how long it took.
step() {
    local name=$1 start status=0
    shift
    start=$(date +%s.%N)
    say "-------- $name"
    "$@" || status=$?
    if [ "$status" != 0 ]; then
        [ "$1" = inside ] || tail -n 20 "$log" >&2
        fail "$name: failed with status $status"
    fi
    say "$(awk -v n="$name" -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%6.1f s  %s", b - a, n }')"
}

is_debian_12() {
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME-}")" = bookworm ] && [ -d /etc/apt ]
}

# The first of this machine's sources that has bookworm's main; else debootstrap takes its own.
find_mirror() {
    if [ -z "$mirror" ] && is_debian_12; then
        # shellcheck disable=SC2016 # apt's own variables
        mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
            awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
    fi
}

make_room() {
    find_mirror
    local include=''
    # apt in the room cannot speak TLS to a source before it has certificates.
    case $mirror in https:*) include=--include=ca-certificates ;; esac
    debootstrap --variant=minbase ${include:+"$include"} bookworm "$room" ${mirror:+"$mirror"} >>"$log" 2>&1
}

carry_in() {
    cp -L /etc/resolv.conf /etc/hosts "$room/etc/"
    if is_debian_12; then
        local from
        for from in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg.d /etc/apt/keyrings /usr/share/keyrings; do
            [ ! -e "$from" ] || copy_into_room "$from"
        done
    fi
    apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|Retries)' >"$room/etc/apt/apt.conf.d/99carried-in" || true
    if [ -d /usr/local/share/ca-certificates ]; then
        copy_into_room /usr/local/share/ca-certificates
    fi
    if [ -e "${HOME:-/root}/.m2/settings.xml" ]; then
        install -D -m 600 "${HOME:-/root}/.m2/settings.xml" "$room/root/.m2/settings.xml"
    fi
}

# copy_into_room FILE-OR-FOLDER: under the same name. What a source names by mistake or has disabled comes along and does no harm.
copy_into_room() {
    mkdir -p "$room$(dirname "$1")"
    rm -rf "${room:?}$1"
    cp -a "$1" "$room$1"
}

clone() {
    git -c safe.directory='*' clone -q --no-local "$top" "$room/root/rollcall" >>"$log" 2>&1
    git -C "$room/root/rollcall" checkout -q --detach "$(git -C "$top" rev-parse HEAD)" >>"$log" 2>&1
}

nothing_there() {
    local tool
    for tool in java javac mvn apache2 httpd; do
        if inside sh -c "command -v $tool" >/dev/null; then
            say "$tool is there already"
            return 1
        fi
    done
}

# Debian's way to start a server at boot is a unit or an init script.
no_server() {
    if inside dpkg -s apache2 >/dev/null 2>&1; then
        say "the package apache2 was installed"
        return 1
    fi
    if find "$room/etc/init.d" "$room/lib/systemd/system" "$room/usr/lib/systemd/system" 2>/dev/null | grep -i apache; then
        return 1
    fi
}

# inside COMMAND...: runs it in the clone, in the room, with processes and mounts of its own, which all go with it. Fails if
# COMMAND leaves a process behind.
inside() {
    local variables=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" LANG=C.UTF-8)
    local name
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -z "${!name-}" ] || variables+=("$name=${!name}")
    done
    # shellcheck disable=SC2016 # for the inner shells
    unshare --mount --pid --fork --kill-child sh -c '
        room=$1
        shift
        mount -t proc proc "$room/proc" && exec chroot "$room" "$@"
    ' enter "$room" /usr/bin/env -i "${variables[@]}" bash -c '
        cd /root/rollcall
        "$@" || exit
        for patience in 1 2 3 4 5; do
            others=
            for process in /proc/[0-9]*; do
                [ "$process" = "/proc/$$" ] || others+=$(cat "$process/cmdline" 2>/dev/null | tr "\0" " ")
            done
            [ -n "$others" ] || exit 0
            sleep 0.$patience
        done
        echo "left behind: $others" >&2
        exit 9
    ' run "$@"
}
