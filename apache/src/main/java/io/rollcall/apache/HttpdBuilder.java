package io.rollcall.apache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a {@link Httpd} is to be. */
public final class HttpdBuilder {
    private final Path directory;
    private final List<Integer> ports = new ArrayList<>();
    private final List<String> without = new ArrayList<>();
    private final List<String> with = new ArrayList<>();
    private Optional<String> evidence = Optional.empty();
    private final StringBuilder body = new StringBuilder();
    private Path conf = Path.of(System.getProperty("rollcall.apache.conf", "conf"));
    private Optional<Path> maps = Optional.empty();
    private Optional<String> resolver = Optional.empty();
    private String address = "127.0.0.1";
    private Optional<String> user = Optional.empty();
    private List<String> before = List.of();
    private String logLevel = "warn";
    private String logFormat = "%h %t \"%r\" %>s %b %{Host}i %{ROLLCALL_BACKEND}e %{ROLLCALL_TRY}e %D";

    HttpdBuilder(Path directory) {
        this.directory = directory;
    }

    /** Listens on these ports; one that is free unless told. The configuration calls them ${PORT}, ${PORT2}, ... */
    public HttpdBuilder listen(int... numbers) {
        for (int number : numbers) {
            ports.add(number);
        }
        return this;
    }

    /** Listens on this address instead of 127.0.0.1. */
    public HttpdBuilder address(String address) {
        this.address = address;
        return this;
    }

    /** Serves as this user, where it is started as root, instead of the usual one. */
    public HttpdBuilder user(String name) {
        this.user = Optional.of(name);
        return this;
    }

    /** Is started by this command, to which its own is appended: one that enters a network namespace, say. */
    public HttpdBuilder startedBy(List<String> command) {
        this.before = List.copyOf(command);
        return this;
    }

    /** Includes {@code rollcall.conf} with this directory of maps, which must hold them already. */
    public HttpdBuilder maps(Path maps) {
        this.maps = Optional.of(maps.toAbsolutePath());
        return this;
    }

    /** Includes {@code rollcall-resolver.conf} with this program and its arguments. */
    public HttpdBuilder resolver(String program) {
        this.resolver = Optional.of(program);
        return this;
    }

    /** Where {@code rollcall.conf} is, if not where the system property says. */
    public HttpdBuilder conf(Path conf) {
        this.conf = conf;
        return this;
    }

    /** Leaves a module out, named as in {@code mod_<name>.so}. */
    public HttpdBuilder without(String module) {
        without.add(module);
        return this;
    }

    /** Loads a module besides the usual ones, named as in {@code mod_<name>.so}. */
    public HttpdBuilder with(String module) {
        with.add(module);
        return this;
    }

    /** Has each request's start and end logged: {@code ROLLCALL_LOG} is {@code requests.log} in its directory. */
    public HttpdBuilder evidence() {
        return evidence(directory.resolve("requests.log").toString());
    }

    /** The same with {@code ROLLCALL_LOG} as given: a file, or {@code |} and a program. */
    public HttpdBuilder evidence(String log) {
        evidence = Optional.of(log);
        return this;
    }

    /** Anything httpd's LogLevel takes. */
    public HttpdBuilder logLevel(String level) {
        this.logLevel = level;
        return this;
    }

    /** The access log's format. */
    public HttpdBuilder logFormat(String format) {
        this.logFormat = format;
        return this;
    }

    /** Adds any directives, {@code <VirtualHost>} sections too, after Rollcall's own. */
    public HttpdBuilder directives(String text) {
        body.append(text).append('\n');
        return this;
    }

    /** Adds a virtual host on the first port. */
    public HttpdBuilder virtualHost(String serverName, String directives) {
        return directives("<VirtualHost *:${PORT}>\nServerName " + serverName + "\n" + directives + "\n</VirtualHost>");
    }

    /** Writes the configuration, starts httpd and waits until it takes connections. */
    public Httpd start() throws IOException {
        Path program = Path.of(System.getProperty("rollcall.httpd", "/usr/sbin/apache2"));
        write();
        List<String> words = new ArrayList<>(before);
        // Of its own session, or Ctrl-C and a resized window (SIGWINCH) in a terminal would reach it.
        words.addAll(List.of(
                "setsid",
                program.toString(),
                "-D",
                "FOREGROUND",
                "-f",
                configuration().toString()));
        ProcessBuilder command = new ProcessBuilder(words);
        command.redirectErrorStream(true)
                .redirectOutput(directory.resolve("console.log").toFile());
        return Httpd.run(directory, address, ports, command);
    }

    /** What httpd says to the configuration ({@code apachectl configtest}): its exit status, a space, its words. */
    public String test() throws IOException {
        String program = System.getProperty("rollcall.httpd", "/usr/sbin/apache2");
        write();
        Process check = new ProcessBuilder(program, "-t", "-f", configuration().toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return check.waitFor() + " " + words;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void write() throws IOException {
        Path modules = Path.of(System.getProperty("rollcall.httpd.modules", "/usr/lib/apache2/modules"));
        boolean root = Objects.equals(System.getProperty("user.name"), "root");
        if (ports.isEmpty()) {
            ports.add(Ports.free());
        }
        conf = conf.toAbsolutePath();
        Files.createDirectories(directory.resolve("run"));
        if (root) {
            open(directory);
            if (maps.isPresent()) {
                open(maps.get());
            }
        }
        Files.writeString(configuration(), HttpdConfiguration.text(this, modules, root));
    }

    /** Lets other users into a directory of ours; a temporary one is made for its owner alone. */
    private static void open(Path path) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        for (Path at = path; at != null; at = at.getParent()) {
            Set<PosixFilePermission> now = Files.getPosixFilePermissions(at);
            if (now.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                continue;
            }
            if (!at.startsWith(temporary)) {
                throw new IOException(String.format(
                        Locale.ROOT,
                        "%s is closed to httpd's user (%s, expected: others may enter), on the way to %s",
                        at,
                        PosixFilePermissions.toString(now),
                        path));
            }
            now.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(at, now);
        }
    }

    Path configuration() {
        return directory.resolve("httpd.conf");
    }

    Path directory() {
        return directory;
    }

    List<Integer> ports() {
        return ports;
    }

    List<String> without() {
        return without;
    }

    List<String> with() {
        return with;
    }

    Optional<String> requestLog() {
        return evidence;
    }

    String body() {
        return body.toString();
    }

    Path conf() {
        return conf;
    }

    Optional<Path> maps() {
        return maps;
    }

    Optional<String> resolver() {
        return resolver;
    }

    String address() {
        return address;
    }

    Optional<String> user() {
        return user;
    }

    String logLevel() {
        return logLevel;
    }

    String logFormat() {
        return logFormat;
    }
}
