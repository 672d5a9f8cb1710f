package io.rollcall.agent.doctor;

import static io.rollcall.agent.doctor.DoctorSite.CONF;
import static io.rollcall.agent.doctor.DoctorSite.one;
import static io.rollcall.agent.doctor.Finding.Level.FAIL;
import static io.rollcall.agent.doctor.Finding.Level.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the httpd of this machine, with good and bad configurations; none is started. */
final class DoctorTest {
    @TempDir
    Path directory;

    private DoctorSite site;

    @BeforeEach
    void site() throws IOException {
        site = new DoctorSite(directory);
    }

    @Test
    void aGoodConfigurationHasNothingButGoodFindings() throws Exception {
        List<Finding> findings = site.examine("""
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
    void aConfigurationThatHttpdRefusesIsShownInHttpdsWords() throws Exception {
        Finding syntax = one(site.examine("Nonsense on\n"), "syntax");
        assertThat(syntax.level()).isEqualTo(FAIL);
        assertThat(syntax.what()).contains("Invalid command 'Nonsense'");
        Finding missing = one(site.doctor(Optional.empty()).examine(directory.resolve("none.conf")), "syntax");
        assertThat(missing.what()).contains("no such file");
    }

    @Test
    void whatIsForgottenMostOftenHasItsOwnAdvice() throws Exception {
        String host = "<VirtualHost *:1>\nServerName a\nUse Rollcall\n</VirtualHost>\n";
        assertThat(one(site.examine(host), "syntax").advice()).contains("Include", "before the first <VirtualHost>");
        assertThat(one(site.examine("<Macro Other>\n</Macro>\n" + host), "syntax")
                        .advice())
                .contains("Include", "before the first <VirtualHost>");
        String include = "Include " + CONF + "/rollcall.conf\n";
        assertThat(one(site.examineWithout("proxy_http", include), "syntax").advice())
                .contains("a2enmod rewrite macro headers env proxy proxy_http");
        Files.delete(site.maps.resolve("backends.map"));
        assertThat(one(site.examine(include), "syntax").advice()).contains("start the agent");
    }

    @Test
    void missingModulesAreNamed() throws Exception {
        Finding modules = one(site.examineWithout("macro headers", ""), "modules");
        assertThat(modules.level()).isEqualTo(FAIL);
        assertThat(modules.what()).isEqualTo("not loaded: macro headers");
        assertThat(modules.advice()).contains("a2enmod macro headers");
    }

    @Test
    void theVariablesOfDebiansEnvvarsAreSet() throws Exception {
        String body = "Define X ${FROM_ENVVARS}\nInclude ${FROM_ENVVARS}/rollcall.conf\n";
        Finding without = one(site.examine(body), "syntax");
        assertThat(without.level()).isEqualTo(FAIL);
        assertThat(without.advice()).contains("envvars");
        Files.writeString(directory.resolve("envvars"), "export FROM_ENVVARS=" + CONF + "\n");
        assertThat(one(site.examine(body), "syntax").level()).isEqualTo(OK);
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
        site.configuration("Include %s/rollcall.conf\n".formatted(CONF), "");
        Finding elsewhere =
                one(site.doctor(Optional.of(Path.of("/elsewhere"))).examine(directory.resolve("httpd.conf")), "maps");
        assertThat(elsewhere.what()).isEqualTo("the configuration reads " + site.maps + ", not /elsewhere");
    }
}
