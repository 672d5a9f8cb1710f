package io.rollcall.registrar;

import io.rollcall.registry.Order;

/**
 * An order as it was found in the tree.
 *
 * @param czxid which order
 * @param mzxid which version of it
 */
record StandingOrder(Order order, String path, long czxid, long mzxid) {
    /**
     * Whether it tells the process {@code incarnation}, whose znode came into the tree at {@code born}, to drain. One that names no process is for the
     * znode that was there when it was written.
     */
    boolean drains(String incarnation, long born) {
        return order.action() == Order.Action.DRAIN
                && (order.incarnation().isEmpty()
                        ? czxid > born
                        : order.incarnation().equals(incarnation));
    }
}
