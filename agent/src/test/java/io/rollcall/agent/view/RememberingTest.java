package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Failure;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Order;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a builder remembers of the view before must never be seen in the next. */
final class RememberingTest {
    private static final Duration WEEK = Duration.ofDays(7);

    private final Random random = new Random(5);
    private Table<NavigableMap<String, Node>> roll = Table.empty();
    private Table<NavigableMap<String, OrderNode>> orders = Table.empty();
    private Conditions conditions = Conditions.NONE;
    private Set<OrderNode.Key> settled = Set.of();
    private KnownNames known = KnownNames.NONE;
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private long zxid;

    @Test
    void whateverCameBeforeTheViewIsThatOfABuilderWhichKnowsNothing() {
        ViewBuilder remembering = builder();
        View before = View.EMPTY;
        for (int round = 0; round < 3000; round++) {
            Facts facts = new Facts(new Roll(roll), new Orders(orders));
            ViewBuilder.Built built = remembering.build(facts, conditions, settled, known, now);
            ViewBuilder.Built anew = builder().build(facts, conditions, settled, built.known(), now);
            assertThat(built.view().services()).isEqualTo(anew.view().services());
            assertThat(built.view().instructions()).isEqualTo(anew.view().instructions());
            assertThat(built.view().targets()).isEqualTo(anew.view().targets());
            assertThat(built.view().held()).isEqualTo(anew.view().held());
            assertThat(built.view().refused())
                    .containsExactlyInAnyOrderElementsOf(anew.view().refused());
            for (String name : built.view().services().changedSince(before.services())) {
                assertThat(built.view().services().get(name))
                        .isNotEqualTo(before.services().get(name));
            }
            before = built.view();
            known = built.known();
            change();
        }
    }

    private void change() {
        String service = List.of("a.example.com", "b.example.com", "B.Example.com.", "c", "-bad", "d.example.com")
                .get(random.nextInt(6));
        switch (random.nextInt(12)) {
            case 0 -> now = now.plus(Duration.ofHours(random.nextInt(100)));
            case 1 -> known = known.without(service);
            case 2 -> orders = orders.edit().remove(service).done();
            case 3 -> orders = orders.edit().put(service, order(service)).done();
            case 4 -> settled = random.nextBoolean() ? Set.of() : keys();
            case 5 -> conditions = conditions();
            case 6 -> conditions = one(conditions);
            default -> roll = roll.edit().put(service, nodes(service)).done();
        }
        if (random.nextInt(5) == 0) {
            roll = roll.edit().remove(service).done();
        }
    }

    /** All otherwise. */
    private Conditions conditions() {
        Map<Candidate, Condition> all = new HashMap<>();
        for (String service : List.of("a.example.com", "b.example.com", "c", "d.example.com")) {
            for (int i = 0; i < 6; i++) {
                Candidate candidate = candidate(service);
                all.put(candidate, condition());
            }
        }
        return Conditions.of(
                all,
                random.nextBoolean() ? new Condition.Fresh(0, "") : new Condition.Fit(0, 100),
                random.nextInt(4) == 0 ? OptionalLong.of(random.nextInt(3)) : OptionalLong.empty());
    }

    /** One of them otherwise; the others are the same objects. */
    private Conditions one(Conditions before) {
        Candidate candidate = candidate("a.example.com");
        Map<Candidate, Condition> own = new HashMap<>(before.services().getOrDefault(candidate.service(), Map.of()));
        own.put(candidate, condition());
        return new Conditions(
                before.services()
                        .edit()
                        .put(candidate.service(), Map.copyOf(own))
                        .done(),
                before.unknown(),
                before.heldSince());
    }

    private Candidate candidate(String service) {
        return new Candidate(service, id(), "", "10.0.0." + random.nextInt(4), 8080, "");
    }

    private Condition condition() {
        return switch (random.nextInt(4)) {
            case 0 -> new Condition.Fresh(0, "");
            case 1 -> new Condition.Fit(0, random.nextBoolean() ? 100 : 30);
            default ->
                new Condition.Unfit(
                        random.nextInt(3),
                        new Failure(
                                random.nextBoolean() ? Failure.Kind.HARD : Failure.Kind.SOFT,
                                Failure.Source.PROBE,
                                "no"),
                        1,
                        0);
        };
    }

    private NavigableMap<String, OrderNode> order(String service) {
        String id = id();
        OrderNode.Content content = random.nextInt(8) == 0
                ? new OrderNode.Content.Malformed("action: ''")
                : new OrderNode.Content.Valid(new Order(
                        random.nextBoolean() ? Order.Action.DRAIN : Order.Action.PREPARE,
                        random.nextBoolean() ? "" : "i" + random.nextInt(2),
                        "",
                        random.nextBoolean() ? List.of() : List.of(new Order.Successor(id(), "")),
                        "",
                        "",
                        Duration.ofHours(1)));
        zxid++;
        return new TreeMap<>(Map.of(id, new OrderNode(service, id, new OrderNode.Key(zxid, zxid), 0, content)));
    }

    private NavigableMap<String, Node> nodes(String service) {
        NavigableMap<String, Node> nodes = new TreeMap<>(roll.getOrDefault(service, new TreeMap<>()));
        String name = id() + "~" + random.nextInt(2);
        zxid++;
        Node.Content content = random.nextInt(8) == 0
                ? new Node.Content.Malformed("data: ''")
                : new Node.Content.Valid(new Instance(
                        service,
                        "id",
                        random.nextInt(5) == 0 ? "8.8.8.8" : "10.0.0." + random.nextInt(4),
                        8080,
                        "http",
                        "",
                        List.of(State.values()).get(random.nextInt(State.values().length)),
                        random.nextInt(3),
                        "",
                        "",
                        "",
                        0,
                        Map.of()));
        if (random.nextInt(3) == 0) {
            nodes.remove(name);
        } else {
            nodes.put(name, new Node(service, name, zxid, zxid, content));
        }
        return nodes;
    }

    private Set<OrderNode.Key> keys() {
        Set<OrderNode.Key> keys = new HashSet<>();
        orders.values().forEach(each -> each.values().forEach(order -> keys.add(order.key())));
        return keys;
    }

    private String id() {
        return "s" + random.nextInt(3);
    }

    private static ViewBuilder builder() {
        return new ViewBuilder(
                new Paths("/rollcall"),
                AddressPolicy.of(AddressPolicy.networks("10.0.0.0/8"), AddressPolicy.ports("80, 1024-65535")),
                Pattern.compile(".+\\..+"),
                WEEK,
                Settings.DEFAULTS);
    }
}
