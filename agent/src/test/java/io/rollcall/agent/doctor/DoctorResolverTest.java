package io.rollcall.agent.doctor;

import static io.rollcall.agent.doctor.DoctorSite.CONF;
import static io.rollcall.agent.doctor.DoctorSite.one;
import static io.rollcall.agent.doctor.DoctorSite.user;
import static io.rollcall.agent.doctor.Finding.Level.FAIL;
import static io.rollcall.agent.doctor.Finding.Level.OK;
import static io.rollcall.agent.doctor.Finding.Level.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the resolver needs. */
final class DoctorResolverTest {
    @TempDir
    Path directory;

    private DoctorSite site;

    @BeforeEach
    void site() throws IOException {
        site = new DoctorSite(directory);
    }

    @Test
    void theResolverAsShippedIsGood() throws Exception {
        Path program = Files.writeString(directory.resolve("rollcall"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        List<Finding> findings = site.examine("""
                Define ROLLCALL_RESOLVER "%s resolve --maps %s"
                Define ROLLCALL_RESOLVER_USER %s
                Include %s/rollcall.conf
                Include %s/rollcall-resolver.conf
                <VirtualHost *:1>
                    Use RollcallResolver
                </VirtualHost>
                """.formatted(program, site.maps, user(), CONF, CONF));
        assertThat(one(findings, "resolver").level()).isEqualTo(OK);
        assertThat(one(findings, "resolver-program")).isEqualTo(Finding.ok("resolver-program", program.toString()));
    }

    @Test
    void theResolverNeedsUniqueIds() throws Exception {
        assertThat(one(
                        site.examineWithout(
                                "unique_id", "RewriteMap r \"prg:/bin/sh -c 'exec /bin/rollcall resolve'\"\n"),
                        "unique_id"))
                .extracting(Finding::level)
                .isEqualTo(FAIL);
    }

    @Test
    void aMutexThatAKilledChildNeverReleasesIsRefused() throws Exception {
        String map = "RewriteMap r \"prg:/bin/sh -c 'exec /bin/rollcall resolve'\"\n";
        for (String mutex : List.of("Mutex posixsem rewrite-map\n", "Mutex posixsem default\n")) {
            assertThat(one(site.examine(mutex + map), "mutex").level())
                    .as(mutex)
                    .isEqualTo(FAIL);
            assertThat(one(site.examine(mutex), "mutex").level()).as(mutex).isEqualTo(WARN);
        }
        assertThat(one(site.examine("Mutex posixsem default\nMutex sysvsem rewrite-map\n" + map), "mutex"))
                .isEqualTo(Finding.ok("mutex", "rewrite-map: sysvsem"));
    }

    @Test
    void severalResolversAndAProgramThatCannotBeStartedAreReported() throws Exception {
        List<Finding> findings = site.examine("""
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
}
