package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Restarts of httpd and new maps, under load. */
class RestartTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Way.class)
    void gracefulRestartsAndNewMapsUnderLoadFailNoRequest(Way way) throws Exception {
        try (Backend one = Backend.start("shop.example.com", "one");
                Backend two = Backend.start("shop.example.com", "two");
                Backend news = Backend.start("news.example.com", "news")) {
            String common = "news.example.com " + news.address() + "\nshop.example.com ";
            TestMaps maps = new TestMaps(directory.resolve("maps")).publish(common + one.address() + "\n");
            List<LoadClient.Ask> asks = List.of(
                    LoadClient.Ask.of("GET", "shop.example.com", "/x"),
                    LoadClient.Ask.of("POST", "news.example.com", "/y").onItsOwn(),
                    LoadClient.Ask.of("HEAD", "news.example.com", "/z"));
            try (Httpd httpd = way.httpd(directory.resolve("httpd"), maps)
                            .virtualHost("any.invalid", way.use())
                            .start();
                    LoadClient load = LoadClient.atRate(300, httpd.port(), 20, asks)) {
                long pid = httpd.pid();
                long ticks = httpd.startTicks();
                for (int round = 0; round < 3; round++) {
                    for (String slots : List.of(one.address() + "|" + two.address(), two.address(), one.address())) {
                        maps.publish(common + slots + "\n");
                        long then = load.report().ok();
                        await().until(() -> load.report().ok() > then + 60);
                    }
                    httpd.gracefulRestart();
                    long then = load.report().ok();
                    await().until(() -> load.report().ok() > then + 100);
                }
                LoadReport report = load.stop();
                assertThat(report.failed()).as(report.toString()).isZero();
                assertThat(two.requests()).isPositive();
                assertThat(httpd.pid()).isEqualTo(pid);
                assertThat(httpd.startTicks()).isEqualTo(ticks);
            }
        }
    }
}
