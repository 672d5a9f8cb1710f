package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KitTest {
    @TempDir
    Path directory;

    @Test
    void httpdStartsServesRestartsGracefullyAndStops() throws Exception {
        try (Backend backend = Backend.start("shop", "a")) {
            Httpd httpd = Httpd.in(directory)
                    .virtualHost("shop.example.com", "ProxyPass / http://" + backend.address() + "/ nocanon")
                    .start();
            try (httpd) {
                HttpMessage answer = RawHttp.get(httpd.port(), "shop.example.com", "/a%20b?x=%25");
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(answer.header("X-Backend")).contains("a");
                assertThat(answer.text()).contains("\"target\":\"/a%20b?x=%25\"");

                long ticks = httpd.startTicks();
                assertThat(httpd.workers()).isNotEmpty();
                assertThat(httpd.programs()).isEmpty();
                httpd.gracefulRestart();
                assertThat(httpd.startTicks()).isEqualTo(ticks);
            }
            assertThat(httpd.alive()).isFalse();
        }
    }

    @Test
    void aRefusedConfigurationIsReportedWithHttpdsOwnWords() {
        assertThatThrownBy(() ->
                        Httpd.in(directory).directives("NoSuchDirective on").start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Invalid command 'NoSuchDirective'");
    }

    @Test
    void loadChecksWhoAnsweredAndCountsWhatFails() throws Exception {
        try (Backend right = Backend.start("shop", "a");
                Backend wrong = Backend.start("news", "b")) {
            List<LoadClient.Ask> asks = List.of(
                    LoadClient.Ask.of("GET", "shop", "/"),
                    LoadClient.Ask.of("HEAD", "shop", "/"),
                    LoadClient.Ask.of("POST", "shop", "/"));
            try (LoadClient load = LoadClient.closedLoop(right.port(), 4, asks);
                    LoadClient misled = LoadClient.atRate(200, wrong.port(), 4, asks)) {
                await().until(() -> load.report().ok() > 100 && misled.report().failed() > 20);
                assertThat(load.stop().failed()).as(load.report().toString()).isZero();
                assertThat(misled.stop().ok()).isZero();
                assertThat(misled.report().reasons()).containsOnlyKeys("answered by service news (backend b)");
            }
        }
    }

    @Test
    void loadReportsRefusedConnectionsAndGoesOn() throws Exception {
        int nobody = Ports.free();
        try (LoadClient load = LoadClient.closedLoop(nobody, 2, List.of(LoadClient.Ask.of("GET", "shop", "/")))) {
            await().until(() -> load.report().failed() > 10);
            assertThat(load.stop().failures().get(0).reason()).startsWith("cannot send: Connection refused");
        }
    }

    @Test
    void quantilesAreCloseToTheTruth() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 1000; i++) {
            latencies.add(i * 1_000_000L);
        }
        assertThat(latencies.quantile(0.5)).isBetween(Duration.ofMillis(500), Duration.ofMillis(516));
        assertThat(latencies.quantile(0.99)).isBetween(Duration.ofMillis(990), Duration.ofSeconds(1));
        assertThat(latencies.quantile(1)).isEqualTo(Duration.ofSeconds(1));
    }
}
