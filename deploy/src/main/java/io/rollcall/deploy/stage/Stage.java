package io.rollcall.deploy.stage;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.HttpdBuilder;
import io.rollcall.apache.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** An agent, an httpd that follows its maps, and backends. Ends all of it when closed, and when this process is asked to end. */
public final class Stage implements AutoCloseable {
    /** A child that httpd has too many of ends with the kept-alive connections that it holds, and load takes that for a failure. */
    private static final String AS_MANY_CHILDREN_AS_EVER =
            "StartServers 4\nMaxRequestWorkers 100\nMinSpareThreads 25\nMaxSpareThreads 100\n";

    /** The ways for httpd to look a backend up. */
    public enum Lookup {
        TEXT("Rollcall"),
        /** The same rules among so many other names that the agent has a hashed map. */
        HASHED("Rollcall"),
        RESOLVER("RollcallResolver");

        private final String macro;

        Lookup(String macro) {
            this.macro = macro;
        }

        /** For figures and folders. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Place place;
    private final boolean keep;
    private final Deque<AutoCloseable> started = new ArrayDeque<>(); // guarded by this
    private final List<BackendProcess> backends = new CopyOnWriteArrayList<>();
    private volatile boolean closing; // written by close

    private Stage(Place place, boolean keep) {
        this.place = place;
        this.keep = keep;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stage-close"));
    }

    public static Stage at(Place place, boolean keep) {
        return new Stage(place, keep);
    }

    public AgentProcess startAgent(Map<String, String> settings) throws IOException {
        return started(AgentProcess.start(place, settings));
    }

    /** Starts an httpd that follows the agent's maps on a port, or a free one. */
    public Httpd startHttpd(AgentProcess agent, OptionalInt port) throws IOException {
        return startHttpd(agent, "httpd", Lookup.TEXT, port);
    }

    /** The same, with its files in a folder of this name. */
    public Httpd startHttpd(AgentProcess agent, String name, Lookup lookup, OptionalInt port) throws IOException {
        return startHttpd(agent, httpd(name, port), lookup);
    }

    /** The same, with its requests logged into {@code requests.log} in its folder for the agent to read. */
    public Httpd startLoggingHttpd(AgentProcess agent, String name, Lookup lookup) throws IOException {
        return startLoggingHttpd(agent, name, lookup, "");
    }

    /** The same with further directives, which win. */
    public Httpd startLoggingHttpd(AgentProcess agent, String name, Lookup lookup, String directives)
            throws IOException {
        return startHttpd(
                agent, httpd(name, OptionalInt.empty()).directives(directives).evidence(), lookup);
    }

    private Httpd startHttpd(AgentProcess agent, HttpdBuilder builder, Lookup lookup) throws IOException {
        if (lookup == Lookup.HASHED) {
            started(Neighbours.of(agent));
        }
        HttpdBuilder httpd = builder.conf(place.distribution().resolve("apache"))
                .maps(agent.maps())
                // What a user writes: one line in a virtual host, which here takes every name.
                .virtualHost("any.invalid", "Use " + lookup.macro);
        if (lookup == Lookup.RESOLVER) {
            httpd.resolver(place.installed().resolve("bin/rollcall") + " resolve --maps " + agent.maps());
        }
        return started(httpd.start());
    }

    /** Starts one with the text map that logs the start and the end of each request for the agent. */
    public Httpd startLoggingHttpd(AgentProcess agent, String name) throws IOException {
        return started(httpd(name, OptionalInt.empty())
                .conf(place.distribution().resolve("apache"))
                .maps(agent.maps())
                .evidence()
                .virtualHost("any.invalid", "Use " + Lookup.TEXT.macro)
                .start());
    }

    /** Starts an httpd that knows nothing of Rollcall, with the same modules and the same log. */
    public Httpd startPlainHttpd(String name, String directives) throws IOException {
        return started(httpd(name, OptionalInt.empty())
                .virtualHost("any.invalid", directives)
                .start());
    }

    private HttpdBuilder httpd(String name, OptionalInt port) throws IOException {
        return Httpd.in(place.folder(name))
                .listen(port.orElseGet(Ports::free))
                .logFormat(RequestLog.FORMAT)
                .directives(AS_MANY_CHILDREN_AS_EVER);
    }

    public BackendProcess startBackend(AgentProcess agent, String service, String id) throws IOException {
        BackendProcess backend = started(BackendProcess.start(place, agent.zookeeper(), service, id));
        backends.add(backend);
        return backend;
    }

    /** One that does not register, in this network namespace, if any. */
    public BackendProcess startUnregistered(Optional<Namespace> namespace, String service, String id, String ip)
            throws IOException {
        return started(BackendProcess.startUnregistered(
                        place, namespace.map(Namespace::enter).orElse(List.of()), service, id, ip))
                .awaitListening();
    }

    public List<BackendProcess> backends() {
        return List.copyOf(backends);
    }

    public boolean closing() {
        return closing;
    }

    public Place place() {
        return place;
    }

    /** All that httpd has read: its own configuration and what that includes, as it is now. */
    public String httpdConfiguration(AgentProcess agent) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : List.of(place.file("httpd/httpd.conf"), agent.maps().resolve("workers.conf"))) {
            text.append(Files.readString(file));
        }
        try (Stream<Path> files = Files.list(place.distribution().resolve("apache"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private synchronized <T extends AutoCloseable> T started(T part) {
        started.push(part);
        return part;
    }

    /** Ends everything, what was started last first, and removes the files. Says what cannot be ended. */
    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        for (AutoCloseable part : started) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("cannot end " + part + ": " + e);
            }
        }
        try {
            if (!keep) {
                place.remove();
            }
        } catch (IOException e) {
            System.err.println("cannot remove " + place.directory() + ": " + e);
        }
    }
}
