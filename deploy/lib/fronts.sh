# shellcheck shell=bash
# Network namespaces for runs with two front ends. Sourced after common.sh, never run.
#
#   hub       load client and backends (10.2.0.1)
#   zk        ZooKeeper's servers (10.1.9.1)
#   front1/2  an httpd and an agent each (10.3.1.2, 10.3.2.2)
#
# Each front end has one link to the hub and one to ZooKeeper, so that either can be cut without the other. Nothing leads out of
# them, and nothing of the machine's own network changes.

# make_fronts: after make_place. Sets ROLLCALL_FRONTS, the prefix of the namespaces' names, and the array `enter`, before a command
# that is to run in the hub. The janitor removes them.
make_fronts() {
    install_missing ip=iproute2 nsenter=util-linux kill=procps
    [ "$(id -u)" = 0 ] || fail "network namespaces need root" 3
    export ROLLCALL_FRONTS=rollcall-$$
    local name
    for name in hub zk front1 front2; do
        echo "$ROLLCALL_FRONTS-$name" >>"$ROLLCALL_PLACE/.namespaces"
    done
    while read -r name; do
        { ip netns add "$name" && ip -n "$name" link set lo up; } ||
            fail "network namespaces are not permitted here (expected: root with CAP_SYS_ADMIN and CAP_NET_ADMIN, in a container: --privileged)" 3
    done <"$ROLLCALL_PLACE/.namespaces"
    in_namespace hub addr add 10.2.0.1/32 dev lo
    in_namespace zk addr add 10.1.9.1/32 dev lo
    make_link zk hub 10.1.0
    in_namespace hub route add 10.1.9.0/24 via 10.1.0.1
    for name in 1 2; do
        make_link hub "front$name" "10.3.$name"
        in_namespace "front$name" route add 10.2.0.0/24 via "10.3.$name.1"
        make_link zk "front$name" "10.1.$name"
        in_namespace "front$name" route add 10.1.9.0/24 via "10.1.$name.1"
    done
    # shellcheck disable=SC2034 # for the script that sources this
    enter=(nsenter "--net=/run/netns/$ROLLCALL_FRONTS-hub")
}

# in_namespace NAME IP-ARGUMENT...
in_namespace() {
    ip -n "$ROLLCALL_FRONTS-$1" "${@:2}"
}

# make_link FROM TO NET: two interfaces, named for where they lead; NET.1 at FROM, NET.2 at TO.
make_link() {
    in_namespace "$1" link add "to-$2" type veth peer name "to-$1" netns "$ROLLCALL_FRONTS-$2"
    in_namespace "$1" addr add "$3.1/24" dev "to-$2"
    in_namespace "$2" addr add "$3.2/24" dev "to-$1"
    in_namespace "$1" link set "to-$2" up
    in_namespace "$2" link set "to-$1" up
}
