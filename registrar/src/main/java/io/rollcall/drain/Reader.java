package io.rollcall.drain;

import io.rollcall.drain.Calls.Found;
import io.rollcall.drain.Reading.Standing;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Reads the registry on one session.
 *
 * <p>Why a reading that shows all agents quiet can be believed: an agent writes its znode before it reads the orders, and publishes
 * only after it has read them. We read the order before we list the agents, on one session, whose answers never go back in time: so
 * the list is at least as new as the order. Hence an agent that is not in the list wrote its znode after the order was there, reads
 * the order before it publishes anything, and never routes to the backend. One that is in the list is waited for.
 */
final class Reader {
    private final Calls calls;
    private final Paths paths;

    Reader(Calls calls, Paths paths) {
        this.calls = calls;
        this.paths = paths;
    }

    Reading read(String service, String backend, List<Order.Successor> to) throws IOException {
        try {
            Optional<Standing> order = order(service, backend); // before the agents, see above
            Map<String, KnownAgent> agents = agents();
            Set<String> successors = to.stream().map(Order.Successor::id).collect(Collectors.toSet());
            Map<String, Member> members = members(service, id -> id.equals(backend) || successors.contains(id));
            return new Reading(order, agents, acks(service, backend), members, drained(service, successors, members));
        } catch (KeeperException e) {
            throw failed(e);
        }
    }

    /** Refused by ZooKeeper, for good as a rule: {@code NOAUTH} most of all. */
    static IOException failed(KeeperException e) {
        return new IOException("ZooKeeper: " + e.code() + " at " + e.getPath(), e);
    }

    Optional<Standing> order(String service, String backend) throws IOException, KeeperException {
        String path = paths.order(service, backend);
        CompletableFuture<Optional<Stat>> watched = calls.exists(path);
        Optional<Found> found = Calls.get(calls.data(path));
        Calls.get(watched);
        return found.flatMap(Reader::standing);
    }

    private static Optional<Standing> standing(Found found) {
        try {
            Stat stat = found.stat();
            return Optional.of(
                    new Standing(OrderCodec.decode(found.data()), stat.getCzxid(), stat.getMzxid(), stat.getVersion()));
        } catch (MalformedNodeException e) {
            return Optional.empty(); // nobody obeys it
        }
    }

    /** All orders of a service, by backend; of one that cannot be read there is none. */
    Map<String, Standing> orders(String service) throws IOException, KeeperException {
        Map<String, CompletableFuture<Optional<Found>>> asked = new LinkedHashMap<>();
        for (String id : Calls.get(calls.children(paths.orders(service)))) {
            asked.put(id, calls.data(paths.order(service, id)));
        }
        Map<String, Standing> orders = new TreeMap<>();
        for (var each : asked.entrySet()) {
            Calls.get(each.getValue())
                    .flatMap(Reader::standing)
                    .ifPresent(standing -> orders.put(each.getKey(), standing));
        }
        return orders;
    }

    List<String> orderedServices() throws IOException, KeeperException {
        return Calls.get(calls.children(paths.orders())).stream().sorted().toList();
    }

    /** Services by the form in which names are compared, with the ways in which they are written. */
    Map<String, Set<String>> services() throws IOException, KeeperException {
        Map<String, Set<String>> services = new TreeMap<>();
        for (String written : Calls.get(calls.children(paths.services()))) {
            services.computeIfAbsent(Names.compared(written), name -> new HashSet<>())
                    .add(written);
        }
        return services;
    }

    /** The youngest node of each id that {@code wanted} tells; nodes that cannot be read are nobody's. */
    Map<String, Member> members(String service, Predicate<String> wanted) throws IOException, KeeperException {
        Map<String, Member> members = new HashMap<>();
        for (String written : services().getOrDefault(service, Set.of())) {
            Map<String, CompletableFuture<Optional<Found>>> asked = new HashMap<>();
            for (String node : Calls.get(calls.children(paths.service(written)))) {
                if (wanted.test(Paths.idOf(node))) {
                    asked.put(node, calls.data(paths.node(written, node)));
                }
            }
            for (var each : asked.entrySet()) {
                Calls.get(each.getValue())
                        .flatMap(found -> member(written, each.getKey(), found))
                        .ifPresent(member -> members.merge(member.id(), member, Reader::younger));
            }
        }
        return members;
    }

    private static Optional<Member> member(String service, String node, Found found) {
        try {
            Instance instance = InstanceCodec.decode(service, node, found.data());
            return Optional.of(new Member(instance, found.stat().getCzxid()));
        } catch (MalformedNodeException e) {
            return Optional.empty();
        }
    }

    private static Member younger(Member one, Member other) {
        return one.czxid() >= other.czxid() ? one : other;
    }

    private Set<String> drained(String service, Set<String> ids, Map<String, Member> members)
            throws IOException, KeeperException {
        Set<String> drained = new HashSet<>();
        for (String id : ids) {
            Member member = members.get(id);
            if (member != null
                    && order(service, id)
                            .filter(order -> takesOut(order, member))
                            .isPresent()) {
                drained.add(id);
            }
        }
        return drained;
    }

    static boolean takesOut(Standing order, Member member) {
        return order.order().action() == Order.Action.DRAIN && Goal.isAbout(order.order(), order.czxid(), member);
    }

    private Map<String, Ack> acks(String service, String backend) throws IOException, KeeperException {
        String path = paths.order(service, backend);
        Map<String, CompletableFuture<Optional<Found>>> asked = new HashMap<>();
        for (String name : Calls.get(calls.children(path))) {
            asked.put(name, calls.data(path + "/" + name));
        }
        Map<String, Ack> acks = new HashMap<>();
        for (var each : asked.entrySet()) {
            Calls.get(each.getValue())
                    .flatMap(found -> ack(found.data()))
                    .ifPresent(ack -> acks.put(each.getKey(), ack));
        }
        return acks;
    }

    private static Optional<Ack> ack(byte[] data) {
        try {
            return Optional.of(AckCodec.decode(data));
        } catch (MalformedNodeException e) {
            return Optional.empty(); // as if it had said nothing
        }
    }

    Map<String, KnownAgent> agents() throws IOException, KeeperException {
        record Asked(CompletableFuture<Optional<Found>> agent, CompletableFuture<Optional<Stat>> live) {}
        Map<String, Asked> asked = new LinkedHashMap<>();
        for (String id : Calls.get(calls.children(paths.agents()))) {
            asked.put(id, new Asked(calls.data(paths.agent(id)), calls.exists(paths.agentLive(id))));
        }
        Map<String, KnownAgent> agents = new TreeMap<>();
        for (var each : asked.entrySet()) {
            String id = each.getKey();
            boolean connected = Calls.get(each.getValue().live()).isPresent();
            Calls.get(each.getValue().agent())
                    .ifPresent(found -> agents.put(
                            id,
                            new KnownAgent(
                                    id,
                                    Names.host(new String(found.data(), StandardCharsets.UTF_8)),
                                    connected,
                                    Instant.ofEpochMilli(found.stat().getMtime()))));
        }
        return agents;
    }
}
