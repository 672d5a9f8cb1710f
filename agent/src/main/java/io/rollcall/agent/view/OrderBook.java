package io.rollcall.agent.view;

import io.rollcall.agent.view.Instruction.Whereabouts;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Order;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The orders, held against the backends that are there. An order never touches another incarnation of its id, and one that names
 * successors takes nobody out before all of them get requests here.
 *
 * @param malformed orders that nobody obeys
 */
record OrderBook(List<Instruction> instructions, List<Malformed> malformed) {
    static final OrderBook EMPTY = new OrderBook(List.of(), List.of());

    record Malformed(OrderNode node, String reason) {}

    private record Valid(OrderNode node, Order order) {
        boolean means(Backend backend) {
            return backend.id().equals(node.id()) && incarnationMeant(backend);
        }

        private boolean incarnationMeant(Backend backend) {
            return order.incarnation().isEmpty()
                    ? backend.czxid() < node.key().czxid()
                    : order.incarnation().equals(backend.incarnation());
        }
    }

    static OrderBook of(Orders orders, Map<String, List<Backend>> services, Set<OrderNode.Key> settled) {
        List<Valid> valid = new ArrayList<>();
        List<Malformed> malformed = new ArrayList<>();
        for (OrderNode node : orders.all()) {
            if (node.content() instanceof OrderNode.Content.Malformed bad) {
                malformed.add(new Malformed(node, bad.reason()));
            } else if (!HostNames.normal(node.service()).equals(Optional.of(node.service()))) {
                malformed.add(new Malformed(
                        node,
                        "service: '" + Excerpt.of(node.service())
                                + "' (expected: a host name in lower case, without a dot at the end)"));
            } else if (node.content() instanceof OrderNode.Content.Valid good) {
                valid.add(new Valid(node, good.order()));
            }
        }
        Set<Backend> leaving = new HashSet<>();
        for (Valid order : valid) {
            if (order.order().action() == Order.Action.DRAIN) {
                backends(services, order).stream().filter(order::means).forEach(leaving::add);
            }
        }
        List<Instruction> instructions = new ArrayList<>();
        for (Valid order : valid) {
            instructions.add(instruction(order, backends(services, order), leaving, settled));
        }
        return new OrderBook(List.copyOf(instructions), List.copyOf(malformed));
    }

    /** The services that orders are about. */
    Set<String> ordered() {
        return instructions.stream().map(each -> each.node().service()).collect(Collectors.toSet());
    }

    /** The backends of a service, with those that are ordered out draining. */
    List<Backend> obeyed(String service, List<Backend> backends) {
        List<Instruction> inForce = instructions.stream()
                .filter(each -> each.inForce() && each.node().service().equals(service))
                .toList();
        if (inForce.isEmpty()) {
            return backends;
        }
        return backends.stream()
                .map(backend -> inForce.stream()
                        .filter(each -> new Valid(each.node(), each.order()).means(backend))
                        .findFirst()
                        .map(each -> backend.with(drained(backend.standing(), each.order())))
                        .orElse(backend))
                .toList();
    }

    private static Instruction instruction(
            Valid order, List<Backend> backends, Set<Backend> leaving, Set<OrderNode.Key> settled) {
        String obstacle = order.order().to().stream()
                .flatMap(successor -> obstacle(successor, backends, leaving).stream())
                .findFirst()
                .orElse("");
        boolean inForce = order.order().action() == Order.Action.DRAIN
                && (obstacle.isEmpty() || settled.contains(order.node().key()));
        Optional<Backend> meant =
                backends.stream().filter(order::means).reduce((a, b) -> a.czxid() > b.czxid() ? a : b);
        boolean idTaken = backends.stream()
                .anyMatch(backend -> backend.id().equals(order.node().id()));
        return new Instruction(
                order.node(),
                order.order(),
                meant.flatMap(OrderBook::target),
                meant.isPresent() ? Whereabouts.HERE : idTaken ? Whereabouts.RESTARTED : Whereabouts.ABSENT,
                obstacle,
                inForce);
    }

    /** Why this one does not get requests here. */
    private static Optional<String> obstacle(Order.Successor successor, List<Backend> backends, Set<Backend> leaving) {
        String name = Excerpt.of(successor.id());
        List<Backend> candidates = backends.stream()
                .filter(backend -> backend.id().equals(successor.id()))
                .toList();
        if (candidates.isEmpty()) {
            return Optional.of(name + " is not in the registry");
        }
        String why = "";
        for (Backend backend : candidates) {
            if (!successor.incarnation().isEmpty() && !successor.incarnation().equals(backend.incarnation())) {
                why = "another process is there as " + name + " (incarnation '" + Excerpt.of(backend.incarnation())
                        + "', the order names '" + Excerpt.of(successor.incarnation()) + "')";
            } else if (leaving.contains(backend)) {
                why = name + " is ordered out itself";
            } else if (backend.standing() instanceof Standing.Routable) {
                return Optional.empty();
            } else {
                why = name + " gets no requests: " + reason(backend.standing());
            }
        }
        return Optional.of(why);
    }

    private static String reason(Standing standing) {
        if (standing instanceof Standing.Draining draining) {
            return draining.reason();
        }
        if (standing instanceof Standing.Unwell unwell) {
            return unwell.reason();
        }
        return standing instanceof Standing.Aside aside
                ? aside.reason()
                : standing instanceof Standing.Refused refused ? refused.reason() : "";
    }

    private static Standing drained(Standing standing, Order order) {
        if (standing instanceof Standing.Unwell unwell) {
            return drained(new Standing.Routable(unwell.target(), unwell.weight()), order);
        }
        if (standing instanceof Standing.Routable routable) {
            String by = order.by().isEmpty() ? "" : " by " + Excerpt.of(order.by());
            String at = order.at().isEmpty() ? "" : " at " + Excerpt.of(order.at());
            return new Standing.Draining(routable.target(), routable.weight(), "ordered out" + by + at);
        }
        return standing;
    }

    private static Optional<Target> target(Backend backend) {
        if (backend.standing() instanceof Standing.Routable routable) {
            return Optional.of(routable.target());
        }
        if (backend.standing() instanceof Standing.Draining draining) {
            return Optional.of(draining.target());
        }
        if (backend.standing() instanceof Standing.Unwell unwell) {
            return Optional.of(unwell.target());
        }
        return backend.instance()
                .flatMap(instance -> IpLiteral.parse(instance.address())
                        .map(address -> new Target(address.inUrl(), instance.port())));
    }

    private static List<Backend> backends(Map<String, List<Backend>> services, Valid order) {
        return services.getOrDefault(order.node().service(), List.of());
    }
}
