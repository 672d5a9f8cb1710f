package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What httpd says when it reads the configuration. */
class ConfigurationTest {
    @TempDir
    Path directory;

    private TestMaps maps;

    @BeforeEach
    void maps() throws IOException {
        maps = new TestMaps(directory.resolve("maps"));
    }

    private HttpdBuilder httpd() {
        return Httpd.in(directory.resolve("httpd")).maps(maps.directory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rewrite", "macro", "headers", "env", "proxy_http"})
    void aModuleThatIsMissingIsNamed(String module) throws Exception {
        assertThat(httpd().without(module).test())
                .startsWith("1 ")
                .contains("Rollcall needs mod_" + module + " (Debian: a2enmod " + module + ")");
    }

    @Test
    void theResolverSaysWhatItNeedsToo() throws Exception {
        assertThat(httpd().resolver("/bin/true").without("unique_id").test())
                .startsWith("1 ")
                .contains("needs mod_unique_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log_debug", "unique_id", "setenvif"})
    void theRequestLogSaysWhatItNeedsAndNobodyElseNeedsIt(String module) throws Exception {
        assertThat(httpd().without(module).test()).startsWith("0 ");
        assertThat(httpd().evidence().without(module).test())
                .startsWith("1 ")
                .contains("ROLLCALL_LOG needs mod_" + module + " (Debian: a2enmod " + module + ")");
    }

    @Test
    void theFilesAreReadWithoutAWarning() throws Exception {
        String said = httpd().evidence()
                .resolver("/bin/true")
                .virtualHost("a.example.com", "Use RollcallKeep /a/\nUse RollcallUnknownStays\nUse Rollcall")
                .virtualHost("b.example.com", "Use RollcallService b")
                .virtualHost("c.example.com", "Use RollcallResolver")
                .virtualHost("d.example.com", "Use RollcallResolverService d")
                .test();
        assertThat(said).isEqualTo("0 Syntax OK\n");
    }

    @Test
    void mapsThatAreNotThereYetAreNamedByHttpd() throws Exception {
        Files.delete(maps.directory().resolve("backends.map"));
        assertThat(httpd().test()).startsWith("1 ").contains("backends.map");
    }

    @Test
    void virtualHostsThatDoNotUseItAreLeftAlone() throws Exception {
        try (Backend backend = Backend.start("plain", "plain-1");
                Httpd httpd = httpd().resolver("/bin/true")
                        .listen(Ports.free(), Ports.free())
                        .virtualHost("any.invalid", "Use Rollcall")
                        .directives("<VirtualHost *:${PORT2}>\nProxyPass /p/ http://" + backend.address()
                                + "/\nProxyPass /dead/ http://127.0.0.1:" + Ports.free() + "/\n</VirtualHost>")
                        .start()) {
            assertThat(Echo.of(RawHttp.get(httpd.port(1), "x", "/p/.rollcall/again"))
                            .target())
                    .isEqualTo("/.rollcall/again");
            HttpMessage dead = RawHttp.get(httpd.port(1), "x", "/dead/");
            assertThat(dead.status()).isEqualTo(503);
            assertThat(dead.header("Retry-After")).isEmpty();
            assertThat(dead.text()).doesNotContain("Additionally");
            assertThat(RawHttp.get(httpd.port(1), "x", "/.rollcall/again").status())
                    .isIn(403, 404);
        }
    }

    @Test
    void aRuleThatPassesARequestOnPastRollcallReachesNobody() throws Exception {
        try (Backend backend = Backend.start("a.example.com", "a-1")) {
            maps.publish("a.example.com " + backend.address() + "\n");
            try (Httpd httpd = httpd().virtualHost(
                            "a.example.com",
                            "RewriteEngine On\nRewriteRule ^/past/(.*) /$1 [PT,L]\nRewriteRule ^/gone - [G]\nUse Rollcall")
                    .start()) {
                assertThat(RawHttp.get(httpd.port(), "a.example.com", "/past/127.0.0.1/x")
                                .status())
                        .isIn(403, 404);
                assertThat(RawHttp.get(httpd.port(), "a.example.com", "/gone").status())
                        .isEqualTo(410);
                assertThat(backend.requests()).isZero();
                assertThat(Echo.of(RawHttp.get(httpd.port(), "a.example.com", "/x"))
                                .backend())
                        .isEqualTo("a-1");
            }
        }
    }

    @Test
    void aVirtualHostMayAnswerForUnknownNamesByARuleOfItsOwn() throws Exception {
        try (Backend backend = Backend.start("a.example.com", "a-1")) {
            maps.publish("a.example.com " + backend.address() + "\n");
            try (Httpd httpd = httpd().virtualHost("any.invalid", """
                            Use RollcallKeep /kept/
                            Use RollcallUnknownStays
                            Use Rollcall
                            RewriteCond %{ENV:ROLLCALL_TRY} =1
                            RewriteRule ^ https://www.example.com/ [R=302,L]""").start()) {
                assertThat(Echo.of(RawHttp.get(httpd.port(), "a.example.com", "/x"))
                                .backend())
                        .isEqualTo("a-1");
                assertThat(RawHttp.get(httpd.port(), "b.example.com", "/x").header("Location"))
                        .contains("https://www.example.com/");
                assertThat(RawHttp.get(httpd.port(), "b.example.com", "/kept/x").status())
                        .isIn(403, 404);
            }
        }
    }

    @Test
    void aStaticProxyPassOnAKeptPathFailsAsItAlwaysDid() throws Exception {
        try (Httpd httpd = httpd().virtualHost(
                        "any.invalid",
                        "Use RollcallKeep /own/\nProxyPass /own/ http://127.0.0.1:" + Ports.free()
                                + "/\nErrorDocument 503 \"own words\"\nUse Rollcall")
                .start()) {
            HttpMessage answer = RawHttp.get(httpd.port(), "a.example.com", "/own/x");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("own words");
            assertThat(answer.header("Retry-After")).isEmpty();
        }
    }

    /** The main server's rules come first wherever they stand. */
    @Test
    void aPathThatTheMainServerKeepsIsKeptByAVirtualHostBeforeIt() throws Exception {
        try (Backend backend = Backend.start("a.example.com", "a-1")) {
            maps.publish("a.example.com " + backend.address() + "\n");
            try (Httpd httpd = httpd().virtualHost("any.invalid", "Use Rollcall")
                    .directives("Use RollcallKeep /kept/")
                    .start()) {
                assertThat(RawHttp.get(httpd.port(), "a.example.com", "/kept/x").status())
                        .isIn(403, 404);
                assertThat(backend.requests()).isZero();
                assertThat(Echo.of(RawHttp.get(httpd.port(), "a.example.com", "/x"))
                                .backend())
                        .isEqualTo("a-1");
            }
        }
    }
}
