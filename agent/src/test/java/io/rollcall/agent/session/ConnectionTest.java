package io.rollcall.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator reads of a ZooKeeper that is away. The client's own words, a stack trace a second, are off. */
final class ConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String UNKNOWN = "no-such-host.invalid";

    private final Logger log = (Logger) LoggerFactory.getLogger(Connection.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(said);
    }

    @Test
    void aZooKeeperThatGoesAwayIsToldOfAndHostsThatNobodyKnowsAreNamed() throws Exception {
        try (TestingServer server = new TestingServer();
                Connection connection =
                        new Connection(server.getConnectString() + "," + UNKNOWN + ":2181", Duration.ofSeconds(2))) {
            connection.start();
            await().atMost(LONG).until(() -> connection.status().state().equals("connected"));
            assertThat(warnings()).isEmpty();
            server.stop();
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(warnings())
                                    .containsExactly(
                                            "ZooKeeper at " + server.getConnectString() + "," + UNKNOWN
                                                    + ":2181 (unknown here: " + UNKNOWN
                                                    + ") does not answer; what was published before stays, and connecting is tried on"));
        }
    }

    private List<String> warnings() {
        return List.copyOf(said.list).stream()
                .filter(event -> event.getLevel().toString().equals("WARN"))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
