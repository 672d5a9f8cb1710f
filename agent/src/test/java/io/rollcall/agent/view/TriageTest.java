package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Failure;
import io.rollcall.agent.health.Settings;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What health does to a view: {@code a} and {@code b} at 10.0.0.1 and 10.0.0.2, told fit, new, dead or slow. */
final class TriageTest {
    private static final Condition NEW = new Condition.Fresh(0, "");

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Candidate, Condition> conditions = new HashMap<>();
    private Orders orders = Orders.NONE;

    @Test
    void aDeadOneIsOutAndWhoeverIsNewWaits() {
        backend("a", 1, fit(100));
        backend("b", 2, dead());
        backend("c", 3, NEW);
        assertThat(routes()).isEqualTo("10.0.0.1:8080*1");
        assertThat(standing("b"))
                .isInstanceOfSatisfying(
                        Standing.Unwell.class,
                        unwell -> assertThat(unwell.reason()).isEqualTo("ejected: Connection refused"));
        assertThat(standing("c"))
                .isInstanceOfSatisfying(
                        Standing.Unwell.class,
                        unwell -> assertThat(unwell.reason()).isEqualTo("not passed a probe yet"));
    }

    @Test
    void whenNobodyIsFitAllAreRoutedAndTheViewSaysSo() {
        backend("a", 1, dead());
        backend("b", 2, dead());
        assertThat(routes()).isEqualTo("10.0.0.1:8080*1 10.0.0.2:8080*1");
        assertThat(shop().wellness().panic()).isTrue();
    }

    @Test
    void whoStartsSlowlyHasASmallShareOfItsWeight() {
        backend("a", 1, fit(100));
        backend("b", 2, fit(30));
        assertThat(routes()).isEqualTo("10.0.0.1:8080*100 10.0.0.2:8080*30");
    }

    @Test
    void aDrainThatNamesASuccessorWaitsUntilItIsFit() {
        backend("a", 1, fit(100));
        backend("b", 2, NEW);
        order("a", List.of(new Order.Successor("b", "b")));
        assertThat(routes()).isEqualTo("10.0.0.1:8080*1");
        condition("b", 2, fit(100));
        assertThat(routes()).isEqualTo("10.0.0.2:8080*1");
    }

    @Test
    void whomAnOrderTakesOutDoesNotSpareTheOthers() {
        backend("a", 1, fit(100));
        backend("b", 2, dead());
        order("a", List.of());
        assertThat(routes()).isEqualTo("10.0.0.2:8080*1");
        assertThat(shop().wellness().panic()).isTrue();
        assertThat(shop().candidates()).extracting(Candidate::id).containsExactly("b");
    }

    @Test
    void anUnfitOneThatIsOrderedOutDrains() {
        backend("a", 1, dead());
        backend("b", 2, fit(100));
        order("a", List.of());
        assertThat(standing("a")).isInstanceOf(Standing.Draining.class);
    }

    @Test
    void nobodyThePolicyRefusesIsACandidate() {
        backend("a", 1, fit(100));
        nodes.add(node("x", "8.8.8.8", ""));
        assertThat(shop().candidates()).extracting(Candidate::id).containsExactly("a");
    }

    @Test
    void thePathIsTheRegistrationsOrElseTheConfigurations() {
        nodes.add(node("a", "10.0.0.1", "/own"));
        nodes.add(node("b", "10.0.0.2", ""));
        assertThat(shop().candidates()).extracting(Candidate::path).containsExactlyInAnyOrder("/own", "/configured");
    }

    private void backend(String id, int host, Condition condition) {
        nodes.add(node(id, "10.0.0." + host, "/p"));
        condition(id, host, condition);
    }

    private void condition(String id, int host, Condition condition) {
        conditions.put(new Candidate("shop.example.com", id, id, "10.0.0." + host, 8080, "/p"), condition);
    }

    private static Node node(String id, String address, String probe) {
        Instance instance = new Instance(
                "shop.example.com", id, address, 8080, "http", probe, State.UP, 1, id, "", "", 0, Map.of());
        return new Node("shop.example.com", id + "~1", 1, 1, new Node.Content.Valid(instance));
    }

    private void order(String id, List<Order.Successor> to) {
        Order order = new Order(Order.Action.DRAIN, id, "", to, "", "", Order.DEFAULT_DEADLINE);
        orders = Orders.of(List.of(
                new OrderNode("shop.example.com", id, new OrderNode.Key(2, 2), 0, new OrderNode.Content.Valid(order))));
    }

    private static Condition fit(int share) {
        return new Condition.Fit(0, share);
    }

    private static Condition dead() {
        return new Condition.Unfit(0, new Failure(Failure.Kind.HARD, Failure.Source.PROBE, "Connection refused"), 1, 0);
    }

    private Standing standing(String id) {
        return shop().backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow()
                .standing();
    }

    private String routes() {
        return shop().routable().stream()
                .map(routable -> routable.target() + "*" + routable.weight())
                .collect(Collectors.joining(" "));
    }

    private Service shop() {
        return view().service("shop.example.com").orElseThrow();
    }

    private View view() {
        Settings settings = new Settings(
                Settings.DEFAULTS.interval(),
                Settings.DEFAULTS.timeout(),
                1,
                2,
                true,
                Map.of("shop.example.com", "/configured"),
                Settings.DEFAULTS.eject(),
                Settings.DEFAULTS.slowStart());
        ViewBuilder builder = new ViewBuilder(
                new Paths("/rollcall"),
                AddressPolicy.of(AddressPolicy.networks("10.0.0.0/8"), AddressPolicy.ports("80, 1024-65535")),
                Pattern.compile(".+\\..+"),
                Duration.ofDays(7),
                settings);
        return builder.build(
                        new Facts(Roll.of(nodes), orders),
                        Conditions.of(conditions, NEW, OptionalLong.empty()),
                        Set.<OrderNode.Key>of(),
                        KnownNames.NONE,
                        Instant.EPOCH)
                .view();
    }
}
