package io.rollcall.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An httpd program with one of its configurations, asked with its own {@code -t -D DUMP_...}; starts no server.
 *
 * <p>Debian keeps variables that the configuration needs in {@code envvars} beside it; if there is one, it is read as Debian's own
 * start script does.
 */
final class Httpd {
    private static final List<String> PROGRAMS = List.of("apache2", "httpd");
    private static final List<String> DIRECTORIES =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/apache2/bin", "/usr/local/bin", "/usr/bin");
    private static final Pattern VERSION = Pattern.compile("Apache/(\\d+\\.\\d+\\.\\d+)");
    private static final Pattern ROOT = Pattern.compile("-D HTTPD_ROOT=\"([^\"]*)\"");
    private static final Pattern INCLUDE = Pattern.compile("\\((?:\\*|\\d+)\\) (.+)");
    private static final Pattern MUTEX = Pattern.compile("Mutex (\\S+): (?:.*mechanism=(\\S+)|using_defaults)");
    private static final Pattern DEFINE = Pattern.compile("(?m)^Define: ([^=\\s]+)=(.*)$");
    private static final Pattern USER = Pattern.compile("(?m)^User: name=\"([^\"]*)\" id=\\d+\\s*$");
    private static final Pattern PID_FILE = Pattern.compile("PidFile: \"([^\"]*)\"");

    private final String program;
    private final Path configuration;
    private final List<String> defines;

    /** @param defines names for {@code -D}, as this httpd is started with */
    Httpd(String program, Path configuration, List<String> defines) {
        this.program = program;
        this.configuration = configuration;
        this.defines = List.copyOf(defines);
    }

    /** The first httpd where systems keep theirs. */
    static Optional<String> findProgram() {
        return DIRECTORIES.stream()
                .flatMap(directory -> PROGRAMS.stream().map(name -> directory + "/" + name))
                .filter(program -> Files.isExecutable(Path.of(program)))
                .findFirst();
    }

    String version() throws IOException {
        Program.Said said = Program.run(List.of(program, "-v"));
        Matcher version = VERSION.matcher(said.out());
        if (!version.find()) {
            throw new IOException(program + " -v: '" + said.out().strip() + "' (expected: Apache/2.4.x)");
        }
        return version.group(1);
    }

    /** Has it check its configuration. */
    Program.Said test() throws IOException {
        return ask(List.of());
    }

    /** Asks for everything; only for a configuration that passes {@link #test}. */
    Facts facts(String version) throws IOException {
        Set<String> modules = ask(List.of("-D", "DUMP_MODULES"))
                .out()
                .lines()
                .filter(line -> line.contains("_module ("))
                .map(line -> line.strip().split(" ", 2)[0])
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> includes = new LinkedHashSet<>(
                all(INCLUDE, ask(List.of("-D", "DUMP_INCLUDES")).out()));
        String running = ask(List.of("-D", "DUMP_RUN_CFG")).out();
        return new Facts(
                configuration,
                version,
                modules,
                includes,
                directives(modules, includes),
                mutexes(running),
                pairs(DEFINE, running),
                all(USER, running).stream()
                        .filter(user -> !user.startsWith("#"))
                        .findFirst(),
                all(PID_FILE, running).stream().map(Path::of).findFirst());
    }

    /** mod_info prints the configuration; where it is not loaded, it is for this once. */
    private Optional<List<Directive>> directives(Set<String> modules, Set<String> includes) throws IOException {
        List<String> load = List.of();
        if (!modules.contains("info_module")) {
            Optional<Path> file = moduleDirectories(includes)
                    .map(directory -> directory.resolve("mod_info.so"))
                    .filter(Files::isReadable)
                    .findFirst();
            if (file.isEmpty()) {
                return Optional.empty();
            }
            load = List.of("-C", "LoadModule info_module " + file.get());
        }
        Program.Said said =
                ask(Stream.concat(load.stream(), Stream.of("-D", "DUMP_CONFIG")).toList());
        return said.exit() == 0 ? Optional.of(Directive.parse(said.out())) : Optional.empty();
    }

    private Stream<Path> moduleDirectories(Set<String> includes) throws IOException {
        List<Path> directories = new ArrayList<>();
        for (String include : includes) {
            if (Files.isReadable(Path.of(include))) {
                all(
                                Pattern.compile("(?im)^\\s*LoadModule\\s+\\S+\\s+\"?(/\\S+)/mod_\\w+\\.so"),
                                Files.readString(Path.of(include)))
                        .forEach(directory -> directories.add(Path.of(directory)));
            }
        }
        all(ROOT, compiled()).forEach(root -> directories.add(Path.of(root, "modules")));
        directories.add(Path.of("/usr/lib/apache2/modules"));
        directories.add(Path.of("/usr/lib64/httpd/modules"));
        return directories.stream();
    }

    private Map<String, String> mutexes(String running) throws IOException {
        Map<String, String> mutexes = new HashMap<>();
        Matcher mutex = MUTEX.matcher(running);
        while (mutex.find()) {
            mutexes.put(mutex.group(1), mutex.group(2) == null ? "default" : mutex.group(2));
        }
        String standard = mutexes.getOrDefault("default", "default");
        if (standard.equals("default")) {
            standard = compiled().contains("APR_USE_POSIXSEM_SERIALIZE") ? "posixsem" : "default";
        }
        String resolved = standard;
        mutexes.replaceAll((name, mechanism) -> mechanism.equals("default") ? resolved : mechanism);
        return mutexes;
    }

    private String compiled() throws IOException {
        return Program.run(List.of(program, "-V")).out();
    }

    private Program.Said ask(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        Path variables = configuration.resolveSibling("envvars");
        if (Files.isReadable(variables)) {
            command.addAll(List.of("/bin/sh", "-c", ". \"$0\" && exec \"$@\"", variables.toString()));
        }
        command.addAll(List.of(program, "-f", configuration.toString(), "-t"));
        defines.forEach(name -> command.addAll(List.of("-D", name)));
        command.addAll(arguments);
        return Program.run(command);
    }

    private static Map<String, String> pairs(Pattern pattern, String text) {
        Map<String, String> pairs = new HashMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            pairs.put(matcher.group(1), matcher.group(2));
        }
        return pairs;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }
}
