package io.rollcall.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the agent reads what httpd writes, by what httpd prints of its configuration. */
class LogChecksTest {
    private static final String SITE = """
              ServerName shop.example.com
              # In file: macro 'rollcallmarks' (defined on line 1 of "/r.conf") used on line 4 of "/site.conf"
              #   2:
              LogLevel log_debug:info
              LogMessage "rollcall ? %{reqenv:UNIQUE_ID}" hook=pre_translate_name
              # In file: /site.conf
            """;

    @TempDir
    Path root;

    private String request = "\"requests.log\"";

    private List<Finding> check(String site, Optional<List<Path>> followed, Optional<User> reader) throws IOException {
        String dump = """
                # In file: /httpd.conf
                #   1:
                ServerRoot "%s"
                ErrorLog "main.log"
                GlobalLog "requests.log" "%%{UNIQUE_ID}e" env=ROLLCALL_REQUEST
                <VirtualHost *:80>
                %s
                </VirtualHost>
                <VirtualHost *:81>
                  ErrorLog "|/bin/rotate other"
                </VirtualHost>
                """.formatted(root, site);
        Facts facts = new Facts(
                Path.of("/httpd.conf"),
                "2.4.71",
                Set.of(),
                Set.of(),
                Optional.of(Directive.parse(dump)),
                Map.of(),
                Map.of("ROLLCALL_LOG", request),
                Optional.empty(),
                Optional.empty());
        return new LogChecks(facts, followed, reader).all();
    }

    private Optional<List<Path>> logs(String... names) {
        return Optional.of(Stream.of(names).map(root::resolve).toList());
    }

    @Test
    void allIsWellIfTheAgentReadsBothFiles() throws IOException {
        assertThat(check(SITE, logs("main.log", "requests.log"), Optional.empty()))
                .containsExactly(Finding.ok("request-log", "the agent follows 2 logs"));
    }

    @Test
    void aFileThatTheAgentDoesNotReadIsNamed() throws IOException {
        Optional<List<Path>> others = logs("main.log", "requests.log");
        assertThat(check("ErrorLog shop.log\n" + SITE, others, Optional.empty()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
                    assertThat(finding.what()).startsWith("httpd writes " + root.resolve("shop.log") + ", which");
                    assertThat(finding.advice())
                            .contains(": httpd.logs = " + root.resolve("main.log") + ", " + root.resolve("requests.log")
                                    + ", " + root.resolve("shop.log") + ";");
                });
        assertThat(check(SITE, Optional.empty(), Optional.empty()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
                    assertThat(finding.advice())
                            .endsWith("httpd.logs = " + root.resolve("requests.log") + ", " + root.resolve("main.log"));
                });
        assertThat(check(SITE, logs(), Optional.empty()))
                .extracting(Finding::level)
                .containsExactly(Finding.Level.FAIL);
    }

    @Test
    void pipesOtherFormatsAndOtherLevelsAreRefused() throws IOException {
        assertThat(check(
                        "ErrorLog |/bin/cat\nErrorLogFormat \"%M\"\n" + SITE + "LogLevel warn\n",
                        logs("requests.log"),
                        Optional.empty()))
                .extracting(Finding::what)
                .containsExactly(
                        "ErrorLog |/bin/cat at /httpd.conf:1 is no file",
                        "ErrorLogFormat at /httpd.conf:1",
                        "LogLevel warn at /site.conf:2 is for all modules");
        assertThat(check(
                        "LogLevel debug\n" + SITE + "LogLevel warn log_debug:info\nLogLevel ssl:debug\n",
                        logs("main.log", "requests.log"),
                        Optional.empty()))
                .extracting(Finding::level)
                .containsExactly(Finding.Level.OK);
    }

    @Test
    void aFileThatTheAgentsUserMayNotReadIsNamed() throws IOException {
        Path log = Files.writeString(root.resolve("main.log"), "");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
        assertThat(check(
                        SITE,
                        logs("main.log", "requests.log"),
                        Optional.of(new User("rollcall", 61234, Set.of(61234)))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).startsWith("rollcall cannot read " + log));
    }

    @Test
    void aPipeIsFollowedByTheNameThatRotatelogsKeepsOnTheNewestFile() throws IOException {
        request = "\"|/usr/bin/rotatelogs -L /var/log/r.log /var/log/r.%s.log 86400\"";
        assertThat(check(SITE, logs("main.log", "/var/log/r.log"), Optional.empty()))
                .extracting(Finding::level)
                .containsExactly(Finding.Level.OK);
        request = "|/bin/cat";
        assertThat(check(SITE, logs("main.log"), Optional.empty()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).isEqualTo("ROLLCALL_LOG |/bin/cat is a pipe"));
    }

    @Test
    void aDefineThatComesTooLateIsNamed() throws IOException {
        assertThat(new LogChecks(nothing(Map.of("ROLLCALL_LOG", "/r.log")), logs("/r.log"), Optional.empty()).all())
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice()).contains("before the Include"));
    }

    @Test
    void whereNothingIsLoggedTheAgentIsToFollowNothing() throws IOException {
        Facts facts = nothing(Map.of());
        assertThat(new LogChecks(facts, Optional.empty(), Optional.empty()).all())
                .extracting(Finding::level)
                .containsExactly(Finding.Level.OK);
        assertThat(new LogChecks(facts, Optional.of(List.of(Path.of("/x.log"))), Optional.empty()).all())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.what())
                            .isEqualTo("the agent follows /x.log, but httpd does not define ROLLCALL_LOG");
                    assertThat(finding.advice()).startsWith("Define ROLLCALL_LOG /x.log before rollcall.conf");
                });
    }

    private static Facts nothing(Map<String, String> defines) {
        return new Facts(
                Path.of("/httpd.conf"),
                "2.4.71",
                Set.of(),
                Set.of(),
                Optional.of(List.of()),
                Map.of(),
                defines,
                Optional.empty(),
                Optional.empty());
    }
}
