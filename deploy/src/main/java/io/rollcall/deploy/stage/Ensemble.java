package io.rollcall.deploy.stage;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three ZooKeeper servers, each a process, in a network namespace of theirs: the server of the distribution, its data on disk. */
public final class Ensemble implements AutoCloseable {
    /** As fronts.sh has it. */
    private static final String ADDRESS = "10.1.9.1";

    private static final int SERVERS = 3;
    private static final int FIRST_PORT = 2181;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Place place;
    private final Namespace namespace;
    private final TreeMap<Integer, Child> servers = new TreeMap<>(); // one thread

    private Ensemble(Place place, Namespace namespace) {
        this.place = place;
        this.namespace = namespace;
    }

    /** Starts them and waits until they serve. */
    static Ensemble start(Place place) throws IOException {
        Ensemble ensemble = new Ensemble(place, Namespace.of("zk"));
        for (int number = 1; number <= SERVERS; number++) {
            ensemble.start(number);
        }
        ensemble.awaitLeader();
        return ensemble;
    }

    public String connect() {
        return IntStream.rangeClosed(1, SERVERS)
                .mapToObj(number -> ADDRESS + ":" + port(number))
                .collect(Collectors.joining(","));
    }

    /** SIGKILL to the leader. Which one it was. */
    public int killLeader() throws IOException, InterruptedException {
        int leader = awaitLeader();
        Child server = servers.remove(leader);
        if (server != null) {
            server.process().destroyForcibly().waitFor();
        }
        return leader;
    }

    /** Starts the server with this number, on the data that it has. */
    public void start(int number) throws IOException {
        Path folder = place.folder("zookeeper-" + number);
        Files.writeString(folder.resolve("myid"), Integer.toString(number));
        Path config = folder.resolve("zoo.cfg");
        Files.write(config, configuration(number, folder));
        List<String> command = new ArrayList<>(namespace.enter());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-XX:-UsePerfData",
                "-Dzookeeper.admin.enableServer=false",
                "-cp",
                place.distribution().resolve("lib") + "/*",
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                config.toString()));
        servers.put(
                number, Child.start("ZooKeeper " + number, place.file("zookeeper-" + number + ".log"), false, command));
    }

    private static List<String> configuration(int number, Path folder) {
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=1000",
                "initLimit=20",
                "syncLimit=5",
                "maxClientCnxns=0", // all backends come from one address
                "4lw.commands.whitelist=srvr",
                "dataDir=" + folder,
                "clientPort=" + port(number),
                "clientPortAddress=" + ADDRESS));
        for (int other = 1; other <= SERVERS; other++) {
            lines.add("server." + other + "=127.0.0.1:" + (2888 + other) + ":" + (3888 + other));
        }
        return lines;
    }

    private int awaitLeader() throws IOException {
        Waiting.until(PATIENCE, () -> leader().isPresent());
        return leader().orElseThrow(() -> new IOException("no leader among " + connect() + " after " + PATIENCE));
    }

    private OptionalInt leader() {
        return servers.keySet().stream()
                .mapToInt(Integer::intValue)
                .filter(number -> mode(number).equals(Optional.of("leader")))
                .findFirst();
    }

    private static Optional<String> mode(int number) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(ADDRESS, port(number)), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int port(int number) {
        return FIRST_PORT + number - 1;
    }

    @Override
    public void close() {
        servers.values().forEach(Child::close);
    }
}
