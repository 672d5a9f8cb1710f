package io.rollcall.drain;

import io.rollcall.registry.Order;
import java.util.HashSet;
import java.util.List;

/**
 * What is waited for.
 *
 * @param order as it was given or found: backend's incarnation and successors count, the action goes on
 * @param czxid of the order's znode, which tells it from a later one of the same name
 * @param left whether the backend said goodbye meanwhile: if it then vanishes, it has ended
 */
record Goal(String service, String backend, Order order, long czxid, boolean left) {
    Goal withLeft(boolean now) {
        return now == left ? this : new Goal(service, backend, order, czxid, now);
    }

    List<Order.Successor> to() {
        return order.to();
    }

    boolean sameWish(Order other) {
        return order.incarnation().equals(other.incarnation()) && sameSuccessors(order.to(), other.to());
    }

    static boolean sameSuccessors(List<Order.Successor> some, List<Order.Successor> others) {
        return new HashSet<>(some).equals(new HashSet<>(others));
    }

    /** Whether an order with this incarnation is still about {@code youngest}, or about one that somebody else has replaced. */
    static boolean isAbout(Order order, long orderCzxid, Member youngest) {
        return order.incarnation().isEmpty()
                ? youngest.czxid() < orderCzxid
                : order.incarnation().equals(youngest.instance().incarnation());
    }
}
