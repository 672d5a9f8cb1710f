package io.rollcall.bench.scenario;

import io.rollcall.bench.Names;
import io.rollcall.bench.contender.Backends;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Setting;
import io.rollcall.deploy.stage.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rollcall with as many backends as names, each at an address of its own, which the agent probes, too. For what the agent does by
 * itself; under load nearly all of so many backends would be asked over the generic worker, which measures connections.
 */
public final class OneToOne implements AutoCloseable {
    private final Names names;
    private final Registry registry;
    private final Map<Contender, Server> servers = new LinkedHashMap<>();

    private OneToOne(Names names, Registry registry) {
        this.names = names;
        this.registry = registry;
    }

    static OneToOne start(Place place, Backends backends, int size, Plan plan) throws Exception {
        Names names = new Names(size, backends.others(size));
        OneToOne all = new OneToOne(names, Registry.start(place, Arena.homes(names)));
        try {
            for (Contender contender : plan.contenders()) {
                if (contender.isRollcall() && !contender.name().endsWith("-generic") && size <= contender.mostNames()) {
                    Setting setting = new Setting(place, names, Optional.of(all.registry));
                    all.servers.put(contender, contender.start(setting));
                }
            }
            return all;
        } catch (Exception e) {
            all.close();
            throw e;
        }
    }

    Names names() {
        return names;
    }

    Registry registry() {
        return registry;
    }

    /** Of those of Rollcall's contenders with declared workers. */
    Map<Contender, Server> servers() {
        return servers;
    }

    @Override
    public void close() {
        servers.values().forEach(Server::close);
        registry.close();
    }
}
