package io.rollcall.agent.view;

import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Order;
import java.util.Optional;

/**
 * What one order asks of this agent, as things stand.
 *
 * @param node its znode
 * @param target of the backend that is meant; empty if that is not in the registry, or its address is refused
 * @param whereabouts of that backend
 * @param obstacle why those that are to take over cannot, on this host; empty if they can
 * @param inForce whether the backend is taken out: nothing stands in the way, or this agent has said before that it is
 */
public record Instruction(
        OrderNode node,
        Order order,
        Optional<Target> target,
        Whereabouts whereabouts,
        String obstacle,
        boolean inForce) {
    /** Where the process is that an order is meant for. */
    public enum Whereabouts {
        HERE,
        /** Gone, and another one has its id. */
        RESTARTED,
        ABSENT
    }

    public OrderNode.Key key() {
        return node.key();
    }
}
