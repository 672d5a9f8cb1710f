#!/bin/sh
# Replaces the backends of a service one after the other, and loses no request.
#
# Usage: rolling.sh SERVICE <LIST
#
# Each line of LIST: OLD PID NEW
#   OLD  the id of a backend that is to go, PID its process
#   NEW  the id of the backend that takes over; it runs and is registered when the line is read
#
# ROLLCALL_ZOOKEEPER is where ZooKeeper is: host:port,host:port.
service=$1
while read -r old pid new; do
    until rollcall handover "$service" --from "$old" --to "$new" --zookeeper "$ROLLCALL_ZOOKEEPER" --timeout 5m </dev/null; do
        status=$?
        case $status in
        # No ZooKeeper, requests that are still open, an agent that cannot be asked: the order stands, so wait on.
        3 | 4 | 5) echo "$old: not done yet ($status)" >&2 ;;
        *)
            echo "$old: not replaced ($status)" >&2
            exit "$status"
            ;;
        esac
    done
    kill "$pid"
    echo "replaced $old by $new"
done
