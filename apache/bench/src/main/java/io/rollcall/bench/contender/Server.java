package io.rollcall.bench.contender;

import io.rollcall.apache.Ports;
import io.rollcall.bench.Processes;
import io.rollcall.deploy.stage.Child;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A contender that runs: a program in the foreground that listens on a port of 127.0.0.1. */
public final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final Child child;
    private final Path directory;
    private final int port;
    private final Duration started;
    private final Optional<Routes> routes;

    private Server(String name, Child child, Path directory, int port, Duration started, Optional<Routes> routes) {
        this.name = name;
        this.child = child;
        this.directory = directory;
        this.port = port;
        this.started = started;
        this.routes = routes;
    }

    /** Starts it and waits until it takes connections. */
    static Server start(String name, Path directory, int port, List<String> command) throws IOException {
        long begin = System.nanoTime();
        Child child = Child.start(name, directory.resolve("console.log"), false, command);
        try {
            child.await("server on port " + port, PATIENCE, () -> accepts(port));
        } catch (IOException e) {
            child.close();
            throw e;
        }
        return new Server(name, child, directory, port, Duration.ofNanos(System.nanoTime() - begin), Optional.empty());
    }

    /** The same, told of changes in this way. */
    Server with(Routes routes) {
        return new Server(name, child, directory, port, started, Optional.of(routes));
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    /** From its start until it took connections. */
    public Duration started() {
        return started;
    }

    /** How it is told of changes; empty if it cannot be. */
    public Optional<Routes> routes() {
        return routes;
    }

    public long pid() {
        return child.process().pid();
    }

    public boolean alive() {
        return child.process().isAlive();
    }

    /** How much it has said in its error log. */
    public long said() {
        try {
            return Files.size(directory.resolve("error.log"));
        } catch (IOException e) {
            return 0; // it has none
        }
    }

    /** The first lines that it has said since. */
    public String saidSince(long before) {
        try (SeekableByteChannel log = Files.newByteChannel(directory.resolve("error.log"))) {
            ByteBuffer words = ByteBuffer.allocate(2000);
            log.position(before).read(words);
            return new String(words.array(), 0, words.position(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .limit(4)
                    .collect(Collectors.joining(" / "));
        } catch (IOException e) {
            return "";
        }
    }

    /** The server and everything that it started. */
    public Processes processes() {
        return Processes.of(pid());
    }

    @Override
    public void close() {
        child.close();
    }

    @Override
    public String toString() {
        return name;
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.loopback(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
