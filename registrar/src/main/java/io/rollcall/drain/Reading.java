package io.rollcall.drain;

import io.rollcall.registry.Ack;
import io.rollcall.registry.Order;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the registry said about one order.
 *
 * @param order as it stands; empty if there is none, or none that can be read
 * @param agents all that are known, by id; listed after the order was read
 * @param acks by the name of their znode, whatever they quote
 * @param members of the service by id: the backend and those that take over, as far as they are there
 * @param drained ids of those that take over and are themselves under an order to drain
 */
record Reading(
        Optional<Standing> order,
        Map<String, KnownAgent> agents,
        Map<String, Ack> acks,
        Map<String, Member> members,
        Set<String> drained) {

    /** An order with its place in ZooKeeper's history. */
    record Standing(Order order, long czxid, long mzxid, int version) {}
}
