package io.rollcall.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A configuration of httpd, and the maps that it reads. */
final class DoctorSite {
    static final Path CONF = Path.of("../apache/conf").toAbsolutePath().normalize();
    private static final Path MODULES = Stream.of(
                    System.getProperty("rollcall.httpd.modules", ""),
                    "/usr/lib/apache2/modules",
                    "/usr/lib64/httpd/modules")
            .map(Path::of)
            .filter(directory -> Files.exists(directory.resolve("mod_rewrite.so")))
            .findFirst()
            .orElseThrow();

    final Path maps;
    private final Path directory;

    DoctorSite(Path directory) throws IOException {
        this.directory = directory;
        maps = Files.createDirectory(directory.resolve("maps"));
        for (String name : List.of("backends.map", "dice.map", "successors.map", "names.dir", "names.pag")) {
            Files.writeString(maps.resolve(name), "shop.example.com 127.0.0.1:1\n");
        }
    }

    String line(String text) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("httpd.conf"));
        int index = 0;
        while (!lines.get(index).contains(text)) {
            index++;
        }
        return directory.resolve("httpd.conf") + ":" + (index + 1);
    }

    List<Finding> examine(String body) throws IOException {
        return examineWithout("", body);
    }

    List<Finding> examineWithout(String modules, String body) throws IOException {
        configuration(body, modules);
        return doctor(Optional.empty()).examine(directory.resolve("httpd.conf"));
    }

    Doctor doctor(Optional<Path> agentMaps) throws IOException {
        return new Doctor(
                Optional.ofNullable(System.getProperty("rollcall.httpd")),
                List.of(),
                Optional.of(user()),
                agentMaps,
                pidFile -> new Surroundings(Path.of("/"), Optional.empty(), Instant.now()));
    }

    void configuration(String body, String without) throws IOException {
        String modules = Stream.of(
                        "mpm_event",
                        "authz_core",
                        "rewrite",
                        "macro",
                        "headers",
                        "env",
                        "proxy",
                        "proxy_http",
                        "unique_id",
                        "version")
                .filter(module -> !List.of(without.split(" ", -1)).contains(module))
                .map(module -> MODULES.resolve("mod_" + module + ".so"))
                .filter(Files::exists)
                .map(file -> "LoadModule " + file.getFileName().toString().replaceAll("mod_(.*)\\.so", "$1_module")
                        + " " + file)
                .collect(Collectors.joining("\n"));
        Files.writeString(directory.resolve("httpd.conf"), """
                ServerRoot %1$s
                ServerName localhost
                PidFile %1$s/httpd.pid
                ErrorLog %1$s/error.log
                Listen 127.0.0.1:1
                %2$s
                Define ROLLCALL_MAPS %3$s
                """.formatted(directory, modules, maps) + body);
    }

    static String user() {
        return System.getProperty("user.name");
    }

    static Finding one(List<Finding> findings, String check) {
        assertThat(findings).extracting(Finding::check).contains(check);
        return findings.stream()
                .filter(f -> f.check().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
