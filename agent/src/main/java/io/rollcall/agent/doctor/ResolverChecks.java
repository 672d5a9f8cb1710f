package io.rollcall.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the {@code prg:} resolver can work, where the configuration has one. */
final class ResolverChecks {
    private static final Pattern PROGRAM =
            Pattern.compile("(?i)\\S+\\s+(?:\"prg:([^\"]*)\"|'prg:([^']*)'|prg:(\\S+))(?:\\s+(\\S+))?.*");
    private static final Pattern EXECUTED = Pattern.compile("\\bexec\\s+(\\S+?)['\"]?(?:\\s|$)");

    private final Facts facts;
    private final boolean startedAsRoot;

    ResolverChecks(Facts facts, boolean startedAsRoot) {
        this.facts = facts;
        this.startedAsRoot = startedAsRoot;
    }

    /**
     * A {@code RewriteMap} that is a program.
     *
     * @param owner {@code user:group}, or empty
     */
    private record Resolver(String command, String owner, String place) {
        boolean isOurs() {
            return command.contains("rollcall");
        }

        String user() {
            return owner.split(":", 2)[0];
        }
    }

    List<Finding> all() throws IOException {
        if (facts.directives().isEmpty()) {
            return List.of(mutex(true));
        }
        List<Resolver> programs = programs();
        List<Resolver> ours = programs.stream().filter(Resolver::isOurs).toList();
        List<Finding> findings = new ArrayList<>();
        findings.add(mutex(!programs.isEmpty()));
        if (ours.isEmpty()) {
            findings.add(Finding.ok("resolver", "not used"));
            return findings;
        }
        findings.add(
                ours.size() == 1
                        ? Finding.ok("resolver", "one, at " + ours.get(0).place())
                        : Finding.warn(
                                "resolver",
                                ours.size() + " of them: "
                                        + String.join(
                                                ", ",
                                                ours.stream()
                                                        .map(Resolver::place)
                                                        .toList()),
                                "each is a process with a view of its own, and they share one mutex",
                                "define the map once, in the main server"));
        if (!facts.modules().contains("unique_id_module")) {
            findings.add(Finding.fail(
                    "unique_id",
                    "mod_unique_id is not loaded",
                    "questions to the resolver carry the request's id, so that nobody takes another's answer",
                    "Debian: a2enmod unique_id"));
        }
        for (Resolver resolver : ours) {
            findings.add(owner(resolver));
            findings.addAll(executable(resolver));
        }
        return findings;
    }

    private List<Resolver> programs() {
        List<Resolver> programs = new ArrayList<>();
        for (Directive map : facts.all("RewriteMap")) {
            Matcher matcher = PROGRAM.matcher(map.arguments());
            if (matcher.matches()) {
                programs.add(new Resolver(
                        first(matcher.group(1), matcher.group(2), matcher.group(3)),
                        first(matcher.group(4)),
                        map.place()));
            }
        }
        return programs;
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (text != null) {
                return text;
            }
        }
        return "";
    }

    private Finding mutex(boolean used) {
        String mechanism = facts.mutexes().getOrDefault("rewrite-map", "default");
        if (!mechanism.equals("posixsem")) {
            return Finding.ok("mutex", "rewrite-map: " + mechanism);
        }
        String why =
                "a child of httpd that is killed while it holds a POSIX semaphore never gives it back: every later lookup"
                        + " of every request hangs";
        String advice = "Mutex sysvsem rewrite-map (or fcntl, file, pthread)";
        return used
                ? Finding.fail("mutex", "rewrite-map: posixsem", why, advice)
                : Finding.warn("mutex", "rewrite-map: posixsem (no program uses it)", why, advice);
    }

    private Finding owner(Resolver resolver) {
        if (!startedAsRoot || !(resolver.user().isEmpty() || resolver.user().equals("root"))) {
            return Finding.ok("resolver-user", resolver.owner().isEmpty() ? "who starts httpd" : resolver.owner());
        }
        return Finding.warn(
                "resolver-user",
                "root, at " + resolver.place(),
                "the resolver only reads the maps and needs no rights; httpd runs it as root unless told otherwise",
                "name user:group at the end of the RewriteMap, or Define ROLLCALL_RESOLVER_USER www-data:www-data");
    }

    private List<Finding> executable(Resolver resolver) throws IOException {
        List<String> files = new ArrayList<>(List.of(resolver.command().split(" ", 2)[0]));
        Matcher executed = EXECUTED.matcher(resolver.command());
        if (executed.find()) {
            files.add(executed.group(1));
        }
        for (String file : files) {
            Optional<String> obstacle = obstacle(Path.of(file), resolver);
            if (obstacle.isPresent()) {
                return List.of(Finding.fail(
                        "resolver-program",
                        file + " cannot be started: " + obstacle.get(),
                        "httpd's own check does not try; the resolver answers nothing, or httpd ends at its next reload",
                        "correct ROLLCALL_RESOLVER, or the rights along the path"));
            }
        }
        return List.of(Finding.ok("resolver-program", files.get(files.size() - 1)));
    }

    private Optional<String> obstacle(Path file, Resolver resolver) throws IOException {
        if (!Files.exists(file)) {
            return Optional.of("no such file");
        }
        Optional<User> user = resolver.user().isEmpty() ? Optional.of(User.current()) : User.named(resolver.user());
        return user.isEmpty()
                ? Optional.of("no user " + resolver.user())
                : user.get().obstacle(User.PASS, file);
    }
}
