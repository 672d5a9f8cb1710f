package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return site(documents + lines + "\nUse Rollcall").start();
    }

    private HttpdBuilder site(String lines) {
        return Httpd.in(directory.resolve("httpd")).maps(maps.directory()).virtualHost("any.invalid", lines);
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

    /** What docs/httpd.md and the doctor warn of. */
    @Test
    void aModAliasThatIsLoadedAfterModEnvClosesTooLate() throws Exception {
        try (Backend one = Backend.start("a.example.com", "a-1");
                Backend two = Backend.start("a.example.com", "a-2")) {
            maps.publish("a.example.com " + one.address() + "|" + two.address() + "\n");
            String lines = "Use Rollcall\n<Location /closed>\nRedirect 503 /closed\n</Location>";
            try (Httpd httpd = site(lines).without("alias").with("alias").start()) {
                assertThat(RawHttp.get(httpd.port(), "a.example.com", "/closed/x")
                                .status())
                        .isEqualTo(200);
                assertThat(one.requests() + two.requests()).isEqualTo(1);
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

    /** A map in which every first pick is refused and the successor answers. */
    private Backend behindADeadOne() throws Exception {
        Backend alive = Backend.start("a.example.com", "alive");
        String dead = "127.0.0.1:" + Ports.free();
        maps.publish("a.example.com " + dead + "\n");
        maps.successors("a.example.com/" + dead + " " + alive.address() + "\n");
        return alive;
    }

    @ParameterizedTest
    @CsvSource({
        "Require all denied,                 Require all granted, authz_host",
        "'Order deny,allow;Deny from all', Allow from all, access_compat"
    })
    void aSiteThatIsClosedByDefaultHasItsSecondTryWhereItIsOpen(String closed, String open, String module)
            throws Exception {
        String sections = "<Location \"/\">\n" + closed.replace(';', '\n') + "\n</Location>\n<Location \"/open\">\n"
                + open + "\n</Location>\n";
        try (Backend alive = behindADeadOne();
                Httpd httpd = site("Use Rollcall\n" + sections).with(module).start()) {
            assertThat(Echo.of(RawHttp.get(httpd.port(), "a.example.com", "/open/x"))
                            .backend())
                    .isEqualTo("alive");
            assertThat(RawHttp.get(httpd.port(), "a.example.com", "/closed").status())
                    .isEqualTo(403);
            assertThat(RawHttp.get(httpd.port(), "a.example.com", "/.rollcall/again?&")
                            .status())
                    .isEqualTo(404);
            assertThat(alive.requests()).isEqualTo(1);
        }
    }

    @Test
    void whoHadToLogInIsTheSameUserInTheSecondTry() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "joe:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n"); // test
        String login = "<Location \"/\">\nAuthType Basic\nAuthName here\nAuthUserFile \"" + users
                + "\"\nRequire valid-user\n</Location>\nRequestHeader set X-User expr=%{REMOTE_USER}\n";
        try (Backend alive = behindADeadOne();
                Httpd httpd = site("Use Rollcall\n" + login)
                        .with("authn_core")
                        .with("authn_file")
                        .with("authz_user")
                        .with("auth_basic")
                        .start()) {
            String request =
                    RawHttp.request("GET", "a.example.com", "/", "Authorization: Basic am9lOnRlc3Q="); // joe:test
            Echo echo = Echo.of(RawHttp.exchange(httpd.port(), request));
            assertThat(echo.backend()).isEqualTo("alive");
            assertThat(echo.header("X-User")).isEqualTo("joe");
            assertThat(RawHttp.get(httpd.port(), "a.example.com", "/").status()).isEqualTo(401);
            assertThat(alive.requests()).isEqualTo(1);
        }
    }

    @Test
    void aHeaderThatIsAppendedOnlyInTheFirstTryIsThereOnce() throws Exception {
        try (Backend alive = behindADeadOne();
                Httpd httpd = start("RequestHeader append X-Once a env=!REDIRECT_ROLLCALL_TRY\n"
                        + "RequestHeader append X-Twice a\nRequestHeader set X-Set a")) {
            Echo echo = Echo.of(RawHttp.get(httpd.port(), "a.example.com", "/"));
            assertThat(echo.backend()).isEqualTo(alive.id());
            assertThat(echo.header("X-Once")).isEqualTo("a");
            assertThat(echo.header("X-Set")).isEqualTo("a");
            assertThat(echo.header("X-Twice")).isEqualTo("a, a"); // as docs/httpd.md says
        }
    }
}
