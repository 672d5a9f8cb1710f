package io.rollcall.agent.config;

import io.rollcall.agent.health.Settings;
import io.rollcall.agent.view.AddressPolicy;
import io.rollcall.registry.Paths;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the agent was told to do; checked as a whole before anything starts.
 *
 * @param zookeeper connect string, {@code host:port[,host:port...][/chroot]}
 * @param publishNames services whose whole name matches answer to {@code Host:}
 * @param publishEvery least time between two publications of a changed view
 * @param workersMax backends that get a declared worker in httpd
 * @param workersTtl how long httpd keeps a connection to one of them that it does not use; in whole seconds
 * @param reload has httpd read what it declares, if that is wanted
 * @param drain when a drained backend is quiet
 * @param health which backends are fit
 * @param httpdLogs the request logs and error logs of httpd, which tell of every request; empty if httpd does not log them so
 * @param embedded the ZooKeeper inside the agent, if it is wanted
 */
public record AgentConfig(
        String zookeeper,
        Paths paths,
        Duration sessionTimeout,
        Path mapsDir,
        Path stateDir,
        Path socket,
        Pattern publishNames,
        Duration publishEvery,
        AddressPolicy addresses,
        Duration forgetAfter,
        Duration reconcileEvery,
        Duration touchEvery,
        int workersMax,
        Duration workersTtl,
        Optional<Reload> reload,
        Drain drain,
        Settings health,
        List<Path> httpdLogs,
        Optional<Embedded> embedded) {

    /**
     * When a drained backend is quiet.
     *
     * @param httpdUser whose connections count
     * @param grace how long there has to be none, after it was taken out
     */
    public record Drain(HttpdUser httpdUser, Duration grace) {}

    public AgentConfig {
        httpdLogs = List.copyOf(httpdLogs);
    }

    /**
     * How httpd is told to read its configuration again.
     *
     * @param command for the shell
     * @param every least time between two
     */
    public record Reload(String command, Duration every) {}

    /** Where the embedded ZooKeeper listens and keeps its data. */
    public record Embedded(String bind, int port, Path dir) {}

    public static AgentConfig defaults(boolean embedded) throws ConfigException {
        return of(ConfigFile.empty(), embedded);
    }

    public static AgentConfig read(Path file, boolean embedded) throws ConfigException {
        return of(ConfigFile.read(file), embedded);
    }

    private static AgentConfig of(ConfigFile file, boolean embeddedByFlag) throws ConfigException {
        boolean inside = embeddedByFlag || file.get(Setting.EMBEDDED, Values::yes);
        if (inside) {
            file.mustNotBeSet(Setting.ZOOKEEPER, "for the embedded ZooKeeper is the one that is used");
        }
        Embedded embedded = new Embedded(
                file.get(Setting.EMBEDDED_BIND, Values::host),
                file.get(Setting.EMBEDDED_PORT, text -> Values.integer(text, 1, 65535)),
                file.get(Setting.EMBEDDED_DIR, Values::absolute));
        return new AgentConfig(
                inside ? clientAddress(embedded) : file.get(Setting.ZOOKEEPER, Values::connectString),
                file.get(Setting.ROOT, Paths::new),
                file.get(
                        Setting.SESSION_TIMEOUT,
                        text -> Values.durationWithin(text, Duration.ofSeconds(1), Duration.ofHours(1))),
                file.get(Setting.MAPS_DIR, Values::absolute),
                file.get(Setting.STATE_DIR, Values::absolute),
                file.get(Setting.SOCKET, Values::absolute),
                file.get(Setting.PUBLISH_NAMES, Values::pattern),
                file.get(Setting.PUBLISH_EVERY, Values::duration),
                AddressPolicy.of(
                        file.get(Setting.ALLOW_NETWORKS, AddressPolicy::networks),
                        file.get(Setting.ALLOW_PORTS, AddressPolicy::ports)),
                file.get(Setting.FORGET_AFTER, Values::duration),
                file.get(Setting.RECONCILE_EVERY, text -> Values.durationFrom(text, Duration.ofSeconds(1))),
                file.get(Setting.TOUCH_EVERY, text -> Values.durationFrom(text, Duration.ofSeconds(1))),
                file.get(Setting.WORKERS_MAX, text -> Values.integer(text, 0, 10_000)),
                file.get(Setting.WORKERS_TTL, Values::wholeSeconds),
                reload(
                        file.get(Setting.RELOAD_COMMAND, Values::command),
                        file.get(Setting.RELOAD_EVERY, text -> Values.durationFrom(text, Duration.ofSeconds(1)))),
                new Drain(
                        file.get(Setting.HTTPD_USER, HttpdUser::parse),
                        file.get(
                                Setting.DRAIN_GRACE,
                                text -> Values.durationWithin(text, Duration.ofMillis(100), Duration.ofHours(1)))),
                HealthValues.of(file),
                file.get(Setting.HTTPD_LOGS, Values::files),
                inside ? Optional.of(embedded) : Optional.empty());
    }

    private static Optional<Reload> reload(Optional<String> command, Duration every) {
        return command.map(words -> new Reload(words, every));
    }

    /** The embedded server is reached where it listens; on all addresses means on loopback too. */
    private static String clientAddress(Embedded embedded) {
        boolean everywhere =
                embedded.bind().equals("0.0.0.0") || embedded.bind().equals("::");
        String host = everywhere ? "127.0.0.1" : embedded.bind();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + embedded.port();
    }
}
