package io.rollcall.drain;

import io.rollcall.drain.Reading.Standing;
import io.rollcall.drain.RefusedException.Reason;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException;

/** What somebody asks for, before it is known which backends are there. */
record Wish(String service, List<String> from, List<String> to, boolean handover, Terms terms, String at) {
    Wish {
        from = List.copyOf(from);
        to = List.copyOf(to);
        if (from.isEmpty() || (handover && to.isEmpty())) {
            throw new IllegalArgumentException("backends: none (expected: at least one)");
        }
    }

    static Wish drain(String service, List<String> backends, Terms terms) {
        return new Wish(Names.compared(service), backends, List.of(), false, terms, now());
    }

    static Wish handover(String service, List<String> from, List<String> to, Terms terms) {
        return new Wish(Names.compared(service), from, to, true, terms, now());
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Gives an order to each backend, or to none. */
    List<Drain> give(Engine engine, Calls calls) throws IOException, RefusedException {
        Reader reader = engine.reader(calls);
        try {
            Map<String, Member> members = reader.members(service, id -> true);
            Map<String, Standing> orders = reader.orders(service);
            Map<String, Member> successors = pick(reader, members, to);
            for (Member successor : successors.values()) {
                requireTaking(successor, orders);
            }
            if (from.size() == 1 && !members.containsKey(from.get(0)) && orders.containsKey(from.get(0))) {
                return List.of(resume(engine, from.get(0), orders.get(from.get(0)), successors));
            }
            Map<String, Member> drained = pick(reader, members, from);
            requireSound(members, drained, successors, orders);
            return give(engine, engine.desk(calls), drained, successors);
        } catch (KeeperException e) {
            throw Reader.failed(e);
        }
    }

    private List<Drain> give(Engine engine, OrderDesk desk, Map<String, Member> drained, Map<String, Member> successors)
            throws IOException, RefusedException {
        List<Drain> drains = new ArrayList<>();
        try {
            for (Member member : drained.values()) {
                Order order = order(member, successors);
                OrderDesk.Given given = desk.give(service, member, order);
                Standing standing = given.standing();
                Goal goal = new Goal(service, member.id(), standing.order(), standing.czxid(), false);
                drains.add(new Drain(engine, goal, given.adopted(), member.target()));
            }
        } catch (RefusedException e) {
            for (Drain drain : drains) {
                if (!drain.adopted()) {
                    desk.remove(service, drain.backend(), drain.czxid(), -1);
                }
            }
            throw e;
        }
        return drains;
    }

    /** The backend is not registered any more, but its order stands and its agents know its address. */
    private Drain resume(Engine engine, String id, Standing standing, Map<String, Member> successors)
            throws RefusedException {
        Order order = standing.order();
        List<String> wanted = List.copyOf(successors.keySet());
        if (!OrderDesk.ids(order.to()).equals(wanted)) {
            throw OrderDesk.other(id, order);
        }
        return new Drain(engine, new Goal(service, id, order, standing.czxid(), false), true, order.target());
    }

    private Order order(Member member, Map<String, Member> successors) throws RefusedException {
        String incarnation = member.instance().incarnation();
        if (!terms.incarnation().isEmpty() && !terms.incarnation().equals(incarnation)) {
            throw new RefusedException(
                    Reason.CONFLICT,
                    member.id() + " is another process: incarnation '" + incarnation + "' (expected: '"
                            + terms.incarnation() + "')");
        }
        List<Order.Successor> taking = successors.values().stream()
                .map(successor ->
                        new Order.Successor(successor.id(), successor.instance().incarnation()))
                .toList();
        Order.Action action = handover ? Order.Action.PREPARE : Order.Action.DRAIN;
        return new Order(action, incarnation, member.target(), taking, terms.by(), at, terms.deadline());
    }

    private Map<String, Member> pick(Reader reader, Map<String, Member> members, List<String> texts)
            throws IOException, KeeperException, RefusedException {
        Map<String, Member> picked = new TreeMap<>();
        for (String text : texts) {
            Selection selection = new Selection(text);
            List<Member> found = members.values().stream()
                    .filter(selection)
                    .filter(member -> selection.single() || member.instance().state() != State.LEFT)
                    .toList();
            if (found.isEmpty()) {
                throw unknown(reader, service, members, text);
            }
            found.forEach(member -> picked.put(member.id(), member));
        }
        return picked;
    }

    static RefusedException unknown(Reader reader, String service, Map<String, Member> members, String backend)
            throws IOException, KeeperException {
        return new RefusedException(
                Reason.UNKNOWN,
                members.isEmpty()
                        ? "no backend of a service '" + service + "' is registered: "
                                + Names.nearest(service, reader.services().keySet())
                        : service + " has no backend '" + backend + "': " + Names.nearest(backend, members.keySet()));
    }

    private static void requireTaking(Member successor, Map<String, Standing> orders) throws RefusedException {
        Standing order = orders.get(successor.id());
        if (!successor.routable()) {
            String state = successor.instance().weight() == 0
                    ? "has weight 0"
                    : "is " + successor.instance().state().word();
            throw new RefusedException(Reason.CONFLICT, successor.id() + " " + state + ": it cannot take over");
        }
        if (order != null && Reader.takesOut(order, successor)) {
            throw new RefusedException(
                    Reason.CONFLICT,
                    successor.id() + " cannot take over, as it is under an order itself: "
                            + OrderDesk.describe(order.order()));
        }
    }

    private void requireSound(
            Map<String, Member> members,
            Map<String, Member> drained,
            Map<String, Member> successors,
            Map<String, Standing> orders)
            throws RefusedException {
        for (String id : drained.keySet()) {
            if (successors.containsKey(id)) {
                throw new RefusedException(Reason.CONFLICT, id + " cannot take over from itself");
            }
        }
        List<String> taking = members.values().stream()
                .filter(Member::routable)
                .filter(member -> !orders.containsKey(member.id()) || !Reader.takesOut(orders.get(member.id()), member))
                .map(Member::id)
                .toList();
        boolean someTake = taking.stream().anyMatch(drained::containsKey);
        if (!handover && !terms.force() && someTake && drained.keySet().containsAll(taking)) {
            throw new RefusedException(
                    Reason.LAST,
                    "nobody else takes requests for " + service + " but " + String.join(", ", taking)
                            + "; hand over to another one, or force it");
        }
    }
}
