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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What httpd does for one request, counted by a program that it runs under: one thread, one connection. Two runs that differ in the
 * number of requests tell what one takes, as all that is done once falls out.
 */
public enum Counted {
    /** Of httpd and its libraries; those of the kernel are not in it. */
    INSTRUCTIONS("instructions", "(?:summary|totals): (\\d+)") {
        @Override
        List<String> command(Path counts) {
            return List.of("valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=" + counts);
        }
    },
    SYSTEM_CALLS("system calls", "100\\.00\\s+\\S+\\s+\\S+\\s+(\\d+)\\s.*total") {
        @Override
        List<String> command(Path counts) {
            return List.of("strace", "-f", "-c", "-o", counts.toString());
        }
    };

    /** Whose counts the programs can give: an httpd that asks no other program, for strace counts that as well. */
    private static final int LEAST = 200;

    private static final int MORE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String word;
    private final Pattern count;

    Counted(String word, String count) {
        this.word = word;
        this.count = Pattern.compile(count);
    }

    abstract List<String> command(Path counts);

    /** For one request to each of these names in turn. */
    public double perRequest(Setting setting, String contender, List<String> names) throws Exception {
        Setup setup = setup(setting, contender);
        return (run(setup, names, LEAST + MORE) - run(setup, names, LEAST)) / MORE;
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

    private double run(Setup setup, List<String> names, int requests) throws Exception {
        Path directory = setup.directory();
        Path counts = directory.resolve(name() + "." + requests);
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
        return count.matcher(Files.readString(counts, StandardCharsets.ISO_8859_1))
                .results()
                .map(MatchResult::group)
                .findFirst()
                .map(line -> Double.parseDouble(count.matcher(line).replaceFirst("$1")))
                .orElseThrow(() -> new IOException("no count in " + counts));
    }

    /** As the report calls it. */
    @Override
    public String toString() {
        return word;
    }
}
