package io.rollcall.drain;

import io.rollcall.drain.Event.Kind;
import io.rollcall.drain.Reading.Standing;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches services and tells what happens in them. Only those are read again in which something did. */
final class Lookout implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lookout.class);
    private static final String ALL = "";

    private final Engine engine;
    private final String only;
    private final Consumer<Event> listener;
    private final Set<String> touched = ConcurrentHashMap.newKeySet(); // by ZooKeeper's thread; taken by the engine's
    private final Map<String, Scene> scenes = new HashMap<>(); // engine's thread only, as all below
    private boolean begun;
    private boolean blind;

    /** @param only the service, in its compared form; empty for all */
    Lookout(Engine engine, String only, Consumer<Event> listener) {
        this.engine = engine;
        this.only = only;
        this.listener = listener;
        touched.add(ALL);
    }

    /** Something happened at {@code path}; empty: anything may have happened. Returns whether that is of interest. */
    boolean touch(String path) {
        String service = engine.serviceAt(path);
        if (path.startsWith(engine.paths().agents())) {
            return false;
        }
        if (!service.equals(ALL) && !wanted(service)) {
            return false;
        }
        touched.add(service);
        return true;
    }

    boolean isBehind() {
        return !touched.isEmpty();
    }

    /** Reads what was touched. Engine's thread only. */
    void look() {
        Set<String> due = new HashSet<>(touched);
        if (due.isEmpty()) {
            return;
        }
        touched.removeAll(due);
        boolean seen = false;
        try {
            Map<String, Scene> read = engine.once(calls -> read(engine.reader(calls), due));
            if (blind) {
                blind = false;
                tell(Event.ofConnection(Kind.CONNECTED));
            }
            new TreeMap<>(read).forEach(this::show);
            begun = true;
            seen = true;
        } catch (IOException e) {
            if (!blind && begun) {
                tell(Event.ofConnection(Kind.DISCONNECTED));
            }
            blind = begun;
            log.debug("the registry cannot be read", e);
        } finally {
            if (!seen) {
                touched.add(ALL);
            }
        }
    }

    private void show(String service, Scene now) {
        Scene before = scenes.getOrDefault(service, Scene.EMPTY);
        Scene.changes(service, before, now, !begun).forEach(this::tell);
        scenes.put(service, now);
    }

    private Map<String, Scene> read(Reader reader, Set<String> due) throws IOException {
        try {
            Set<String> services = new TreeSet<>(reader.services().keySet());
            services.addAll(reader.orderedServices());
            services.addAll(scenes.keySet());
            Map<String, Scene> read = new HashMap<>();
            for (String service : services) {
                boolean unread = due.contains(ALL) || due.contains(service) || !scenes.containsKey(service);
                if (unread && wanted(service)) {
                    read.put(service, scene(reader, service));
                }
            }
            return read;
        } catch (KeeperException e) {
            throw Reader.failed(e);
        }
    }

    private static Scene scene(Reader reader, String service) throws IOException, KeeperException {
        Map<String, Member> members = reader.members(service, id -> true);
        Map<String, Progress> orders = new HashMap<>();
        for (Map.Entry<String, Standing> each : reader.orders(service).entrySet()) {
            Standing order = each.getValue();
            Goal goal = new Goal(service, each.getKey(), order.order(), order.czxid(), false);
            orders.put(each.getKey(), Judge.judge(goal, reader.read(service, goal.backend(), goal.to())));
        }
        return new Scene(members, orders);
    }

    private boolean wanted(String service) {
        return only.isEmpty() || only.equals(service);
    }

    private void tell(Event event) {
        listener.accept(event.at(Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    }

    @Override
    public void close() {
        engine.forget(this);
    }
}
