package io.rollcall.agent.view;

import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may get requests by what stands in the nodes, by policy, and beside the others of its id. Pure. */
final class Admission {
    private final Paths paths;
    private final AddressPolicy addresses;

    Admission(Paths paths, AddressPolicy addresses) {
        this.paths = paths;
        this.addresses = addresses;
    }

    /** The nodes of one service. */
    List<Backend> judge(Collection<Node> nodes) {
        Map<String, Node> youngest = new HashMap<>();
        for (Node node : nodes) {
            if (node.content() instanceof Node.Content.Valid) {
                youngest.merge(Paths.idOf(node.name()), node, (a, b) -> a.czxid() >= b.czxid() ? a : b);
            }
        }
        List<Backend> backends = new ArrayList<>();
        for (Node node : nodes) {
            backends.add(judge(node, youngest.get(Paths.idOf(node.name()))));
        }
        return backends;
    }

    private Backend judge(Node node, @Nullable Node youngest) {
        String id = Paths.idOf(node.name());
        String path = paths.node(node.service(), node.name());
        if (node.content() instanceof Node.Content.Malformed malformed) {
            return new Backend(path, id, node.czxid(), Optional.empty(), Standing.refused(malformed.reason()));
        }
        Instance instance = ((Node.Content.Valid) node.content()).instance();
        id = instance.id().equals(id) ? instance.id() : id; // one string of it, of 100,000
        if (youngest != null && !youngest.equals(node)) {
            return new Backend(path, id, node.czxid(), Optional.of(instance), replaced(instance, youngest));
        }
        return new Backend(path, id, node.czxid(), Optional.of(instance), judge(instance));
    }

    /** A server that registered anew has its old node for a session timeout. Two servers under one id would have it for good. */
    private static Standing replaced(Instance old, Node youngest) {
        String why = "replaced by the younger " + youngest.name();
        boolean elsewhere = youngest.content() instanceof Node.Content.Valid valid
                && !(valid.instance().address().equals(old.address())
                        && valid.instance().port() == old.port());
        return Standing.aside(
                elsewhere && old.state() == State.UP
                        ? why + " at another address; if that stays, two servers use one id"
                        : why);
    }

    private Standing judge(Instance instance) {
        if (!instance.scheme().equals(Instance.HTTP)) {
            return Standing.refused(
                    "scheme: '" + Excerpt.of(instance.scheme()) + "' (expected: http; others are not routed yet)");
        }
        Standing standing = addresses.judge(instance.address(), instance.port(), instance.weight());
        if (standing instanceof Standing.Refused) {
            return standing;
        }
        if (instance.state() == State.DRAINING && standing instanceof Standing.Routable routable) {
            return new Standing.Draining(routable.target(), routable.weight(), "state is draining");
        }
        if (instance.state() != State.UP) {
            return Standing.aside("state is " + instance.state().word());
        }
        return instance.weight() == 0 ? Standing.aside("weight is 0") : standing;
    }

    /** A node under a name that is no host name. */
    Backend stray(Node node) {
        return new Backend(
                paths.node(node.service(), node.name()),
                Paths.idOf(node.name()),
                node.czxid(),
                Optional.empty(),
                Standing.refused("service: '" + Excerpt.of(node.service()) + "' (expected: a host name)"));
    }

    /** An order that cannot be read. */
    Backend stray(OrderBook.Malformed order) {
        OrderNode node = order.node();
        return new Backend(
                paths.order(node.service(), node.id()),
                node.id(),
                node.key().czxid(),
                Optional.empty(),
                Standing.refused(order.reason()));
    }
}
