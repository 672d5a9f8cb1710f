package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the declared workers are for, and that nothing but speed depends on them. */
class WorkersTest {
    @TempDir
    Path directory;

    @Test
    void aDeclaredBackendKeepsItsConnectionsAndAnUndeclaredOneWorksAllTheSame() throws Exception {
        try (Backend declared = Backend.start("old.example.com", "declared");
                Backend fresh = Backend.start("new.example.com", "fresh")) {
            // The address of a worker is the beginning of another's: httpd must not take one for the other.
            String shorter = fresh.address().substring(0, fresh.address().length() - 1);
            TestMaps maps = new TestMaps(directory.resolve("maps"))
                    .publish("new.example.com " + fresh.address() + "\nold.example.com " + declared.address() + "\n")
                    .workers(worker(declared.address()) + worker(shorter));
            try (Httpd httpd = Httpd.in(directory.resolve("httpd"))
                    .maps(maps.directory())
                    .directives("StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25")
                    .virtualHost("any.invalid", "Use Rollcall")
                    .start()) {
                for (int i = 0; i < 50; i++) {
                    assertThat(Echo.of(RawHttp.get(httpd.port(), "old.example.com", "/"))
                                    .backend())
                            .isEqualTo("declared");
                    assertThat(Echo.of(RawHttp.get(httpd.port(), "new.example.com", "/"))
                                    .backend())
                            .isEqualTo("fresh");
                }
                assertThat(fresh.accepted()).isEqualTo(50);
                assertThat(declared.accepted()).isLessThan(10);
            }
        }
    }

    /** If this fails, httpd has learnt to keep connections to backends that it was not told of: then use it. */
    @Test
    void aWorkerOfAnyAddressKeepsNoConnectionsAndSoNeverSendsARequestToTheBackendOfAnother() throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend other = Backend.start("other.example.com", "other")) {
            TestMaps maps = new TestMaps(directory.resolve("maps"))
                    .publish("one.example.com " + one.address() + "\nother.example.com " + other.address() + "\n")
                    .workers("""
                            ProxyPassMatch "^/\\.rollcall/(?!)([^:]+):(.*)$" "http://$1:$2" enablereuse=on ttl=30
                            ProxyPassMatch "^/\\.rollcall/(?!)([^/]+)/(.*)$" "http://$1/$2" enablereuse=on ttl=30
                            """);
            try (Httpd httpd = Httpd.in(directory.resolve("httpd"))
                    .maps(maps.directory())
                    .directives("StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25")
                    .virtualHost("any.invalid", "Use Rollcall")
                    .start()) {
                for (int i = 0; i < 50; i++) {
                    for (String name : List.of("one", "other")) {
                        assertThat(Echo.of(RawHttp.get(httpd.port(), name + ".example.com", "/"))
                                        .backend())
                                .isEqualTo(name);
                    }
                }
                assertThat(List.of(one.accepted(), other.accepted())).containsExactly(50L, 50L);
            }
        }
    }

    /** Why {@code workers.ttl} is to be below what backends keep: it is the same when the backend's own time is over just then. */
    @Test
    void aKeptConnectionThatTheBackendClosesWhenARequestIsOnItsWayCostsThatRequest() throws Exception {
        try (Backend backend = Backend.start("old.example.com", "declared")) {
            TestMaps maps = new TestMaps(directory.resolve("maps"))
                    .publish("old.example.com " + backend.address() + "\n")
                    .workers(worker(backend.address()));
            try (Httpd httpd = Httpd.in(directory.resolve("httpd"))
                    .maps(maps.directory())
                    .directives("StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25")
                    .virtualHost("any.invalid", "Use Rollcall")
                    .start()) {
                assertThat(RawHttp.get(httpd.port(), "old.example.com", "/").status())
                        .isEqualTo(200);
                backend.resets(true);
                assertThat(RawHttp.get(httpd.port(), "old.example.com", "/").status())
                        .isEqualTo(502);
                assertThat(backend.accepted()).isEqualTo(1);
            }
        }
    }

    /** As the agent writes it. */
    private static String worker(String address) {
        return "ProxyPass \"rollcall\" \"http://" + address
                + "\" enablereuse=on connectiontimeout=1 upgrade=websocket smax=0 ttl=4\n";
    }
}
