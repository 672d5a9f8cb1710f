package io.rollcall.agent.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as httpd 2.4.71 wrote them. */
class LogLineTest {
    private static @Nullable LogLine read(String line) {
        byte[] bytes = (" " + line + " ").getBytes(ISO_8859_1);
        return LogLine.read(bytes, 1, bytes.length - 1);
    }

    @Test
    void readsWhatHttpdWrites() {
        String head =
                "[Sun Nov 22 14:27:56.830212 2026] [log_debug:info] [pid 20575:tid 20709] [client 127.0.0.1:57450] ";
        assertThat(read(head + "rollcall ? awL77J8FUESk-Q_AFIGbFQAAAEA"))
                .isEqualTo(new LogMark('?', "awL77J8FUESk-Q_AFIGbFQAAAEA", 20575, "", ""));
        assertThat(read(head + "rollcall + X shop.example.com 127.0.0.1:9101"))
                .isEqualTo(new LogMark('+', "X", 20575, "shop.example.com", "127.0.0.1:9101"));
        assertThat(read(head + "rollcall + X  ")).isEqualTo(new LogMark('+', "X", 20575, "", ""));
        assertThat(read(head + "rollcall + X =int [::1]:80, referer: http://evil/] rollcall + x y 1"))
                .isEqualTo(new LogMark('+', "X", 20575, "=int", "[::1]:80"));
        assertThat(read(head + "rollcall ? X (pre_translate_name hook, /etc/a.conf:3)"))
                .isEqualTo(new LogMark('?', "X", 20575, "", ""));
        assertThat(read("[Sun Nov 22 14:27:56.8 2026] [log_debug:info] [pid 7] [remote ::1:57464] rollcall ? X"))
                .isEqualTo(new LogMark('?', "X", 7, "", ""));
        assertThat(read("X shop.example.com 1.1.1.1:1 2.2.2.2:2 503 200 - 47700 1407 2 20985 1795357711634734"))
                .isEqualTo(new RequestEnd(
                        "X",
                        "shop.example.com",
                        new RequestEnd.Try("1.1.1.1:1", 503, false),
                        new RequestEnd.Try("2.2.2.2:2", 200, true),
                        true,
                        1407,
                        20985,
                        1795357711634734L,
                        Optional.empty()));
        assertThat(read("X  - - 200 200 - - 408 - 20985 1795357711625745"))
                .isEqualTo(new RequestEnd(
                        "X",
                        "",
                        new RequestEnd.Try("", 200, false),
                        new RequestEnd.Try("", 200, false),
                        false,
                        408,
                        20985,
                        1795357711625745L,
                        Optional.empty()));
    }

    @Test
    void theEndTellsWhichWorkersHttpdHasReadIfItsConfigurationIsNewEnough() {
        String line = "X shop.example.com 1.1.1.1:1 1.1.1.1:1 200 200 4711 4711 1407 1 20985 1795357711634734";
        assertThat(read(line)).extracting("workers").isEqualTo(Optional.empty());
        assertThat(read(line + " 0badcafe")).extracting("workers").isEqualTo(Optional.of("0badcafe"));
        assertThat(read(line + " -")).as("none").extracting("workers").isEqualTo(Optional.of(""));
        assertThat(read(line)).extracting("endedMicros").isEqualTo(1795357711634734L);
        assertThat(read(line + " 0badcafe")).extracting("endedMicros").isEqualTo(1795357711634734L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[Sun] [authz_core:error] [pid 1:tid 2] [client 1:1] AH01630: denied: /] rollcall + X s 1.1.1.1:1",
                "[Sun] [log_debug:info] [pid 1:tid 2] [client 1:1] something of the site's own] rollcall + X s 1.1.1.1:1",
                "[Sun] [log_debug:info] [pid x] [client 1:1] rollcall ? X",
                "[Sun] [log_debug:info] [pid 1] [client 1:1] rollcall ?",
                "[Sun] [log_debug:info] [pid 1] [client 1:1] rollcall + X",
                "[Sun] [log_debug:info] [pid ",
                "127.0.0.1 - - [22/Nov/2026:12:41:21 +0000] \"GET / HTTP/1.1\" 200 3",
                "X s a b 200 200 - - 1 1 p 5",
                "X s a b 200 200 - - 1 1 1",
                "X s a b 200 200 - - 1 1 1 5 workers more",
                "           "
            })
    void isNotTakenInByOtherLines(String line) {
        assertThat(read(line)).isNull();
    }
}
