package io.rollcall.bench.scenario;

import io.rollcall.bench.Names;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Hosts;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Setting;
import io.rollcall.bench.load.Fleet;
import io.rollcall.bench.load.Wrk;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.Place;
import io.rollcall.registrar.Backend;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change every 10 ms under full load, by which servers really end: whether a request is lost. All addresses were declared when httpd
 * was last reloaded, and are used again, so that httpd has kept connections to servers that have ended. And the same with servers that
 * do not linger, which loses some: so it is seen that losses are noticed.
 */
public final class Departures implements Scenario {
    public static final String NAME = "churn";
    public static final int CHANGES = 100;

    /** What the figures begin with of servers that do not linger. */
    public static final String AT_ONCE = "at once: ";

    public static final int SIZE = 1_000;
    private static final int ADDRESSES = 300; // as many as Rollcall declares
    public static final List<String> CONTENDERS =
            List.of("rollcall-maps", "rollcall-maps-generic", "rollcall-resolver");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "requests that are lost while a name moves every 10 ms and the servers that were left end";
    }

    @Override
    public double seconds(Plan plan, int size) {
        long all = plan.contenders().stream().filter(Departures::takesPart).count();
        return size == SIZE && all > 0 ? 10 + all * seconds(plan) : 0;
    }

    private static double seconds(Plan plan) {
        return lingering(plan).plus(atOnce(plan)).toSeconds() + 4;
    }

    private static Duration lingering(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 5 : 20);
    }

    private static Duration atOnce(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 2 : 4);
    }

    private static boolean takesPart(Contender contender) {
        return CONTENDERS.contains(contender.name());
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        List<Contender> contenders =
                arena.plan().contenders().stream().filter(Departures::takesPart).toList();
        if (arena.names().count() != SIZE || contenders.isEmpty()) {
            return;
        }
        progress.step("churn: starting it", 10);
        Map<Contender, Server> servers = new LinkedHashMap<>();
        try (Hosts hosts = Hosts.at(ADDRESSES)) {
            Names names = new Names(SIZE, hosts.addresses());
            Fleet.begin(hosts, names);
            Place place = arena.place().inside(NAME);
            try (Registry registry = Registry.start(place, Arena.homes(names))) {
                for (Contender contender : contenders) {
                    servers.put(contender, contender.start(new Setting(place, names, Optional.of(registry))));
                }
                Fleet fleet = Fleet.of(hosts, registry.tree(), names, Backend.DEFAULT_LINGER);
                for (Map.Entry<Contender, Server> entry : servers.entrySet()) {
                    progress.step("churn: " + entry.getKey().name(), seconds(arena.plan()));
                    Turn turn = new Turn(arena, hosts, fleet, registry, entry.getValue(), results);
                    turn.take(lingering(arena.plan()), Backend.DEFAULT_LINGER, "");
                    turn.take(atOnce(arena.plan()), Duration.ZERO, AT_ONCE);
                }
            } finally {
                servers.values().forEach(Server::close);
            }
        }
    }

    /** Of one contender. */
    private record Turn(Arena arena, Hosts hosts, Fleet fleet, Registry registry, Server server, Results results) {
        void take(Duration time, Duration linger, String begin) throws InterruptedException {
            results.attempt(server.name() + ", servers that end", () -> {
                long said = server.said();
                long misdirected = hosts.misdirected();
                fleet.start(CHANGES, linger);
                Wrk.Result load;
                Fleet.Result moved;
                try {
                    load = arena.wrk().load(server.port(), SIZE, hosts.addresses(), true, time);
                } finally {
                    moved = fleet.stop();
                }
                long astray = hosts.misdirected() - misdirected;
                add(begin + "asked", load.answered());
                add(begin + "requests/s", load.perSecond());
                add(begin + "failed", Math.max(0, load.failed() - astray)); // what is astray is answered 421
                add(begin + "wrong", load.wrong() + astray);
                add(begin + "cut", load.cut());
                add(begin + "changes/s made", moved.perSecond());
                add(begin + "ended", moved.ended());
                add(begin + "behind", Routing.behind(server, registry.tree(), moved.names()));
                if (linger.toNanos() > 0 && load.lost() > 0) {
                    results.note("%s, servers that end: %d failed (%s), %d wrong, %d cut. Its error log: %s"
                            .formatted(
                                    server.name(),
                                    load.failed(),
                                    load.reasons(),
                                    load.wrong() + astray,
                                    load.cut(),
                                    server.saidSince(said)));
                }
            });
        }

        private void add(String metric, Number value) {
            results.add(arena.key(NAME, server.name(), CHANGES, metric), value.doubleValue());
        }
    }
}
