package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a site says in its own configuration holds for requests that Rollcall routes. */
class SiteTest {
    @TempDir
    Path directory;

    private TestMaps maps;
    private String documents;

    @BeforeEach
    void site() throws Exception {
        maps = new TestMaps(directory.resolve("maps"));
        Path site = Files.createDirectories(directory.resolve("site"));
        Files.writeString(site.resolve("sorry.html"), "sorry, says the site");
        documents = "ErrorDocument 503 /sorry.html\nDocumentRoot \"" + site + "\"\n<Directory \"" + site
                + "\">\nRequire all granted\n</Directory>\n";
    }

    private Httpd start(String lines) throws Exception {
        return Httpd.in(directory.resolve("httpd"))
                .maps(maps.directory())
                .virtualHost("any.invalid", documents + lines + "\nUse Rollcall")
                .start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Redirect 503 /closed", "Options FollowSymLinks\nRewriteEngine On\nRewriteRule ^ - [R=503]"})
    void whatASectionClosesWith503IsNotOpenedByTheSecondTry(String closed) throws Exception {
        try (Backend one = Backend.start("a.example.com", "a-1");
                Backend two = Backend.start("a.example.com", "a-2")) {
            maps.publish("a.example.com " + one.address() + "|" + two.address() + "\n");
            try (Httpd httpd = start("<Location /closed>\n" + closed + "\n</Location>")) {
                HttpMessage answer = RawHttp.get(httpd.port(), "a.example.com", "/closed/x");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.text()).isEqualTo("sorry, says the site");
                assertThat(one.requests() + two.requests()).isZero();
                assertThat(RawHttp.get(httpd.port(), "a.example.com", "/open").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void a503OfABackendThatTheSiteOverridesIsAskedForOnce() throws Exception {
        try (Backend one = Backend.start("a.example.com", "a-1");
                Backend two = Backend.start("a.example.com", "a-2")) {
            one.answers(request -> Answer.text(503, "I am busy"));
            two.answers(request -> Answer.text(503, "I am busy"));
            maps.publish("a.example.com " + one.address() + "|" + two.address() + "\n");
            try (Httpd httpd = start("ProxyErrorOverride On")) {
                HttpMessage answer = RawHttp.get(httpd.port(), "a.example.com", "/x");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.text()).isEqualTo("sorry, says the site");
                assertThat(one.requests() + two.requests()).isEqualTo(1);
            }
        }
    }

    @Test
    void aSecondTryThatTheBackendAnswersWithAnOverridden503IsTheLast() throws Exception {
        try (Backend busy = Backend.start("a.example.com", "a-1")) {
            busy.answers(request -> Answer.text(503, "I am busy"));
            String dead = "127.0.0.1:" + Ports.free();
            maps.publish("a.example.com " + dead + "\n");
            maps.successors("a.example.com/" + dead + " " + busy.address() + "\na.example.com/" + busy.address() + " "
                    + dead + "\n");
            try (Httpd httpd = start("ProxyErrorOverride On")) {
                HttpMessage answer = RawHttp.get(httpd.port(), "a.example.com", "/x");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.text()).isEqualTo("sorry, says the site");
                assertThat(busy.requests()).isEqualTo(1);
            }
        }
    }

    @Test
    void aRedirectOfTheSiteNeedsNoLastFlag() throws Exception {
        try (Backend backend = Backend.start("a.example.com", "a-1")) {
            maps.publish("a.example.com " + backend.address() + "\n");
            try (Httpd httpd = start("RewriteEngine On\nRewriteRule ^/old$ /new [R=301]\n"
                    + "RewriteRule ^/off(.*) https://www.example.com$1")) {
                HttpMessage old = RawHttp.get(httpd.port(), "a.example.com", "/old?x=1");
                assertThat(old.status()).isEqualTo(301);
                assertThat(old.header("Location").orElse("")).endsWith("/new?x=1");
                HttpMessage off = RawHttp.get(httpd.port(), "a.example.com", "/off/x");
                assertThat(off.header("Location")).contains("https://www.example.com/x");
                assertThat(backend.requests()).isZero();
                assertThat(Echo.of(RawHttp.get(httpd.port(), "a.example.com", "/new"))
                                .backend())
                        .isEqualTo("a-1");
            }
        }
    }
}
