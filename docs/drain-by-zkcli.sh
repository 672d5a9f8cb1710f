#!/bin/sh
# Drains a backend and waits until it is quiet, with nothing but ZooKeeper's own command line.
#
# Usage: drain-by-zkcli.sh SERVICE ID
#
# SERVICE in lower case, ID as in `ls /rollcall/services/SERVICE` without what follows the ~.
# ROLLCALL_ZOOKEEPER is where ZooKeeper is: host:port,host:port.
: "${2:?missing (usage: drain-by-zkcli.sh SERVICE ID)}" "${ROLLCALL_ZOOKEEPER:?not set (expected: host:port,host:port)}"
service=$1 id=$2
order=/rollcall/orders/$service/$id

zk() { # one command a line
    printf '%s\n' "$@" | rollcall zkcli -server "$ROLLCALL_ZOOKEEPER" 2>/dev/null
}

zxid() { # the value of field $1 in a stat
    sed -n "s/^$1 = //p"
}

# The order first and the agents after it: an agent that is not listed yet will read the order before it routes. The server that is
# asked may lag behind the one that took the order, so it has to catch up first.
zk 'create /rollcall/orders' "create /rollcall/orders/$service" "create $order {\"action\":\"drain\"}" >/dev/null
while :; do
    stat=$(zk 'sync /rollcall' "stat $order")
    czxid=$(echo "$stat" | zxid cZxid) mzxid=$(echo "$stat" | zxid mZxid)
    [ -n "$czxid" ] || { echo "$id: the order is gone, or nobody answers at $ROLLCALL_ZOOKEEPER" >&2 && exit 1; }
    agents=$(zk 'sync /rollcall' 'ls /rollcall/agents' | sed -n 's/^\[\(.*\)\]$/\1/p' | tr -d ,)
    open=
    for agent in $agents; do
        # Its word counts for this very order in this very version: cZxid and mZxid.
        zk "get $order/$agent" | grep '"stage":"quiet"' | grep "\"czxid\":\"$czxid\"" | grep -q "\"mzxid\":\"$mzxid\"" ||
            open="$open $agent"
    done
    own=$(zk "get $order/registrar" | grep "\"mzxid\":\"$mzxid\"" | sed -n 's/.*"open":\([0-9]*\).*/\1/p')
    [ "${own:-0}" = 0 ] || open="$open $id itself ($own)"
    [ -n "$agents" ] && [ -z "$open" ] && break
    echo "$id: waiting for${open:- an agent to be known}" >&2
    sleep 1
done
echo "$id is quiet: it may be stopped"
