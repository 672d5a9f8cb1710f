package io.rollcall.bench.contender;

import io.rollcall.bench.load.Asker;
import io.rollcall.deploy.stage.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What httpd does for one request, counted by a program that it runs under: one thread, one connection. Two runs that differ in the
 * number of requests tell what one takes, as all that is done once falls out.
 */
public enum Counted {
    /** Of httpd and its libraries; those of the kernel are not in it. */
    INSTRUCTIONS("instructions") {
        @Override
        List<String> command(Path counts) {
            return List.of("valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=" + counts);
        }

        @Override
        Map<String, Double> read(Path counts) throws IOException {
            Callgrind run = Callgrind.read(counts);
            Map<String, Double> found = new LinkedHashMap<>(Map.of(toString(), (double) run.total()));
            if (Spent.told(run)) {
                for (Spent on : Spent.values()) {
                    found.put(part(on.toString()), (double) on.of(run));
                }
            }
            run.own().forEach((object, count) -> found.put(within(object), (double) count));
            return found;
        }
    },
    /** Of httpd without the programs that it starts. */
    SYSTEM_CALLS("system calls") {
        @Override
        List<String> command(Path counts) {
            return List.of("strace", "-f", "--detach-on=execve", "-c", "-o", counts.toString());
        }

        @Override
        Map<String, Double> read(Path counts) throws IOException {
            Map<String, Double> found = new LinkedHashMap<>();
            for (String line : Files.readAllLines(counts, StandardCharsets.ISO_8859_1)) {
                Matcher row = CALLS.matcher(line);
                if (row.matches() && !row.group(2).equals("total")) {
                    double calls = Double.parseDouble(row.group(1));
                    found.put(part(row.group(2)), calls);
                    found.merge(toString(), calls, Double::sum);
                }
            }
            if (found.isEmpty()) {
                throw new IOException("no count in " + counts);
            }
            return found;
        }
    };

    /** Of a table with percent, seconds, microseconds a call, calls, errors if there are any, and the name. */
    private static final Pattern CALLS =
            Pattern.compile("\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(\\w+)");

    private static final int LEAST = 200;
    private static final int MORE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String word;

    Counted(String word) {
        this.word = word;
    }

    abstract List<String> command(Path counts);

    /** All of them by the name of this, and parts of them by theirs. */
    abstract Map<String, Double> read(Path counts) throws IOException;

    /** How a part of it is called among the figures. */
    public String part(String name) {
        return word + ": " + name;
    }

    /** How what an object file has of it is called among the figures. */
    public String within(String object) {
        return word + " in " + object;
    }

    /** For one request to each of these names in turn. */
    public Map<String, Double> perRequest(Setting setting, String contender, List<String> names) throws Exception {
        Setup setup = setup(setting, contender);
        Map<String, Double> more = run(setup, names, LEAST + MORE);
        Map<String, Double> least = run(setup, names, LEAST);
        more.replaceAll((what, count) -> (count - least.getOrDefault(what, 0.0)) / MORE);
        more.values().removeIf(count -> Math.abs(count) < 0.01); // what is done once, and not always the same
        return more;
    }

    private static Setup setup(Setting setting, String contender) throws Exception {
        if (contender.equals(PrgMutex.CONTENDER)) {
            Setup setup = PrgMutex.SYSVSEM.setup(setting);
            Httpds.compile(setup);
            return setup;
        }
        if (contender.startsWith("rollcall-")) {
            return Httpds.followed(setting, contender);
        }
        Setup setup = Setup.of(setting, contender);
        Httpds.lines(setup).all(setup.homes());
        return setup;
    }

    private Map<String, Double> run(Setup setup, List<String> names, int requests) throws Exception {
        Path directory = setup.directory();
        Path counts = directory.resolve(name() + "." + requests);
        Files.deleteIfExists(counts);
        // Not as root from the start: the program writes its counts when httpd has long become its user.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> command = new ArrayList<>();
        if (Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            command.addAll(List.of("setpriv", "--reuid", Setup.user(), "--regid", Setup.user(), "--clear-groups"));
        }
        command.addAll(command(counts));
        command.addAll(Httpds.command(setup));
        command.add("-X");
        try (Child child = Child.start(word, directory.resolve("console.log"), false, command)) {
            child.await("httpd under " + command(counts).get(0), PATIENCE, () -> Server.accepts(setup.port()));
            try (Asker asker = new Asker(setup.port())) {
                for (int i = 0; i < requests; i++) {
                    if (asker.ask(names.get(i % names.size())).backend().isEmpty()) {
                        throw new IOException(
                                "no good answer from " + setup.source().getFileName());
                    }
                }
            }
            Child.signal(
                    Long.parseLong(
                            Files.readString(directory.resolve("httpd.pid")).strip()),
                    "TERM");
            child.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return read(counts);
    }

    /** As the report calls it. */
    @Override
    public String toString() {
        return word;
    }
}
