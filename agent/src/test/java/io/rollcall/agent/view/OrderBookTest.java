package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.view.Instruction.Whereabouts;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OrderBookTest {
    private static final String SHOP = "shop.example.com";

    @Test
    void anOrderForAnIncarnationHoldsOverItsRegistrations() {
        OrderBook book = book(
                List.of(backend("a", 5, "i", 1), backend("a", 50, "i", 1), backend("a", 60, "j", 2)),
                order("a", 10, Order.Action.DRAIN, "i"));
        assertThat(draining(book, backend("a", 5, "i", 1))).isTrue();
        assertThat(draining(book, backend("a", 50, "i", 1))).isTrue();
        assertThat(draining(book, backend("a", 60, "j", 2))).isFalse();
    }

    @Test
    void anOrderForNobodyInParticularIsForWhatIsOlder() {
        OrderBook book = book(List.of(backend("a", 5, "i", 1)), order("a", 10, Order.Action.DRAIN, ""));
        assertThat(draining(book, backend("a", 9, "", 1))).isTrue();
        assertThat(draining(book, backend("a", 11, "", 1))).isFalse();
    }

    @Test
    void itTellsWhereTheProcessIs() {
        assertThat(whereabouts(backend("a", 5, "i", 1))).isEqualTo(Whereabouts.HERE);
        assertThat(whereabouts(backend("a", 5, "j", 1))).isEqualTo(Whereabouts.RESTARTED);
        assertThat(whereabouts(backend("b", 5, "i", 1))).isEqualTo(Whereabouts.ABSENT);
    }

    @Test
    void twoThatAreToReplaceEachOtherBothStay() {
        OrderBook book = book(
                List.of(backend("a", 1, "", 1), backend("b", 2, "", 2)),
                order("a", 10, Order.Action.DRAIN, "", "b"),
                order("b", 11, Order.Action.DRAIN, "", "a"));
        assertThat(book.instructions()).extracting(Instruction::inForce).containsExactly(false, false);
        assertThat(book.instructions().get(0).obstacle()).isEqualTo("b is ordered out itself");
    }

    @Test
    void severalMayBeReplacedByTheSameOnesAtOnce() {
        OrderBook book = book(
                List.of(backend("a", 1, "", 1), backend("b", 2, "", 2), backend("c", 3, "", 3)),
                order("a", 10, Order.Action.DRAIN, "", "c"),
                order("b", 11, Order.Action.DRAIN, "", "c"));
        assertThat(book.instructions()).extracting(Instruction::inForce).containsExactly(true, true);
    }

    @Test
    void whatIsSettledHoldsThoughTheSuccessorIsLost() {
        OrderNode order = order("a", 10, Order.Action.DRAIN, "", "b");
        Map<String, List<Backend>> services = Map.of(SHOP, List.of(backend("a", 1, "", 1)));
        Orders orders = Orders.of(List.of(order));
        assertThat(OrderBook.of(orders, services, Set.of())
                        .instructions()
                        .get(0)
                        .inForce())
                .isFalse();
        assertThat(OrderBook.of(orders, services, Set.of(order.key()))
                        .instructions()
                        .get(0)
                        .inForce())
                .isTrue();
    }

    @Test
    void aPreparationTakesNobodyOut() {
        OrderBook book = book(List.of(backend("a", 1, "", 1)), order("a", 10, Order.Action.PREPARE, ""));
        assertThat(draining(book, backend("a", 1, "", 1))).isFalse();
    }

    @Test
    void addressesInOrdersAreReadInEitherForm() {
        assertThat(Target.parse("10.0.0.5:8080")).contains(new Target("10.0.0.5", 8080));
        assertThat(Target.parse("[2001:db8::1]:80")).contains(new Target("[2001:db8::1]", 80));
        assertThat(Target.parse("2001:db8::1:80")).contains(new Target("[2001:db8::1]", 80));
        assertThat(Target.parse("host:80")).isEmpty();
        assertThat(Target.parse("10.0.0.5:70000")).isEmpty();
        assertThat(Target.parse("")).isEmpty();
    }

    private static Whereabouts whereabouts(Backend there) {
        return book(List.of(there), order("a", 10, Order.Action.DRAIN, "i"))
                .instructions()
                .get(0)
                .whereabouts();
    }

    private static OrderBook book(List<Backend> backends, OrderNode... orders) {
        return OrderBook.of(Orders.of(Arrays.asList(orders)), Map.of(SHOP, backends), Set.of());
    }

    private static boolean draining(OrderBook book, Backend backend) {
        return book.obeyed(SHOP, List.of(backend)).get(0).standing() instanceof Standing.Draining;
    }

    private static OrderNode order(String id, long zxid, Order.Action action, String incarnation, String... to) {
        List<Order.Successor> successors = Arrays.stream(to)
                .map(successor -> new Order.Successor(successor, ""))
                .toList();
        Order order = new Order(action, incarnation, "", successors, "", "", Order.DEFAULT_DEADLINE);
        return new OrderNode(SHOP, id, new OrderNode.Key(zxid, zxid), 0, new OrderNode.Content.Valid(order));
    }

    private static Backend backend(String id, long czxid, String incarnation, int host) {
        Instance instance = new Instance(
                SHOP, id, "10.0.0." + host, 8080, "http", "", State.UP, 1, incarnation, "", "", 0, Map.of());
        return new Backend(
                "/s/" + id + "~" + czxid,
                id,
                czxid,
                Optional.of(instance),
                new Standing.Routable(new Target("10.0.0." + host, 8080), 1));
    }
}
