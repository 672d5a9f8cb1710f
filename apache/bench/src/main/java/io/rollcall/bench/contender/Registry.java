package io.rollcall.bench.contender;

import io.rollcall.agent.sdbm.SdbmReader;
import io.rollcall.apache.Ports;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Child;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What Rollcall's contenders have in common: a ZooKeeper server in a process of its own, backends in it, and an agent that publishes
 * the maps.
 */
public final class Registry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int SAMPLE = 100;
    private static final int SESSIONS = 25;
    private static final int NEIGHBOURS = 600;
    private static final int FEW_OF = 20;

    /** Characters; the text of 100,000 names has some 5 million. */
    private static final int SETTLED_TEXT = 65_536;

    private final Place place;
    private final Child zookeeper;
    private final String connect;
    private final Tree tree;
    private final AgentProcess agent;

    private Registry(Place place, Child zookeeper, String connect, Tree tree, AgentProcess agent) {
        this.place = place;
        this.zookeeper = zookeeper;
        this.connect = connect;
        this.tree = tree;
        this.agent = agent;
    }

    /** The same with so many other names, at the same backends, that the agent has these in the hashed map. */
    public static Registry amongMany(Place place, Map<String, String> addresses) throws Exception {
        List<String> backends = addresses.values().stream().distinct().toList();
        Map<String, String> all = new TreeMap<>(addresses);
        for (int i = 0; i < NEIGHBOURS; i++) {
            all.put("neighbour-%06d.bench.test".formatted(i), backends.get(i % backends.size()));
        }
        Registry registry = start(place, all);
        registry.awaitKind(true, addresses.keySet());
        return registry;
    }

    /**
     * Waits until these names are in the hashed map, or in the text; ends all of it if that does not happen. Of many names some may
     * stay in the short text that is beside the hashed map.
     */
    void awaitKind(boolean hashed, Collection<String> names) throws IOException {
        Path text = maps().resolve("backends.map");
        if (!Waiting.until(PATIENCE, () -> {
            String now = text(text);
            long others = names.stream()
                    .filter(name -> hashed ? !hashed(maps(), name) : !in(now, name))
                    .count();
            return others <= names.size() / FEW_OF;
        })) {
            close();
            throw new IOException("not nearly all names are in the " + (hashed ? "hashed map" : "text") + " after "
                    + PATIENCE.toSeconds() + " s");
        }
    }

    /** Starts all of it, with these names registered and published. */
    public static Registry start(Place place, Map<String, String> addresses) throws Exception {
        Registry registry = start(place, addresses, "");
        awaitSettled(registry.maps());
        return registry;
    }

    /** The same with options for the agent's Java. */
    static Registry start(Place place, Map<String, String> addresses, String javaOptions) throws Exception {
        int port = Port.free();
        String connect = "127.0.0.1:" + port;
        Child zookeeper = zookeeper(place, port);
        try {
            Tree tree = Tree.connect(connect);
            AgentProcess agent = AgentProcess.follow(place, connect, javaOptions);
            Registry registry = new Registry(place, zookeeper, connect, tree, agent);
            try {
                tree.register(addresses);
                awaitPublished(agent.maps(), sample(List.copyOf(addresses.keySet())));
                return registry;
            } catch (Exception e) {
                registry.close();
                throw e;
            }
        } catch (Exception e) {
            zookeeper.close();
            throw e;
        }
    }

    private static Child zookeeper(Place place, int port) throws IOException {
        Path directory = place.folder("zookeeper");
        Path configuration = Files.writeString(directory.resolve("zoo.cfg"), """
                tickTime=2000
                dataDir=%s
                clientPort=%d
                clientPortAddress=127.0.0.1
                maxClientCnxns=0
                admin.enableServer=false
                """.formatted(directory, port));
        Child child = Child.start(
                "zookeeper",
                directory.resolve("console.log"),
                false,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx1g",
                        "-cp",
                        place.distribution().resolve("lib") + "/*",
                        "org.apache.zookeeper.server.ZooKeeperServerMain",
                        configuration.toString()));
        child.await("ZooKeeper on port " + port, Duration.ofSeconds(60), () -> serves(port));
        return child;
    }

    /** Whoever connects to ZooKeeper after it listens and before it serves may wait for half a minute. */
    private static boolean serves(int port) {
        try (Socket socket = new Socket(Ports.loopback(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains("Mode:");
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until these names are in the maps, whichever kind the agent has chosen. */
    public static void awaitPublished(Path maps, Collection<String> names) throws IOException {
        if (!Waiting.until(PATIENCE, () -> {
            String text = text(maps.resolve("backends.map"));
            return names.stream().allMatch(name -> in(text, name) || hashed(maps, name));
        })) {
            throw new IOException(
                    names + " are not all published in " + maps + " after " + PATIENCE.toSeconds() + " s");
        }
    }

    /** While very many names come, the text has them until the hashed map is written: that is not what is to be measured. */
    private static void awaitSettled(Path maps) {
        Waiting.until(PATIENCE, () -> text(maps.resolve("backends.map")).length() <= SETTLED_TEXT);
    }

    /** Some of them, the last among them first: most of them come in this order. */
    private static List<String> sample(List<String> names) {
        int step = Math.max(1, names.size() / SAMPLE);
        return IntStream.range(0, names.size())
                .filter(i -> i < SESSIONS || i % step == 0)
                .mapToObj(i -> names.get(names.size() - 1 - i))
                .toList();
    }

    private static boolean in(String text, String name) {
        return text.contains("\n" + name + " ") && !text.contains("\n" + name + " -\n");
    }

    private static boolean hashed(Path maps, String name) {
        byte[] key = name.getBytes(StandardCharsets.US_ASCII);
        try (SdbmReader reader = SdbmReader.open(maps.resolve("names.pag"))) {
            return reader.find(key, 0, key.length) != null;
        } catch (IOException e) {
            return false; // not there, or not yet
        }
    }

    private static String text(Path map) {
        try {
            return Files.readString(map, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // not there, or not yet
        }
    }

    public Path maps() {
        return agent.maps();
    }

    /** What the agent keeps for its next start. */
    public Path state() {
        return place.file("state");
    }

    /** Of the agent alone. */
    public long pid() {
        return agent.pid();
    }

    /** The agent with everything that it started. */
    public io.rollcall.bench.Processes agent() {
        return io.rollcall.bench.Processes.of(agent.pid());
    }

    public String connect() {
        return connect;
    }

    /** The tree, by which names move. */
    public Tree tree() {
        return tree;
    }

    /** Rollcall's program, where httpd's user can run it. */
    Path program() throws IOException {
        return place.installed().resolve("bin/rollcall");
    }

    /** Which path of the tree a service has. */
    public static String path(String service) {
        return new Paths(Paths.DEFAULT_ROOT).service(service);
    }

    @Override
    public void close() {
        agent.close();
        tree.close();
        zookeeper.close();
    }
}
