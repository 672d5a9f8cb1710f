package io.rollcall.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Examines one httpd after the other; changes nothing and starts no server. */
public final class Doctor {
    private static final Pattern NO_MACRO =
            Pattern.compile("no macro defined before Use|macro 'rollcall\\w*' undefined", Pattern.CASE_INSENSITIVE);

    private final String program;
    private final List<String> defines;
    private final Optional<String> userName;
    private final Optional<Path> maps;
    private final Function<Optional<Path>, Surroundings> surroundings;
    private Optional<List<Path>> followed = Optional.empty(); // before the first examination

    /**
     * A doctor for the httpds of one program.
     *
     * @param program the httpd to ask; empty: the first that is found
     * @param defines names that httpd is started with as {@code -D}
     * @param userName whom httpd's children run as; empty: what the configuration says
     * @param maps what the agent publishes; empty: what the configuration says
     * @throws IOException if no httpd is found
     */
    public Doctor(Optional<String> program, List<String> defines, Optional<String> userName, Optional<Path> maps)
            throws IOException {
        this(program, defines, userName, maps, Surroundings::of);
    }

    Doctor(
            Optional<String> program,
            List<String> defines,
            Optional<String> userName,
            Optional<Path> maps,
            Function<Optional<Path>, Surroundings> surroundings)
            throws IOException {
        this.program = program.or(Httpd::findProgram)
                .orElseThrow(() -> new IOException("no apache2 or httpd found (expected: --httpd-binary names one)"));
        this.defines = List.copyOf(defines);
        this.userName = userName;
        this.maps = maps;
        this.surroundings = surroundings;
    }

    /** The logs that the agent reads, so that they can be compared with those that httpd writes. */
    public void follows(List<Path> logs) {
        followed = Optional.of(List.copyOf(logs));
    }

    /**
     * Examines the httpd that this configuration makes.
     *
     * @throws IOException if httpd itself cannot be run
     */
    public List<Finding> examine(Path configuration) throws IOException {
        Httpd httpd = new Httpd(program, configuration.toAbsolutePath(), defines);
        List<Finding> findings = new ArrayList<>();
        String version = httpd.version();
        findings.add(VersionCheck.of(version));
        Finding syntax = syntax(httpd, configuration);
        findings.add(syntax);
        if (syntax.level() == Finding.Level.OK) {
            Facts facts = httpd.facts(version);
            findings.addAll(ConfigurationChecks.of(facts));
            boolean root = facts.user().isPresent() && User.current().id() == 0;
            findings.addAll(new ResolverChecks(facts, root).all());
            findings.addAll(maps(facts));
            findings.addAll(new LogChecks(facts, followed, User.named("rollcall")).all());
        } else if (maps.isPresent()) {
            Optional<User> user = userName.isPresent() ? user(userName.get()) : Optional.empty();
            findings.addAll(new MapChecks(maps.get(), user, surroundings.apply(Optional.empty())).all());
        }
        return findings;
    }

    private static Finding syntax(Httpd httpd, Path configuration) throws IOException {
        if (!Files.isReadable(configuration)) {
            return Finding.fail(
                    "syntax",
                    configuration + " cannot be read" + (Files.exists(configuration) ? "" : ": no such file"),
                    "nothing else can be checked",
                    "name httpd's main configuration file, as a user who may read it");
        }
        Program.Said said = httpd.test();
        if (said.exit() == 0) {
            return Finding.ok("syntax", configuration + " is accepted");
        }
        String message = said.err().strip();
        return Finding.fail(
                "syntax",
                message,
                "httpd does not start or reload with it, and nothing else can be checked",
                syntaxAdvice(message));
    }

    private static String syntaxAdvice(String message) {
        if (message.contains("DefaultRuntimeDir")) {
            return "start httpd once, or run `apache2ctl configtest`: Debian makes that directory at the first start after a boot";
        }
        if (message.contains("Rollcall needs mod_")) {
            return "load all of its modules (Debian: a2enmod rewrite macro headers env proxy proxy_http)";
        }
        if (NO_MACRO.matcher(message).find()) {
            return "Include <distribution>/apache/rollcall.conf in the main server, before the first <VirtualHost> that uses it"
                    + " (rollcall-resolver.conf as well for its macros)";
        }
        if (message.contains("map rollcall-")) {
            return "start the agent, which makes the maps, and name its maps.dir with Define ROLLCALL_MAPS where that is not the default";
        }
        return message.contains("AH00111")
                ? "run this where the variables are set that httpd's start script sets (Debian: . /etc/apache2/envvars)"
                : "correct what httpd says; run this as who starts httpd, usually root";
    }

    private List<Finding> maps(Facts facts) throws IOException {
        Optional<Path> configured =
                Optional.ofNullable(facts.defines().get("ROLLCALL_MAPS")).map(text -> Path.of(text.replace("\"", "")));
        List<Finding> findings = new ArrayList<>();
        if (maps.isPresent()
                && configured.isPresent()
                && !maps.get().toAbsolutePath().equals(configured.get())) {
            findings.add(Finding.fail(
                    "maps",
                    "the configuration reads " + configured.get() + ", not " + maps.get(),
                    "httpd would never see what the agent publishes",
                    "Define ROLLCALL_MAPS " + maps.get() + " before rollcall.conf is included"));
        }
        Optional<Path> directory = configured.or(() -> maps);
        if (directory.isPresent()) {
            Optional<User> user = userName.isPresent()
                    ? user(userName.get())
                    : facts.user().isPresent() ? user(facts.user().get()) : Optional.of(User.current());
            findings.addAll(new MapChecks(directory.get(), user, surroundings.apply(facts.pidFile())).all());
        }
        return findings;
    }

    private static Optional<User> user(String name) throws IOException {
        return User.named(name);
    }
}
