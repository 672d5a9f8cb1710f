package io.rollcall.apache;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real httpd with a configuration of its own, beside whatever httpd the machine has. Started as root it serves as www-data, else
 * as who started it. System properties: {@code rollcall.httpd} (the program), {@code rollcall.httpd.modules} (a directory),
 * {@code rollcall.apache.conf} (the directory of {@code rollcall.conf}).
 */
public final class Httpd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String RESUMED = "resuming normal operations";

    private final Path directory;
    private final String address;
    private final List<Integer> ports;
    private final Process process;
    private final Thread hook;

    private Httpd(Path directory, String address, List<Integer> ports, Process process) {
        this.directory = directory;
        this.address = address;
        this.ports = List.copyOf(ports);
        this.process = process;
        this.hook = new Thread(process::destroy, "httpd-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Describes one that keeps its files in this directory, which is made if it is not there. */
    public static HttpdBuilder in(Path directory) {
        return new HttpdBuilder(directory.toAbsolutePath().normalize());
    }

    static Httpd run(Path directory, String address, List<Integer> ports, ProcessBuilder command) throws IOException {
        Httpd httpd = new Httpd(directory, address, ports, command.start());
        try {
            httpd.await("start", httpd::accepts);
            return httpd;
        } catch (IOException | RuntimeException e) {
            httpd.close();
            throw e;
        }
    }

    /** The first port it listens on. */
    public int port() {
        return ports.get(0);
    }

    /** The port with this number, from 0 on. */
    public int port(int index) {
        return ports.get(index);
    }

    /** Where it takes requests. */
    public InetSocketAddress address() {
        return new InetSocketAddress(address, port());
    }

    /** The process id of the parent, which stays the same through graceful restarts. */
    public long pid() {
        return process.pid();
    }

    /** When the parent was started, in the kernel's ticks since boot: the same number means the same process. */
    public long startTicks() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 21)[19]);
    }

    /** When the parent was started. */
    public Instant started() {
        return process.info().startInstant().orElseThrow();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The children that serve requests. */
    public List<ProcessHandle> workers() {
        return children(true);
    }

    /** The other children: the resolvers. */
    public List<ProcessHandle> programs() {
        return children(false);
    }

    /** What it has said so far. */
    public String errorLog() throws IOException {
        Path log = directory.resolve("error.log");
        return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    }

    public Path accessLog() {
        return directory.resolve("access.log");
    }

    /** The request log, where it has one. */
    public Path requestLog() {
        return directory.resolve("requests.log");
    }

    /** Has it read its configuration again while old children finish what they have, and waits until it says so. */
    public void gracefulRestart() throws IOException {
        int before = resumed();
        signal("USR1");
        await("graceful restart", () -> resumed() > before);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            return; // the JVM is going down, the hook runs anyway
        }
    }

    private List<ProcessHandle> children(boolean serving) {
        String own = name(process.toHandle());
        return process.toHandle()
                .children()
                .filter(child -> name(child).equals(own) == serving)
                .toList();
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
        } catch (IOException e) {
            return ""; // gone meanwhile
        }
    }

    private int resumed() throws IOException {
        return errorLog().split(RESUMED, -1).length - 1;
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " " + pid() + " failed: httpd is gone\n" + errorLog());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                String console = Files.readString(directory.resolve("console.log"));
                throw new IOException("httpd: no " + what + "\n" + console + errorLog());
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + what, e);
            }
        }
    }

    private boolean accepts() throws IOException {
        if (resumed() == 0) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }
}
