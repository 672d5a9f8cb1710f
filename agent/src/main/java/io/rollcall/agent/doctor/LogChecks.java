package io.rollcall.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether the agent gets to read all that httpd logs of requests, where {@code ROLLCALL_LOG} has it do so.
 *
 * @param followed the agent's {@code httpd.logs}; empty if its configuration was not found
 * @param reader whom the agent runs as, if that is known
 */
record LogChecks(Facts facts, Optional<List<Path>> followed, Optional<User> reader) {
    private static final String CHECK = "request-log";
    private static final String MARKS = "macro 'rollcallmarks'";
    private static final Pattern LINK = Pattern.compile("^\\|.*rotatelogs.* -L\\s*(\\S+) ");

    List<Finding> all() throws IOException {
        String defined = facts.defines().get("ROLLCALL_LOG");
        if (defined == null) {
            return List.of(nothingLogged());
        }
        List<Finding> findings = new ArrayList<>();
        if (facts.directives().isPresent() && facts.all("GlobalLog").isEmpty()) {
            findings.add(Finding.fail(
                    CHECK,
                    "ROLLCALL_LOG is defined, but nothing is written there",
                    "rollcall.conf looks for it when it is included",
                    "put Define ROLLCALL_LOG before the Include of rollcall.conf"));
        }
        Set<Path> files = new LinkedHashSet<>();
        requestLog(defined).ifPresentOrElse(files::add, () -> findings.add(pipe(defined)));
        for (int site : sites()) {
            Optional<Directive> log = ofSite("ErrorLog", site);
            String target =
                    log.map(Directive::arguments).map(LogChecks::unquoted).orElse("logs/error_log");
            String place = log.map(Directive::place).orElse("httpd's default");
            if (target.startsWith("|") || target.startsWith("syslog")) {
                findings.add(Finding.fail(
                        CHECK,
                        "ErrorLog " + target + " at " + place + " is no file",
                        "the agent cannot see there which requests start",
                        "give the virtual host an ErrorLog that is a file"));
            } else {
                files.add(resolved(target));
            }
            ofSite("ErrorLogFormat", site).ifPresent(format -> findings.add(format(format)));
            findings.addAll(levels(site));
        }
        followed(files).ifPresent(findings::add);
        for (Path file : files) {
            unreadable(file).ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(CHECK, "the agent follows " + files.size() + " logs"))
                : findings;
    }

    /** The name that the log is followed by; none if it is a pipe to who knows where. */
    private Optional<Path> requestLog(String defined) {
        String target = unquoted(defined);
        Matcher link = LINK.matcher(target);
        return target.startsWith("|")
                ? Optional.of(link).filter(Matcher::find).map(found -> resolved(found.group(1)))
                : Optional.of(resolved(target));
    }

    private static Finding pipe(String defined) {
        return Finding.fail(
                CHECK,
                "ROLLCALL_LOG " + unquoted(defined) + " is a pipe",
                "the agent follows a file by its name",
                "name a file; or, with rotatelogs, have -L FILE keep a name on the newest one, for httpd.logs");
    }

    /** The virtual hosts that say when a request starts. */
    private Set<Integer> sites() {
        Set<Integer> sites = new TreeSet<>();
        facts.all("LogMessage").stream().filter(LogChecks::isOurs).forEach(mark -> sites.add(mark.site()));
        return sites;
    }

    private static boolean isOurs(Directive directive) {
        return directive.source().startsWith(MARKS);
    }

    /** The last one of the virtual host, else that of the main server. */
    private Optional<Directive> ofSite(String name, int site) {
        Optional<Directive> own = last(name, site);
        return own.isPresent() ? own : last(name, 0);
    }

    private Optional<Directive> last(String name, int site) {
        return facts.all(name).stream()
                .filter(directive -> directive.site() == site && directive.isServerWide())
                .reduce((before, after) -> after);
    }

    private static Finding format(Directive format) {
        return Finding.fail(
                CHECK,
                "ErrorLogFormat at " + format.place(),
                "the agent finds process and message by their places in httpd's own format",
                "leave ErrorLogFormat out for virtual hosts that use Rollcall");
    }

    /** Levels that take back what the macro set: later ones for all modules, and those of sections. */
    private List<Finding> levels(int site) {
        List<Finding> findings = new ArrayList<>();
        boolean marked = false;
        for (Directive level : facts.all("LogLevel")) {
            if (level.site() != site) {
                continue;
            }
            marked |= isOurs(level);
            boolean forAll = !level.arguments().split("\\s+", 2)[0].contains(":");
            if (forAll
                    && (marked || !level.isServerWide())
                    && !level.arguments().contains("log_debug:")) {
                findings.add(Finding.fail(
                        CHECK,
                        "LogLevel " + level.arguments() + " at " + level.place() + " is for all modules",
                        "it takes back the level at which the start of a request is logged",
                        "say LogLevel " + level.arguments()
                                + " log_debug:info, or put it before the line that uses Rollcall"));
            }
        }
        return findings;
    }

    private Finding nothingLogged() {
        if (followed.isEmpty() || followed.get().isEmpty()) {
            return Finding.ok(CHECK, "none: a crash shows at the next probe, and drains rest on connections");
        }
        return Finding.fail(
                CHECK,
                "the agent follows " + joined(followed.get()) + ", but httpd does not define ROLLCALL_LOG",
                "httpd says nothing of its requests: a crash shows at the next probe only, and drains rest on connections",
                "Define ROLLCALL_LOG " + followed.get().get(0)
                        + " before rollcall.conf is included (the file that is not an ErrorLog), or httpd.logs = off for the agent");
    }

    private Optional<Finding> followed(Set<Path> files) {
        List<Path> known = followed.orElse(List.of());
        List<Path> missing = files.stream()
                .filter(file -> known.stream().noneMatch(log -> same(log, file)))
                .toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        Set<Path> all = new LinkedHashSet<>(known);
        all.addAll(missing);
        String line = "httpd.logs = " + joined(all);
        if (followed.isEmpty()) {
            return Optional.of(Finding.warn(
                    CHECK,
                    "not known whether the agent follows " + joined(files),
                    "by them it notices a crash at once, and knows exactly when a backend is quiet",
                    "name the agent's configuration with --config; it needs the line: " + line));
        }
        return Optional.of(Finding.fail(
                CHECK,
                "httpd writes " + joined(missing) + ", which the agent does not follow",
                "by the request log it notices a crash at once; with the ErrorLogs it knows exactly when a backend is quiet",
                "have this line in the agent's configuration: " + line
                        + "; then restart the agent, and httpd (graceful) after it"));
    }

    private static String joined(Collection<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private Optional<Finding> unreadable(Path file) throws IOException {
        if (reader.isEmpty() || !Files.exists(file)) {
            return Optional.empty();
        }
        return reader.get()
                .obstacle(User.READ, file)
                .map(obstacle -> Finding.fail(
                        CHECK,
                        reader.get().name() + " cannot read " + file + ": " + obstacle,
                        "the agent runs as that user",
                        "Debian: usermod -aG adm " + reader.get().name()
                                + ", and restart the agent; else see docs/httpd.md"));
    }

    private static boolean same(Path one, Path other) {
        try {
            return one.equals(other) || Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // one of them is not there
        }
    }

    private Path resolved(String name) {
        String root = facts.all("ServerRoot").stream()
                .findFirst()
                .map(directive -> unquoted(directive.arguments()))
                .orElse("/");
        return Path.of(root).resolve(unquoted(name)).normalize();
    }

    private static String unquoted(String text) {
        return text.replace("\"", "");
    }
}
