package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who asks after a publication gets no answer from before it: what the agent says of a drained backend rests on that. */
class StaleAnswerTest {
    private static final String SHOP = "shop.example.com";
    private static final int CHANGES = 200;

    @TempDir
    Path directory;

    private Backend a;
    private Backend b;
    private TestMaps maps;

    @BeforeEach
    void start() throws IOException {
        a = Backend.start(SHOP, "a");
        b = Backend.start(SHOP, "b");
        maps = new TestMaps(directory.resolve("maps"));
        publish(a);
    }

    @AfterEach
    void stop() throws IOException {
        a.close();
        b.close();
    }

    private void publish(Backend backend) throws IOException {
        maps.publish(SHOP + " " + backend.address() + "\n");
    }

    /** How many of the requests that started after a publication went where the one before had said. */
    private int stale(Httpd httpd) throws Exception {
        int stale = 0;
        try (LoadClient load = LoadClient.atRate(200, httpd.port(), 4, List.of(LoadClient.Ask.of("GET", SHOP, "/")))) {
            await().until(() -> load.report().ok() > 20);
            for (int i = 0; i < CHANGES; i++) {
                Backend now = i % 2 == 0 ? b : a;
                publish(now);
                String backend = Echo.of(RawHttp.get(httpd.port(), SHOP, "/")).backend();
                stale += backend.equals(now.id()) ? 0 : 1;
            }
            LoadReport report = load.stop();
            assertThat(report.failed()).as(report.toString()).isZero();
        }
        return stale;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nobodyIsSentWhereThePublicationBeforeHadSaid(Way way) throws Exception {
        try (Httpd httpd = way.httpd(directory.resolve("httpd"), maps)
                .virtualHost(SHOP, way.use())
                .start()) {
            assertThat(stale(httpd)).isZero();
        }
    }

    @Test
    void aResolverThatAnswersFromWhatItReadBeforeWouldBeFoundOut() throws Exception {
        Path program = directory.resolve("resolver");
        Files.writeString(program, """
                #!/usr/bin/perl
                $| = 1;
                my ($age, $address) = (0, "");
                while (<STDIN>) {
                    my ($id) = /^!?(\\S+) /;
                    if (time > $age) {
                        $age = time;
                        open(my $map, "<", "%s/backends.map");
                        while (my $line = <$map>) { $address = $1 if $line =~ /^shop\\S* (\\S+)/; }
                    }
                    print "$id $address\\n";
                }
                """.formatted(maps.directory()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Httpd httpd = Httpd.in(directory.resolve("httpd"))
                .maps(maps.directory())
                .resolver(program.toString())
                .virtualHost(SHOP, Way.RESOLVER.use())
                .start()) {
            assertThat(stale(httpd)).isPositive();
        }
    }
}
