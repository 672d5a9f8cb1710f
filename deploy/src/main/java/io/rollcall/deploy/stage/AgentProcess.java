package io.rollcall.deploy.stage;

import io.rollcall.apache.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The agent of the distribution with its embedded ZooKeeper, as a process of its own. */
public final class AgentProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> MAPS =
            List.of("backends.map", "dice.map", "names.dir", "names.pag", "successors.map", "workers.conf");

    private final Child child;
    private final Path maps;
    private final Path config;
    private final String zookeeper;
    private final Duration started;

    private AgentProcess(Child child, Path maps, Path config, String zookeeper, long beginNanos) throws IOException {
        this.child = child;
        this.maps = maps;
        this.config = config;
        this.zookeeper = zookeeper;
        try {
            child.await("first publication of " + MAPS + " in " + maps, PATIENCE, this::published);
        } catch (IOException e) {
            child.close();
            throw e;
        }
        this.started = Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    /** Starts one with a ZooKeeper inside, and waits for the first publication. Further settings win. */
    public static AgentProcess start(Place place, Map<String, String> settings) throws IOException {
        int port = Ports.free();
        Map<String, String> all = new TreeMap<>(settings);
        all.put("embedded.zookeeper", "true");
        all.put("embedded.zookeeper.port", Integer.toString(port));
        all.put("embedded.zookeeper.dir", place.file("zookeeper").toString());
        return start(place, "127.0.0.1:" + port, all, List.of());
    }

    /** Starts one that follows a ZooKeeper elsewhere. */
    public static AgentProcess follow(Place place, String zookeeper) throws IOException {
        return follow(place, zookeeper, Map.of());
    }

    /** The same with further settings. */
    public static AgentProcess follow(Place place, String zookeeper, Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("zookeeper", zookeeper);
        return start(place, zookeeper, all, List.of());
    }

    /** The same with options for its Java, as an operator gives them. */
    public static AgentProcess follow(Place place, String zookeeper, String javaOptions) throws IOException {
        String before = System.getenv().getOrDefault("ROLLCALL_JAVA_OPTS", "");
        List<String> with = List.of("env", ("ROLLCALL_JAVA_OPTS=" + before + " " + javaOptions).strip());
        return start(place, zookeeper, Map.of("zookeeper", zookeeper), with);
    }

    /** The same in a network namespace, with further settings. */
    static AgentProcess follow(Place place, String zookeeper, Map<String, String> settings, Namespace namespace)
            throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("zookeeper", zookeeper);
        return start(place, zookeeper, all, namespace.enter());
    }

    private static AgentProcess start(Place place, String zookeeper, Map<String, String> settings, List<String> before)
            throws IOException {
        Path maps = place.folder("maps");
        Map<String, String> all = new TreeMap<>(Map.of(
                "session.timeout", "4s",
                "maps.dir", maps.toString(),
                "state.dir", place.file("state").toString(),
                "socket", place.file("agent.sock").toString(),
                "allow.networks", "127.0.0.0/8"));
        String user = System.getProperty("user.name");
        if (!user.equals("root")) {
            all.put("httpd.user", user); // only root's httpd serves as another one
        }
        all.putAll(settings);
        Path config = place.file("agent.properties");
        Files.write(
                config,
                all.entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue())
                        .toList());
        long begin = System.nanoTime();
        List<String> command = new ArrayList<>(before);
        String program = place.distribution().resolve("bin/rollcall").toString();
        command.addAll(List.of(program, "agent", "--config", config.toString()));
        Child child = Child.start("agent", place.file("agent.log"), false, command);
        return new AgentProcess(child, maps, config, zookeeper, begin);
    }

    private boolean published() {
        return MAPS.stream().map(maps::resolve).allMatch(Files::exists);
    }

    /** Where registrars connect to. */
    public String zookeeper() {
        return zookeeper;
    }

    public Path maps() {
        return maps;
    }

    public Path socket() {
        return config.resolveSibling("agent.sock");
    }

    public long pid() {
        return child.process().pid();
    }

    /** From its start to the first publication. */
    public Duration started() {
        return started;
    }

    public boolean alive() {
        return child.process().isAlive();
    }

    /** SIGKILL. Returns when the process is gone. */
    void kill() throws InterruptedException {
        child.process().destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        child.close();
    }
}
