package io.rollcall.drain;

import io.rollcall.registry.Instance;
import io.rollcall.registry.State;

/**
 * A backend as the youngest of its znodes tells.
 *
 * @param czxid of that znode
 */
record Member(Instance instance, long czxid) {
    String id() {
        return instance.id();
    }

    /** As httpd is told it. */
    String target() {
        String address = instance.address();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + instance.port();
    }

    boolean routable() {
        return instance.state() == State.UP && instance.weight() > 0;
    }
}
