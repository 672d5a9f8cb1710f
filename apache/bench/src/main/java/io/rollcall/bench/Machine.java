package io.rollcall.bench;

import io.rollcall.bench.contender.Tree;
import io.rollcall.bench.scenario.Plan;
import io.rollcall.deploy.stage.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the figures were measured on, as words for the report. */
final class Machine {
    private Machine() {}

    static Map<String, String> now(Place place, Plan plan) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("when", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        facts.put("command", System.getProperty("bench.command", "apache/bench/run"));
        facts.put("commit", say(List.of("git", "-C", place.top().toString(), "describe", "--always", "--dirty")));
        facts.put(
                "processors",
                Runtime.getRuntime().availableProcessors() + " of " + value("/proc/cpuinfo", "model name")
                        + ", shared by load, contender and backends");
        facts.put("memory", value("/proc/meminfo", "MemTotal"));
        facts.put("system", value("/etc/os-release", "PRETTY_NAME") + ", Linux " + System.getProperty("os.version"));
        facts.put("Java", Runtime.version().toString());
        facts.put("httpd", first(say(List.of("apache2", "-v"))));
        facts.put("nginx", first(say(List.of("nginx", "-v"))));
        facts.put("HAProxy", first(say(List.of("haproxy", "-v"))));
        facts.put("Varnish", first(say(List.of("varnishd", "-V"))));
        facts.put("Perl", first(say(List.of("perl", "-e", "print $^V"))));
        facts.put("sqlite", first(say(List.of("sqlite3", "-version"))));
        facts.put(
                "ZooKeeper",
                zookeeper(place) + ", a server on its own; all backends in %d sessions".formatted(Tree.SESSIONS));
        facts.put(
                "file system",
                Files.getFileStore(place.directory()).type()
                        + ", of all files: maps, ZooKeeper's log, the others' names");
        facts.put("wrk", first(say(List.of("wrk", "-v"))));
        facts.put(
                "each figure of load",
                "median of %d rounds of %d s; wrk with 32 connections, then %.0f requests/s for the latency; side by side %d rounds"
                        .formatted(plan.rounds(), plan.load().toSeconds(), Plan.STEADY_RATE, plan.pairs()));
        facts.put(
                "load average before",
                Files.readString(Path.of("/proc/loadavg")).replaceFirst(" .*\\s*", ""));
        return facts;
    }

    private static String first(String text) {
        return text.lines().findFirst().orElse("not installed");
    }

    private static String zookeeper(Place place) throws IOException {
        try (var files = Files.list(place.distribution().resolve("lib"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.matches("zookeeper-\\d.*\\.jar"))
                    .findFirst()
                    .orElse("?");
        }
    }

    private static String value(String file, String key) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", "").replace("\"", ""))
                    .findFirst()
                    .orElse("?");
        }
    }

    private static String say(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return words.strip();
        } catch (IOException e) {
            return "not installed";
        }
    }
}
