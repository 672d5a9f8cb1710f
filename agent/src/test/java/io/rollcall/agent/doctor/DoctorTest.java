package io.rollcall.agent.doctor;

import static io.rollcall.agent.doctor.Finding.Level.FAIL;
import static io.rollcall.agent.doctor.Finding.Level.OK;
import static io.rollcall.agent.doctor.Finding.Level.WARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the httpd of this machine, with good and bad configurations; none is started. */
class DoctorTest {
    private static final Path CONF = Path.of("../apache/conf").toAbsolutePath().normalize();
    private static final Path MODULES = Stream.of(
                    System.getProperty("rollcall.httpd.modules", ""),
                    "/usr/lib/apache2/modules",
                    "/usr/lib64/httpd/modules")
            .map(Path::of)
            .filter(directory -> Files.exists(directory.resolve("mod_rewrite.so")))
            .findFirst()
            .orElseThrow();

    @TempDir
    Path directory;

    private Path maps;

    @BeforeEach
    void publish() throws IOException {
        maps = Files.createDirectory(directory.resolve("maps"));
        for (String name : List.of("backends.map", "dice.map", "successors.map", "names.dir", "names.pag")) {
            Files.writeString(maps.resolve(name), "shop.example.com 127.0.0.1:1\n");
        }
    }

    @Test
    void aGoodConfigurationHasNothingButGoodFindings() throws Exception {
        List<Finding> findings = examine("""
                Include %s/rollcall.conf
                <VirtualHost *:1>
                    ServerName shop.example.com
                    ErrorDocument 503 "the site's own"
                    RewriteRule ^/own$ - [F]
                    Use Rollcall
                </VirtualHost>
                """.formatted(CONF));
        assertThat(findings)
                .filteredOn(f -> !f.check().equals("tmp"))
                .allSatisfy(f -> assertThat(f.level()).as(f.toString()).isEqualTo(OK));
        assertThat(findings)
                .extracting(Finding::check)
                .contains(
                        "version",
                        "syntax",
                        "modules",
                        "include",
                        "use",
                        "errordocument",
                        "inherited",
                        "mutex",
                        "readable")
                .contains("mount", "tmp", "age");
    }

