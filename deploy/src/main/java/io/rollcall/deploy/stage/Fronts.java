package io.rollcall.deploy.stage;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.HttpdBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two front ends, three ZooKeeper servers and backends, in the network namespaces of {@code deploy/lib/fronts.sh}. Each httpd runs as
 * a user of its own, so that what one agent sees of its httpd does not cover for the other.
 */
public final class Fronts implements AutoCloseable {
    /** What is known of open requests, and from where. */
    public enum Evidence {
        /** Both httpds write down each request's start and end. */
        REQUESTS,
        /** The backends count. */
        REGISTRAR,
        /** Nobody counts: the TCP connections tell. */
        CONNECTIONS;

        /** For figures and folders. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** As fronts.sh has it. */
    public static final String BACKENDS = "10.2.0.1";

    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Accounts that every Debian has; httpd takes no user without one. */
    private static final List<String> USERS = List.of("www-data", "proxy");

    /** Most requests take seconds; and see {@link Stage}: httpd ends no child that it has too many of. */
    private static final String CHILDREN =
            "StartServers 6\nMaxRequestWorkers 150\nMinSpareThreads 25\nMaxSpareThreads 150\n";

    private final Place place;
    private final Evidence evidence;
    private final Deque<AutoCloseable> started = new ArrayDeque<>(); // guarded by this
    private final List<Front> fronts = new ArrayList<>(); // by start
    private final AtomicInteger serial = new AtomicInteger();
    private final Ensemble ensemble;

    private Fronts(Place place, Evidence evidence) throws IOException {
        this.place = place;
        this.evidence = evidence;
        this.ensemble = started(Ensemble.start(place));
    }

    /** Starts all but backends. */
    public static Fronts start(Place place, Evidence evidence) throws IOException {
        Fronts all = new Fronts(place, evidence);
        try {
            for (int number = 1; number <= USERS.size(); number++) {
                all.fronts.add(all.started(all.front(number)));
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private Front front(int number) throws IOException {
        Namespace namespace = Namespace.of("front" + number);
        Place inside = place.inside("front" + number);
        String user = USERS.get(number - 1);
        Path folder = inside.folder("httpd");
        Map<String, String> settings = new TreeMap<>(Map.of("allow.networks", "10.2.0.0/24", "httpd.user", user));
        if (evidence == Evidence.REQUESTS) {
            settings.put("httpd.logs", folder.resolve("error.log") + "," + folder.resolve("requests.log"));
        }
        Front.Agents agents = () -> AgentProcess.follow(inside, ensemble.connect(), settings, namespace);
        AgentProcess agent = started(agents.start());
        HttpdBuilder httpd = Httpd.in(folder)
                .startedBy(namespace.enter())
                .user(user)
                .address("10.3." + number + ".2")
                .listen(PORT)
                .logFormat(RequestLog.FORMAT)
                .directives(CHILDREN)
                .conf(place.distribution().resolve("apache"))
                .maps(agent.maps())
                .virtualHost("any.invalid", "Use Rollcall");
        if (evidence == Evidence.REQUESTS) {
            httpd.evidence();
        }
        Httpd running = httpd.start();
        if (evidence == Evidence.REQUESTS) {
            // The agent believes no log that it did not follow from before the start of all of httpd's children.
            Waiting.pause(Duration.ofSeconds(2)); // it looks for them now and then
            running.gracefulRestart();
        }
        return new Front(number, namespace, inside, agent, running, agents);
    }

    public List<Front> fronts() {
        return List.copyOf(fronts);
    }

    public Ensemble ensemble() {
        return ensemble;
    }

    public String zookeeper() {
        return ensemble.connect();
    }

    public Place place() {
        return place;
    }

    /** Has Java write down the classes of a backend, so that each of very many starts in half the time. */
    public void prepareBackends() throws IOException, InterruptedException {
        try (Server first = startServer("prepare.example.com", "a", "-XX:ArchiveClassesAtExit=" + classes())) {
            first.awaitRegistered().process().end();
        }
    }

    private Path classes() {
        return place.file("backend.jsa");
    }

    /** A new process for this id; {@link Server#seen} is what came to it. */
    public Server startServer(String service, String id) throws IOException {
        return Files.exists(classes())
                ? startServer(service, id, "-XX:SharedArchiveFile=" + classes())
                : startServer(service, id, "-Xshare:auto");
    }

    private Server startServer(String service, String id, String classSharing) throws IOException {
        String name = "server-" + serial.incrementAndGet();
        Path seen = place.folder("servers").resolve(name + ".seen");
        Files.createFile(seen);
        BackendProcess process = BackendProcess.startMixed(
                place.folder("servers").resolve(name + ".log"),
                List.of(classSharing, "-XX:+DisplayVMOutputToStderr"), // its standard output is for what it tells
                zookeeper(),
                service,
                id,
                BACKENDS,
                List.of(seen.toString(), Boolean.toString(evidence == Evidence.REGISTRAR)));
        return started(new Server(process, seen));
    }

    /** Waits until both front ends route to it. */
    public void awaitRouted(Server server) throws IOException {
        BackendProcess process = server.process();
        for (Front front : fronts) {
            if (!Waiting.until(PATIENCE, () -> Maps.routes(front.maps(), process.service(), process.address()))) {
                throw new IOException(process.service() + "/" + server.id() + " is not in the map of front end "
                        + front.number() + " after " + PATIENCE);
            }
        }
    }

    /** SIGKILL. Returns when the process is gone. */
    public void kill(Server server) throws InterruptedException {
        server.kill();
        synchronized (this) {
            started.remove(server);
        }
    }

    /** Pulls the cable between this front end and ZooKeeper; httpd, backends and clients go on. */
    public void cut(Front front) throws IOException {
        Namespace.of("zk").ip("link", "set", "to-front" + front.number(), "down");
    }

    public void mend(Front front) throws IOException {
        Namespace.of("zk").ip("link", "set", "to-front" + front.number(), "up");
    }

    private synchronized <T extends AutoCloseable> T started(T part) {
        started.push(part);
        return part;
    }

    /** Ends everything, what was started last first. The files stay until the script that started us has ended. */
    @Override
    public synchronized void close() {
        for (AutoCloseable part : started) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("cannot end " + part + ": " + e);
            }
        }
        started.clear();
    }
}
