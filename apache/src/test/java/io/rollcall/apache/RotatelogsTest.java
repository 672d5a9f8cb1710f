package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.drain.RequestEvidence.Watch;
import io.rollcall.agent.logs.RequestLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request log that httpd writes through rotatelogs, followed by the name that {@code -L} keeps on the newest file. */
class RotatelogsTest {
    private static final String SHOP = "shop.example.com";
    private static final Path ROTATELOGS = Path.of("/usr/bin/rotatelogs");
    private static final Reading NONE = new Reading.None();

    @TempDir
    Path directory;

    @Test
    void noEndIsMissedWhileTheFileIsAnotherEverySecond() throws Exception {
        assumeTrue(Files.isExecutable(ROTATELOGS), "rotatelogs is in Debian's apache2-utils");
        Path link = directory.resolve("requests.log");
        CountDownLatch hold = new CountDownLatch(1);
        TestMaps maps = new TestMaps(directory.resolve("maps"));
        try (Backend backend = Backend.start(SHOP, "a").answers(request -> {
                    if (request.target().equals("/slow")) {
                        await().until(() -> hold.await(10, TimeUnit.MILLISECONDS));
                    }
                    return Answer.text(200, "");
                });
                Httpd httpd = Httpd.in(directory.resolve("httpd"))
                        .maps(maps.publish(SHOP + " " + backend.address() + "\n")
                                .directory())
                        .evidence("|" + ROTATELOGS + " -L " + link + " " + directory + "/requests.%s.log 1")
                        .virtualHost(SHOP, "Use Rollcall")
                        .start();
                RequestLogs logs =
                        RequestLogs.ofHttpd(List.of(directory.resolve("httpd/error.log"), link), httpd.pid())) {
            logs.start();
            await().until(() -> !logs.watch(SHOP, "").read().equals(NONE));
            RawHttp.get(httpd.port(), SHOP, "/before"); // rotatelogs makes the file when there is something to write
            await().until(() -> Files.exists(link));
            httpd.gracefulRestart(); // its first children are older than the reader
            await().until(() -> {
                RawHttp.get(httpd.port(), SHOP, "/first");
                return logs.watch(SHOP, "").read().equals(NONE);
            });
            try (RawHttp client = RawHttp.connect(httpd.port())) {
                client.send(RawHttp.request("GET", SHOP, "/slow"));
                await().until(() -> backend.open() == 1);
                Watch watch = logs.watch(SHOP, backend.address());
                Set<Object> files = ConcurrentHashMap.newKeySet();
                await().until(() -> {
                    assertThat(RawHttp.get(httpd.port(), SHOP, "/").status()).isEqualTo(200);
                    if (Files.exists(link)) {
                        files.add(Files.readAttributes(link, BasicFileAttributes.class)
                                .fileKey());
                    }
                    return files.size() > 3;
                });
                await().until(() -> watch.read() instanceof Reading.Open open && open.requests() == 1);
                hold.countDown();
                await().until(() -> watch.read().equals(NONE));
            }
            assertThat(logs.status().gaps()).isZero();
            assertThat(logs.status().open()).isZero();
        }
    }
}
