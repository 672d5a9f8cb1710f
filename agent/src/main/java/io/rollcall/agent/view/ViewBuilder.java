package io.rollcall.agent.view;

import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges what the registry says: a pure function from facts, policy and the names known before to the view. */
public final class ViewBuilder {
    /** A view and the names that it makes known. */
    public record Built(View view, KnownNames known) {}

    private final Paths paths;
    private final AddressPolicy addresses;
    private final Pattern publishNames;
    private final Duration forgetAfter;
    private final Settings health;

    public ViewBuilder(
            Paths paths, AddressPolicy addresses, Pattern publishNames, Duration forgetAfter, Settings health) {
        this.paths = paths;
        this.addresses = addresses;
        this.publishNames = publishNames;
        this.forgetAfter = forgetAfter;
        this.health = health;
    }

    /**
     * The view of these facts.
     *
     * @param conditions how the backends are
     * @param settled orders that this agent has said it will not go back on
     */
    public Built build(Facts facts, Conditions conditions, Set<OrderNode.Key> settled, KnownNames before, Instant now) {
        TreeMap<String, List<Node>> byName = new TreeMap<>();
        List<Backend> strays = new ArrayList<>();
        facts.roll()
                .services()
                .forEach((service, nodes) -> HostNames.normal(service)
                        .ifPresentOrElse(
                                name -> byName.computeIfAbsent(name, key -> new ArrayList<>())
                                        .addAll(nodes.values()),
                                () -> nodes.values().forEach(node -> strays.add(stray(node)))));

        TreeMap<String, List<Backend>> judged = new TreeMap<>();
        TreeSet<String> present = new TreeSet<>();
        byName.forEach((name, nodes) -> {
            List<Backend> backends = judge(nodes);
            if (backends.stream().anyMatch(ViewBuilder::makesKnown)) {
                present.add(name);
            }
            judged.put(name, backends);
        });
        KnownNames known = before.update(present, now, forgetAfter);
        known.since().keySet().forEach(name -> judged.putIfAbsent(name, List.of()));

        Triage triage = new Triage(health, conditions);
        judged.replaceAll(triage::beforeOrders);
        OrderBook book = OrderBook.of(facts.orders(), judged, settled);
        book.malformed().forEach(order -> strays.add(stray(order)));
        TreeMap<String, Service> services = new TreeMap<>();
        judged.forEach((name, backends) -> services.put(
                name,
                new Service(
                        name,
                        publishNames.matcher(name).matches(),
                        known.since().containsKey(name),
                        triage.afterOrders(name, book.obeyed(name, backends)))));
        return new Built(new View(services, strays, book.instructions(), triage.wellness()), known);
    }

    private static boolean makesKnown(Backend backend) {
        return !(backend.standing() instanceof Standing.Refused);
    }

    private List<Backend> judge(Collection<Node> nodes) {
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

    private Backend stray(Node node) {
        return new Backend(
                paths.node(node.service(), node.name()),
                Paths.idOf(node.name()),
                node.czxid(),
                Optional.empty(),
                Standing.refused("service: '" + Excerpt.of(node.service()) + "' (expected: a host name)"));
    }

    private Backend stray(OrderBook.Malformed order) {
        OrderNode node = order.node();
        return new Backend(
                paths.order(node.service(), node.id()),
                node.id(),
                node.key().czxid(),
                Optional.empty(),
                Standing.refused(order.reason()));
    }
}
