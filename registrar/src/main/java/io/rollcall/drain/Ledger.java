package io.rollcall.drain;

import io.rollcall.drain.Reading.Standing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;

/** The orders and agents that are there: shown, and taken away. */
final class Ledger {
    private final Engine engine;

    Ledger(Engine engine) {
        this.engine = engine;
    }

    List<String> undrain(String service, String backend) throws RefusedException, IOException {
        String name = Names.compared(service);
        return engine.withCalls(calls -> {
            try {
                Reader reader = engine.reader(calls);
                Map<String, Member> members = reader.members(name, id -> true);
                Map<String, Standing> orders = reader.orders(name);
                Selection selection = new Selection(backend);
                TreeSet<String> meant = new TreeSet<>();
                orders.forEach((id, order) -> {
                    Member member = members.get(id);
                    if (id.equals(backend)
                            || order.order().target().equals(backend)
                            || (member != null && selection.test(member))) {
                        meant.add(id);
                    }
                });
                if (meant.isEmpty() && members.values().stream().noneMatch(selection)) {
                    throw Wish.unknown(reader, name, members, backend);
                }
                return remove(calls, name, meant);
            } catch (KeeperException e) {
                throw Reader.failed(e);
            }
        });
    }

    List<String> cancel(String service) throws RefusedException, IOException {
        String name = Names.compared(service);
        return engine.withCalls(calls -> {
            try {
                Reader reader = engine.reader(calls);
                TreeSet<String> ordered = new TreeSet<>(reader.orders(name).keySet());
                if (ordered.isEmpty() && !reader.services().containsKey(name)) {
                    throw Wish.unknown(reader, name, Map.of(), "");
                }
                return remove(calls, name, ordered);
            } catch (KeeperException e) {
                throw Reader.failed(e);
            }
        });
    }

    private List<String> remove(Calls calls, String service, Iterable<String> backends) throws IOException {
        List<String> removed = new ArrayList<>();
        for (String backend : backends) {
            if (engine.desk(calls).remove(service, backend, 0, -1)) {
                removed.add(backend);
            }
        }
        return removed;
    }

    List<Progress> list(Predicate<String> services) throws IOException {
        return engine.withCalls(calls -> {
            List<Progress> all = new ArrayList<>();
            Reader reader = engine.reader(calls);
            try {
                for (String service :
                        reader.orderedServices().stream().filter(services).toList()) {
                    for (Map.Entry<String, Standing> each :
                            reader.orders(service).entrySet()) {
                        Standing standing = each.getValue();
                        Goal goal = new Goal(service, each.getKey(), standing.order(), standing.czxid(), false);
                        all.add(Judge.judge(goal, reader.read(service, goal.backend(), goal.to())));
                    }
                }
            } catch (KeeperException e) {
                throw Reader.failed(e);
            }
            return all;
        });
    }

    List<KnownAgent> agents() throws IOException {
        return engine.withCalls(calls -> {
            try {
                return List.copyOf(engine.reader(calls).agents().values());
            } catch (KeeperException e) {
                throw Reader.failed(e);
            }
        });
    }

    void forget(String agent) throws RefusedException, IOException {
        engine.<Boolean, RefusedException>withCalls(calls -> {
            try {
                Map<String, KnownAgent> agents = engine.reader(calls).agents();
                if (!agents.containsKey(agent)) {
                    throw new RefusedException(
                            RefusedException.Reason.UNKNOWN,
                            "no agent '" + agent + "' is known: " + Names.nearest(agent, agents.keySet()));
                }
                // Refused by ZooKeeper if the agent is connected: it has a child then, also if it has come this moment.
                calls.together(List.of(Op.delete(engine.paths().agent(agent), -1)));
                return true;
            } catch (KeeperException.NotEmptyException e) {
                throw new RefusedException(
                        RefusedException.Reason.CONFLICT,
                        agent + " is connected: it is routing, or may be; stop it first");
            } catch (KeeperException e) {
                throw Reader.failed(e);
            }
        });
    }
}
