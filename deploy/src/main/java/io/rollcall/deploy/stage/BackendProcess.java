package io.rollcall.deploy.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A server with an embedded registrar, in a JVM of its own: {@link BackendMain}. */
public final class BackendProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String service;
    private final String id;
    private final String ip;
    private final Child child;
    // Written by the thread that reads what the process tells.
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    private BackendProcess(String service, String id, String ip, Child child) {
        this.service = service;
        this.id = id;
        this.ip = ip;
        this.child = child;
    }

    /** Starts one. It registers as soon as it listens. */
    public static BackendProcess start(Place place, String zookeeper, String service, String id) throws IOException {
        return startMain(place, List.of(), service, id, "127.0.0.1", List.of(zookeeper));
    }

    /** Starts one that does not register, by a command before its own: one that enters a network namespace, say. */
    public static BackendProcess startUnregistered(
            Place place, List<String> before, String service, String id, String ip) throws IOException {
        return startMain(place, before, service, id, ip, List.of());
    }

    private static BackendProcess startMain(
            Place place, List<String> before, String service, String id, String ip, List<String> more)
            throws IOException {
        // Without it the JDK's server waits 40 ms for more before it sends a body.
        List<String> words = new ArrayList<>(
                List.of("-Dsun.net.httpserver.nodelay=true", BackendMain.class.getName(), service, id, ip));
        words.addAll(more);
        return start(place.file(id + ".log"), before, service, id, ip, words);
    }

    /** Starts a {@link MixedMain}, with {@code options} of Java's and {@code more} of its own. */
    static BackendProcess startMixed(
            Path log, List<String> options, String zookeeper, String service, String id, String ip, List<String> more)
            throws IOException {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of(MixedMain.class.getName(), service, id, zookeeper, ip));
        words.addAll(more);
        return start(log, List.of(), service, id, ip, words);
    }

    private static BackendProcess start(
            Path log, List<String> before, String service, String id, String ip, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(words);
        Child child = Child.start(id, log, true, command);
        BackendProcess backend = new BackendProcess(service, id, ip, child);
        Thread reader = new Thread(backend::read, id + "-told");
        reader.setDaemon(true);
        reader.start();
        return backend;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.process().getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                told.put(words[0], Long.parseLong(words[1]));
            }
        } catch (IOException e) {
            return; // it ended
        }
    }

    /** Waits until it has called its registrar. */
    public BackendProcess awaitRegistering() throws IOException {
        child.await("call of the registrar", PATIENCE, () -> when("registering").isPresent());
        return this;
    }

    /** Waits until it takes connections. */
    public BackendProcess awaitListening() throws IOException {
        child.await("open port", PATIENCE, () -> port() > 0);
        return this;
    }

    /** When it did this ({@code registering}, {@code registered}, {@code leaving}, {@code left}), by {@link System#nanoTime}, which processes share on Linux. */
    public OptionalLong when(String what) {
        Long time = told.get(what);
        return time == null ? OptionalLong.empty() : OptionalLong.of(time);
    }

    /** As a service manager does: SIGTERM. It leaves, serves for a little longer, and ends. */
    public void stop() {
        // Not Process.destroy(), which closes the pipes as well.
        child.process().toHandle().destroy();
    }

    /** End of its standard input, at which it ends by itself. Returns when the process is gone. */
    void end() throws IOException, InterruptedException {
        child.process().getOutputStream().close();
        child.process().waitFor();
    }

    /** SIGKILL. Returns when the process is gone. */
    public void kill() throws InterruptedException {
        child.process().destroyForcibly().waitFor();
    }

    /** Sends it a signal: {@code STOP}, {@code CONT}. */
    public void signal(String name) throws IOException {
        Child.signal(pid(), name);
    }

    public String service() {
        return service;
    }

    public String id() {
        return id;
    }

    public long port() {
        return told.getOrDefault("listening", 0L);
    }

    /** As the maps have it. */
    public String address() {
        return ip + ":" + port();
    }

    public long pid() {
        return child.process().pid();
    }

    public boolean alive() {
        return child.process().isAlive();
    }

    /** Ends it without any leave. */
    @Override
    public void close() {
        child.process().destroyForcibly();
        child.close();
    }
}
