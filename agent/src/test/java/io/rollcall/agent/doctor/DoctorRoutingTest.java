package io.rollcall.agent.doctor;

import static io.rollcall.agent.doctor.DoctorSite.CONF;
import static io.rollcall.agent.doctor.DoctorSite.one;
import static io.rollcall.agent.doctor.Finding.Level.FAIL;
import static io.rollcall.agent.doctor.Finding.Level.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps requests from being routed, or from their second try. */
final class DoctorRoutingTest {
    @TempDir
    Path directory;

    private DoctorSite site;

    @BeforeEach
    void site() throws IOException {
        site = new DoctorSite(directory);
    }

    @Test
    void rollcallConfMustBeIncludedInTheMainServer() throws Exception {
        Finding absent = one(site.examine(""), "include");
        assertThat(absent.level()).isEqualTo(FAIL);
        assertThat(absent.what()).isEqualTo("rollcall.conf is not included");

        Finding inside = one(
                site.examine("<VirtualHost *:1>\nInclude %s/rollcall.conf\n</VirtualHost>\n".formatted(CONF)),
                "include");
        assertThat(inside.level()).isEqualTo(FAIL);
        assertThat(inside.what()).contains("inside a virtual host, at " + CONF + "/rollcall.conf:");
    }

    @Test
    void aConfigurationThatRoutesNothingIsNoticed() throws Exception {
        assertThat(one(
                        site.examine("Include %s/rollcall.conf\n<VirtualHost *:1>\n</VirtualHost>\n".formatted(CONF)),
                        "use"))
                .extracting(Finding::level)
                .isEqualTo(WARN);
    }

    @Test
    void anErrorDocumentThatPreventsTheSecondTryIsReportedWithItsPlace() throws Exception {
        List<Finding> findings = site.examine("""
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
        assertThat(document.what()).isEqualTo("ErrorDocument 503 in <Location /Shop> at " + site.line("\"sorry\""));
    }

    @Test
    void rulesOfTheMainServerAreReportedWithTheirPlace() throws Exception {
        Finding inherited = one(
                site.examine("RewriteEngine On\nRewriteRule ^/main$ - [F]\nInclude %s/rollcall.conf\n".formatted(CONF)),
                "inherited");
        assertThat(inherited.level()).isEqualTo(WARN);
        assertThat(inherited.what()).isEqualTo("RewriteRule in the main server at " + site.line("^/main$"));
    }
}
