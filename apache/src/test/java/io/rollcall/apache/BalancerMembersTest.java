package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why Rollcall does not pool new backends as members of a balancer that are added at run time. If one of these fails, httpd has become
 * better at it: then think again.
 */
class BalancerMembersTest {
    @TempDir
    Path directory;

    private HttpdBuilder httpd;
    private Backend old;
    private Backend fresh;

    @BeforeEach
    void aBalancerWithRoomForOneMoreMember() throws IOException {
        old = Backend.start("old.example.com", "old");
        fresh = Backend.start("new.example.com", "new");
        httpd = Httpd.in(directory.resolve("httpd"))
                .with("slotmem_shm")
                .with("proxy_balancer")
                .with("lbmethod_byrequests")
                .directives("StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25")
                .virtualHost("front.invalid", """
                        <Proxy "balancer://all">
                          BalancerMember "http://%s" route=old
                          ProxySet growth=1 stickysession=ROUTE nonce=secret
                        </Proxy>
                        <Location "/manager">
                          SetHandler balancer-manager
                          Require all granted
                        </Location>
                        ProxyPass "/manager" "!"
                        ProxyPass "/" "balancer://all/"
                        """.formatted(old.address()));
    }

    @AfterEach
    void endBackends() throws IOException {
        old.close();
        fresh.close();
    }

    @Test
    void aMemberThatIsAddedKeepsItsConnectionsButItsPlaceIsNeverFreeAgain() throws Exception {
        try (Httpd httpd = this.httpd.start();
                Backend next = Backend.start("next.example.com", "next")) {
            assertThat(add(httpd, fresh)).isEqualTo(200);
            assertThat(set(httpd, fresh, "w_wr=new&w_status_D=0")).isEqualTo(200);
            for (int i = 0; i < 50; i++) {
                assertThat(answers(httpd, "new")).isEqualTo("new");
            }
            assertThat(fresh.accepted()).isLessThan(10);

            assertThat(set(httpd, fresh, "w_status_D=1&w_status_S=1")).isEqualTo(200);
            assertThat(add(httpd, next)).isEqualTo(400);
            assertThat(members(httpd)).contains(fresh.address()).doesNotContain(next.address());
        }
    }

    @Test
    void aMemberThatWasAddedIsGoneAfterAReloadAndItsRequestsGoToTheBackendOfAnother() throws Exception {
        try (Httpd httpd = this.httpd.start()) {
            assertThat(add(httpd, fresh)).isEqualTo(200);
            assertThat(set(httpd, fresh, "w_wr=new&w_status_D=0")).isEqualTo(200);
            assertThat(answers(httpd, "new")).isEqualTo("new");

            httpd.gracefulRestart();

            assertThat(members(httpd)).contains(old.address()).doesNotContain(fresh.address());
            assertThat(answers(httpd, "new")).isEqualTo("old");
        }
    }

    private static String answers(Httpd httpd, String route) throws IOException {
        return Echo.of(RawHttp.exchange(
                        httpd.port(),
                        RawHttp.request("GET", route + ".example.com", "/", "Cookie: ROUTE=session." + route)))
                .backend();
    }

    private static int add(Httpd httpd, Backend backend) throws IOException {
        return manage(httpd, "b_wyes=1&b_nwrkr=http://" + backend.address());
    }

    private static int set(Httpd httpd, Backend backend, String values) throws IOException {
        return manage(httpd, "w=http://" + backend.address() + "&" + values);
    }

    /** As the form of the balancer manager does; the status of the answer. */
    private static int manage(Httpd httpd, String values) throws IOException {
        String form = "b=all&nonce=secret&" + values;
        String post = RawHttp.request(
                "POST",
                "front.invalid",
                "/manager",
                "Referer: http://front.invalid/manager",
                "Content-Length: " + form.length());
        return RawHttp.exchange(httpd.port(), post + form).status();
    }

    private static String members(Httpd httpd) throws IOException {
        return RawHttp.get(httpd.port(), "front.invalid", "/manager").text();
    }
}