    @Test
    void theResolverAsShippedIsGood() throws Exception {
        Path program = Files.writeString(directory.resolve("rollcall"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        List<Finding> findings = examine("""
                Define ROLLCALL_RESOLVER "%s resolve --maps %s"
                Define ROLLCALL_RESOLVER_USER %s
                Include %s/rollcall.conf
                Include %s/rollcall-resolver.conf
                <VirtualHost *:1>
                    Use RollcallResolver
                </VirtualHost>
                """.formatted(program, maps, user(), CONF, CONF));
        assertThat(one(findings, "resolver").level()).isEqualTo(OK);
        assertThat(one(findings, "resolver-program")).isEqualTo(Finding.ok("resolver-program", program.toString()));
    }

    @Test
    void aConfigurationThatHttpdRefusesIsShownInHttpdsWords() throws Exception {
        Finding syntax = one(examine("Nonsense on\n"), "syntax");
        assertThat(syntax.level()).isEqualTo(FAIL);
        assertThat(syntax.what()).contains("Invalid command 'Nonsense'");
        Finding missing = one(doctor(Optional.empty()).examine(directory.resolve("none.conf")), "syntax");
        assertThat(missing.what()).contains("no such file");
    }

    @Test
    void whatIsForgottenMostOftenHasItsOwnAdvice() throws Exception {
        String host = "<VirtualHost *:1>\nServerName a\nUse Rollcall\n</VirtualHost>\n";
        assertThat(one(examine(host), "syntax").advice()).contains("Include", "before the first <VirtualHost>");
        assertThat(one(examine("<Macro Other>\n</Macro>\n" + host), "syntax").advice())
                .contains("Include", "before the first <VirtualHost>");
        String include = "Include " + CONF + "/rollcall.conf\n";
        assertThat(one(examineWithout("proxy_http", include), "syntax").advice())
                .contains("a2enmod rewrite macro headers env proxy proxy_http");
        Files.delete(maps.resolve("backends.map"));
        assertThat(one(examine(include), "syntax").advice()).contains("start the agent");
    }

    @Test
    void missingModulesAreNamed() throws Exception {
        Finding modules = one(examineWithout("macro headers", ""), "modules");
        assertThat(modules.level()).isEqualTo(FAIL);
        assertThat(modules.what()).isEqualTo("not loaded: macro headers");
        assertThat(modules.advice()).contains("a2enmod macro headers");
    }

    @Test
    void theResolverNeedsUniqueIds() throws Exception {
        assertThat(one(
                        examineWithout("unique_id", "RewriteMap r \"prg:/bin/sh -c 'exec /bin/rollcall resolve'\"\n"),
                        "unique_id"))
                .extracting(Finding::level)
                .isEqualTo(FAIL);
    }

    @Test
    void rollcallConfMustBeIncludedInTheMainServer() throws Exception {
        Finding absent = one(examine(""), "include");
        assertThat(absent.level()).isEqualTo(FAIL);
        assertThat(absent.what()).isEqualTo("rollcall.conf is not included");

        Finding inside = one(
                examine("<VirtualHost *:1>\nInclude %s/rollcall.conf\n</VirtualHost>\n".formatted(CONF)), "include");
        assertThat(inside.level()).isEqualTo(FAIL);
        assertThat(inside.what()).contains("inside a virtual host, at " + CONF + "/rollcall.conf:");
    }

    @Test
    void aConfigurationThatRoutesNothingIsNoticed() throws Exception {
        assertThat(one(examine("Include %s/rollcall.conf\n<VirtualHost *:1>\n</VirtualHost>\n".formatted(CONF)), "use"))
                .extracting(Finding::level)
                .isEqualTo(WARN);
    }

    @Test
    void anErrorDocumentThatPreventsTheSecondTryIsReportedWithItsPlace() throws Exception {
        List<Finding> findings = examine("""
                Include %s/rollcall.conf
                <VirtualHost *:1>
                    Use Rollcall
                    <Location /Shop>
                        ErrorDocument 503 "sorry"
                        ErrorDocument 500 "no matter"
                    </Location>
                </VirtualHost>
                <VirtualHost *:1>
                    <Location />
                        ErrorDocument 503 "not routed"
                    </Location>
                </VirtualHost>
                """.formatted(CONF));
        Finding document = one(findings, "errordocument");
        assertThat(document.level()).isEqualTo(WARN);
        assertThat(document.what()).isEqualTo("ErrorDocument 503 in <Location /Shop> at " + line("\"sorry\""));
    }

    @Test
    void rulesOfTheMainServerAreReportedWithTheirPlace() throws Exception {
        Finding inherited = one(
                examine("RewriteEngine On\nRewriteRule ^/main$ - [F]\nInclude %s/rollcall.conf\n".formatted(CONF)),
                "inherited");
        assertThat(inherited.level()).isEqualTo(WARN);
        assertThat(inherited.what()).isEqualTo("RewriteRule in the main server at " + line("^/main$"));
    }

    @Test
    void aMutexThatAKilledChildNeverReleasesIsRefused() throws Exception {
        String map = "RewriteMap r \"prg:/bin/sh -c 'exec /bin/rollcall resolve'\"\n";
        for (String mutex : List.of("Mutex posixsem rewrite-map\n", "Mutex posixsem default\n")) {
            assertThat(one(examine(mutex + map), "mutex").level()).as(mutex).isEqualTo(FAIL);
            assertThat(one(examine(mutex), "mutex").level()).as(mutex).isEqualTo(WARN);
        }
        assertThat(one(examine("Mutex posixsem default\nMutex sysvsem rewrite-map\n" + map), "mutex"))
                .isEqualTo(Finding.ok("mutex", "rewrite-map: sysvsem"));
    }

    @Test
    void severalResolversAndAProgramThatCannotBeStartedAreReported() throws Exception {
        List<Finding> findings = examine("""
                <VirtualHost *:1>
                    RewriteMap r "prg:/bin/sh -c 'exec /nowhere/rollcall resolve'"
                </VirtualHost>
                <VirtualHost *:1>
                    RewriteMap r "prg:/bin/sh -c 'exec /nowhere/rollcall resolve'"
                </VirtualHost>
                """);
        assertThat(one(findings, "resolver").level()).isEqualTo(WARN);
        assertThat(one(findings, "resolver").what()).startsWith("2 of them: " + directory);
        assertThat(findings)
                .filteredOn(f -> f.check().equals("resolver-program"))
                .allSatisfy(f -> assertThat(f.what()).isEqualTo("/nowhere/rollcall cannot be started: no such file"))
                .hasSize(2);
    }

    @Test
    void theVariablesOfDebiansEnvvarsAreSet() throws Exception {
        String body = "Define X ${FROM_ENVVARS}\nInclude ${FROM_ENVVARS}/rollcall.conf\n";
        Finding without = one(examine(body), "syntax");
        assertThat(without.level()).isEqualTo(FAIL);
        assertThat(without.advice()).contains("envvars");
        Files.writeString(directory.resolve("envvars"), "export FROM_ENVVARS=" + CONF + "\n");
        assertThat(one(examine(body), "syntax").level()).isEqualTo(OK);
    }

    @Test
    void aVersionWithAHoleIsRefused() throws Exception {
        Path old = Files.writeString(
                directory.resolve("old"),
                "#!/bin/sh\n[ \"$1\" = -v ] && echo 'Server version: Apache/2.4.64 (Unix)'\n");
        assertThat(old.toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("httpd.conf"), "");
        List<Finding> findings = new Doctor(Optional.of(old.toString()), List.of(), Optional.empty(), Optional.empty())
                .examine(directory.resolve("httpd.conf"));
        assertThat(one(findings, "version").level()).isEqualTo(FAIL);
        assertThatThrownBy(
                        () -> new Doctor(Optional.of("/nowhere/httpd"), List.of(), Optional.empty(), Optional.empty())
                                .examine(directory.resolve("httpd.conf")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/nowhere/httpd");
    }

    @Test
    void mapsThatAreElsewhereAreNoticed() throws Exception {
        configuration("Include %s/rollcall.conf\n".formatted(CONF), "");
        Finding elsewhere =
                one(doctor(Optional.of(Path.of("/elsewhere"))).examine(directory.resolve("httpd.conf")), "maps");
        assertThat(elsewhere.what()).isEqualTo("the configuration reads " + maps + ", not /elsewhere");
    }

    private String line(String text) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("httpd.conf"));
        int index = 0;
        while (!lines.get(index).contains(text)) {
            index++;
        }
        return directory.resolve("httpd.conf") + ":" + (index + 1);
    }

    private List<Finding> examine(String body) throws IOException {
        return examineWithout("", body);
    }

    private List<Finding> examineWithout(String modules, String body) throws IOException {
        configuration(body, modules);
        return doctor(Optional.empty()).examine(directory.resolve("httpd.conf"));
    }

    private Doctor doctor(Optional<Path> agentMaps) throws IOException {
        return new Doctor(
                Optional.ofNullable(System.getProperty("rollcall.httpd")),
                List.of(),
                Optional.of(user()),
                agentMaps,
                pidFile -> new Surroundings(Path.of("/"), Optional.empty(), Instant.now()));
    }

    private void configuration(String body, String without) throws IOException {
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

    private static String user() {
        return System.getProperty("user.name");
    }

    private static Finding one(List<Finding> findings, String check) {
        assertThat(findings).extracting(Finding::check).contains(check);
        return findings.stream()
                .filter(f -> f.check().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
