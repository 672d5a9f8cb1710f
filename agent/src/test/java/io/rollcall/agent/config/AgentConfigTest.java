package io.rollcall.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rollcall.agent.health.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentConfigTest {
    @TempDir
    private Path dir;

    @Test
    void theExampleNamesEveryKeyWithItsDefault() throws IOException {
        List<String> example = Files.readAllLines(Path.of("src/dist/conf/agent.properties"));
        for (Setting setting : Setting.values()) {
            assertThat(example).contains("#" + setting.key + " = " + setting.fallback);
        }
    }

    @Test
    void theExampleIsSoundWithAllItsKeysSet() throws Exception {
        String all = Files.readString(Path.of("src/dist/conf/agent.properties")).replaceAll("(?m)^#(?=[a-z.]+ = )", "");
        assertThat(read(all).forgetAfter()).isEqualTo(Duration.ofDays(7));
        assertThat(read(all).embedded()).isEmpty();
    }

    @Test
    void probesGrowRareOnlyWhereRequestsAreToldOfAndNobodyChoseAnInterval() throws Exception {
        assertThat(read("").health().calmest()).isZero();
        assertThat(read("httpd.logs = /var/log/apache2/requests.log\n").health().calmest())
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(read("httpd.logs = /var/log/apache2/requests.log\nprobe.interval = 1s\n")
                        .health()
                        .calmest())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            zokeeper = a:1          | :2: unknown key 'zokeeper' (nearest known key: zookeeper;
            forget.afer = 7d        | nearest known key: forget.after
            session.timeout = 10    | :2: session.timeout: '10' (expected: a duration such as 50ms, 10s, 5m, 2h or 7d)
            session.timeout = 10ms  | (expected: at least 1000ms)
            session.timeout = 999d  | (expected: at most 3600s)
            touch.every = 999999d   | (expected: at most 3650d)
            zookeeper = a:65536     | (expected: host:port
            embedded.zookeeper.bind = | (expected: an address to listen on)
            maps.dir = maps         | maps.dir: 'maps' (expected: an absolute path)
            publish.names = (       | publish.names: '(' (expected: a regular expression
            allow.networks = 10/8   | (expected: networks such as 10.0.0.0/8 or fc00::/7, not '10/8')
            allow.ports = 0-70000   | (expected: ports or ranges within 1-65535
            workers.max = many      | workers.max: 'many' (expected: 0..10000)
            workers.ttl = 500ms     | (expected: at least 1000ms)
            workers.ttl = 1500ms    | workers.ttl: '1500ms' (expected: whole seconds)
            embedded.zookeeper = 1  | (expected: true or false)
            zookeeper = here        | (expected: host:port
            root = rollcall         | expected: an absolute znode path
            httpd.user = no-such-user | httpd.user: 'no-such-user' (expected: a user of this machine, a number or any)
            drain.grace = 1ms       | (expected: at least 100ms)
            probe.interval = 1ms    | (expected: at least 50ms)
            probe.first = yes       | probe.first: 'yes' (expected: required or off)
            probe.http = /health    | (expected: off, or service=/path with commas between)
            eject.max = 50          | (expected: 0% to 100%)
            eject.max = 101%        | (expected: 0..100)
            eject.statuses = 200    | (expected: 400..599)
            httpd.logs = /a, b      | (expected: off, or absolute paths with commas between)
            just words              | :2: 'just words' (expected: key = value)
            """)
    void whatCannotBeHonouredIsRefusedWithFileLineAndExpectation(String line, String message) {
        assertThatThrownBy(() -> read("# a comment\n" + line + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("agent.properties")
                .hasMessageContaining(message);
    }

    @Test
    void aKeyThatIsSetTwiceIsRefused() {
        assertThatThrownBy(() -> read("workers.max = 1\nworkers.max = 2\n")).hasMessageContaining("first in line 1");
    }

    @Test
    void anotherZooKeeperBesideTheEmbeddedOneIsRefused() {
        assertThatThrownBy(() -> read("embedded.zookeeper = true\nzookeeper = a:1\n"))
                .hasMessageContaining(":2: zookeeper: 'a:1' (expected: not set");
    }

    @Test
    void theUserOfHttpdIsGivenByNameOrNumber() throws Exception {
        assertThat(read("httpd.user = root\n").drain().httpdUser().uid()).hasValue(0);
        assertThat(read("httpd.user = 33\n").drain().httpdUser().uid()).hasValue(33);
        assertThat(read("httpd.user = any\n").drain().httpdUser().uid()).isEmpty();
        assertThat(read("httpd.logs = /a.log, /b.log\n").httpdLogs())
                .containsExactly(Path.of("/a.log"), Path.of("/b.log"));
    }

    @Test
    void healthIsJudgedAsToldTo() throws Exception {
        assertThat(read("").health()).isEqualTo(Settings.DEFAULTS);
        Settings settings =
                read("probe.interval = off\nprobe.first = off\nprobe.http = Shop.example.com=/h?a=b, b=/\neject.statuses = off\n")
                        .health();
        assertThat(settings.probing()).isFalse();
        assertThat(settings.firstRequired()).isFalse();
        assertThat(settings.paths()).isEqualTo(Map.of("shop.example.com", "/h?a=b", "b", "/"));
        assertThat(settings.eject().statuses()).isEmpty();
    }

    @Test
    void anEmbeddedZooKeeperIsTheOneThatIsUsed() throws Exception {
        AgentConfig config = read("embedded.zookeeper = true\nembedded.zookeeper.port = 2999\n");
        assertThat(config.zookeeper()).isEqualTo("127.0.0.1:2999");
        assertThat(read("embedded.zookeeper = true\nembedded.zookeeper.bind = ::\n")
                        .zookeeper())
                .isEqualTo("127.0.0.1:2181");
    }

    private AgentConfig read(String text) throws IOException, ConfigException {
        Path file = Files.writeString(dir.resolve("agent.properties"), text);
        return AgentConfig.read(file, false);
    }
}
