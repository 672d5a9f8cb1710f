package io.rollcall.bench.scenario;

import io.rollcall.bench.Names;
import io.rollcall.bench.contender.Backends;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Setting;
import io.rollcall.bench.load.Asker;
import io.rollcall.bench.load.Wrk;
import io.rollcall.bench.report.Results;
import io.rollcall.bench.report.Results.Subject;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All contenders at one number of names, started and warm, side by side; idle until one of them is asked. */
public final class Arena implements AutoCloseable {
    /** One name is asked where there are only so many. */
    public static final int FEW = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Plan plan;
    private final Place place;
    private final Backends backends;
    private final Names names;
    private final Optional<Registry> registry;
    private final Optional<Registry> amongMany;
    private final Wrk wrk;
    private final Quiet quiet = new Quiet();
    private final Map<Contender, Server> servers = new LinkedHashMap<>();
    private Optional<OneToOne> oneToOne = Optional.empty();

    private Arena(
            Plan plan,
            Place place,
            Backends backends,
            Names names,
            Optional<Registry> registry,
            Optional<Registry> amongMany)
            throws IOException {
        this.plan = plan;
        this.place = place;
        this.backends = backends;
        this.names = names;
        this.registry = registry;
        this.amongMany = amongMany;
        this.wrk = new Wrk(place.directory());
    }

    public static Arena open(Plan plan, Place place, int size, Results results) throws Exception {
        Backends backends = Backends.start(place, Math.min(size, Names.MOST_BACKENDS));
        try {
            Names names = new Names(size, backends.addresses());
            Optional<Registry> registry = Optional.empty();
            if (plan.contenders().stream().anyMatch(Contender::isRollcall)) {
                registry = Optional.of(Registry.start(place, homes(names)));
            }
            Optional<Registry> amongMany = Optional.empty();
            if (plan.contenders().stream().anyMatch(one -> one.isAmongMany() && size <= one.mostNames())) {
                amongMany = Optional.of(Registry.amongMany(place.inside("among-many"), homes(names)));
            }
            Arena arena = new Arena(plan, place, backends, names, registry, amongMany);
            for (Contender contender : plan.contenders()) {
                arena.admit(contender, results);
            }
            return arena;
        } catch (Exception e) {
            backends.close();
            throw e;
        }
    }

    /** Starts a contender and warms it; one that does not come up is left out, and the report says so. */
    private void admit(Contender contender, Results results) throws InterruptedException {
        if (names.count() > contender.mostNames()) {
            results.note("%s is not measured at %,d names (its limit here: %,d)"
                    .formatted(contender.name(), names.count(), contender.mostNames()));
            return;
        }
        try {
            long begin = System.nanoTime();
            Server server = contender.start(new Setting(place, names, registry(contender)));
            servers.put(contender, server);
            if (!Waiting.until(
                    PATIENCE, () -> Asker.once(server.port(), names.name(0)).isPresent())) {
                throw new IOException("no good answer within " + PATIENCE.toSeconds() + " s");
            }
            results.add(key("start", contender.name(), 0, "start s"), (System.nanoTime() - begin) / 1e9);
            warm(server);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            results.note(
                    "%s does not work with %,d names: %s".formatted(contender.name(), names.count(), e.getMessage()));
            Server failed = servers.remove(contender);
            if (failed != null) {
                failed.close();
            }
        }
    }

    void warm(Server server) throws IOException, InterruptedException {
        wrk.load(server.port(), asked(), names.addresses(), anywhere(server), Duration.ofSeconds(1));
    }

    static Map<String, String> homes(Names names) {
        Map<String, String> homes = new TreeMap<>();
        for (int i = 0; i < names.count(); i++) {
            homes.put(names.name(i), names.home(i));
        }
        return homes;
    }

    public Plan plan() {
        return plan;
    }

    public Place place() {
        return place;
    }

    public Backends backends() {
        return backends;
    }

    public Names names() {
        return names;
    }

    /** How many of the names are asked for, at random. */
    public int asked() {
        return names.count() <= FEW ? 1 : names.count();
    }

    public Optional<Registry> registry() {
        return registry;
    }

    /** The one that this contender follows. */
    Optional<Registry> registry(Contender contender) {
        return contender.isAmongMany() ? amongMany : registry;
    }

    /** Rollcall with an address for each name, if there are more names than backends here; started when first asked for. */
    public Optional<OneToOne> oneToOne() throws Exception {
        if (oneToOne.isEmpty() && registry.isPresent() && names.count() > Names.MOST_BACKENDS) {
            oneToOne = Optional.of(OneToOne.start(place.inside("one-to-one"), backends, names.count(), plan));
        }
        return oneToOne;
    }

    Quiet quiet() {
        return quiet;
    }

    public Wrk wrk() {
        return wrk;
    }

    /** Those that take part, in the order of the report. */
    public Map<Contender, Server> servers() {
        return servers;
    }

    /** Whether the server does not look at names, so that any backend may answer. */
    public static boolean anywhere(Server server) {
        return server.routes().isEmpty();
    }

    public Subject key(String scenario, String contender, int changes, String metric) {
        return new Subject(scenario, contender, names.count(), changes, metric);
    }

    @Override
    public void close() throws IOException {
        for (Map.Entry<Contender, Server> entry : servers.entrySet()) {
            if (!entry.getKey().isRollcall() && entry.getValue().routes().isPresent()) {
                entry.getValue().routes().get().close();
            }
            entry.getValue().close();
        }
        oneToOne.ifPresent(OneToOne::close);
        amongMany.ifPresent(Registry::close);
        registry.ifPresent(Registry::close);
        backends.close();
    }
}
