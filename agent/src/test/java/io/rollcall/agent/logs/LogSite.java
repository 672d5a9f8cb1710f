package io.rollcall.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.drain.RequestEvidence.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An httpd on paper: its logs, and its processes. */
final class LogSite implements Processes {
    static final String SHOP = "shop.example.com";
    static final String A = "10.0.0.5:8080";
    static final String B = "10.0.0.6:8080";
    static final Reading NONE = new Reading.None();

    final Path errors;
    final Path requests;
    final Map<Integer, Long> children = new HashMap<>();

    /** What is told of requests that are over. */
    final List<RequestEnd> ended = new ArrayList<>();

    long ticks = 1000;
    int looks; // at the processes
    long nanos;
    String boot = "one";
    private final Path state;
    private RequestLogs logs;

    LogSite(Path directory) {
        errors = directory.resolve("error.log");
        requests = directory.resolve("requests.log");
        state = directory.resolve("requests.json");
        logs = new RequestLogs(List.of(errors, requests), Optional.of(state), this, () -> nanos, ended::add);
    }

    @Override
    public Map<Integer, Long> serving() {
        looks++;
        return Map.copyOf(children);
    }

    @Override
    public long ticks() {
        return ticks;
    }

    @Override
    public String boot() {
        return boot;
    }

    /** The agent was stopped, and is started again. */
    LogSite restarted() throws IOException {
        logs.close();
        return killedAgent();
    }

    /** What it had kept is all that another one knows. */
    LogSite killedAgent() {
        logs = new RequestLogs(List.of(errors, requests), Optional.of(state), this, () -> nanos, ended::add);
        return this;
    }

    /** Both files empty and followed, and then a child with this process id. */
    LogSite running(int pid) throws IOException {
        write(errors, "");
        write(requests, "");
        logs.watch("", "").close();
        return child(pid);
    }

    java.time.Duration readOn() {
        return logs.readOn();
    }

    LogSite seconds(int number) {
        nanos += number * 1_000_000_000L;
        return this;
    }

    LogSite child(int pid) {
        children.put(pid, ++ticks);
        nanos += 1_000_000_000;
        return this;
    }

    LogSite killed(int pid) {
        children.remove(pid);
        nanos += 1_000_000_000;
        return this;
    }

    Watch watch() {
        return logs.watch(SHOP, A);
    }

    LogsStatus status() {
        return logs.status();
    }

    LogSite asks(int pid, String id) throws IOException {
        return write(errors, mark(pid, "? " + id));
    }

    LogSite gets(int pid, String id, String backend) throws IOException {
        return write(errors, mark(pid, "+ " + id + " " + SHOP + " " + backend));
    }

    LogSite ends(int pid, String id, String backend) throws IOException {
        return write(requests, end(pid, id, backend));
    }

    static String mark(int pid, String text) {
        return "[Sun Nov 22 14:27:56.830212 2026] [log_debug:info] [pid " + pid
                + ":tid 20709] [client 127.0.0.1:57450] rollcall " + text + "\n";
    }

    static String end(int pid, String id, String backend) {
        return id + " " + SHOP + " " + backend + " " + backend + " 200 200 40980 40980 1915 1 " + pid
                + " 1795357676832015\n";
    }

    LogSite write(Path file, String text) throws IOException {
        Files.writeString(
                file, text, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return this;
    }

    static long open(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Open.class);
        return ((Reading.Open) reading).requests();
    }

    static String why(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Incomplete.class);
        return ((Reading.Incomplete) reading).why();
    }
}
