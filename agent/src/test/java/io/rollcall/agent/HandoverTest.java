package io.rollcall.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.drain.Drain;
import io.rollcall.drain.Drains;
import io.rollcall.drain.Hold;
import io.rollcall.drain.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A monitor and a real agent. */
final class HandoverTest extends AgentFixture {
    private static final String SHOP = "shop.example.com";
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void whatIsHandedOverIsOutOfTheMapWhenTheMonitorMayStopIt() throws Exception {
        backends();
        start("drain.grace = 100ms\n");
        awaitMap(SHOP + " 127.0.0.1:9001|127.0.0.1:9002");
        Drains drains = later(Drains.connect(server.getConnectString()));
        Drain drain = drains.handover(SHOP, "a", "b");
        assertThat(drain.await(LONG).isQuiet()).isTrue();
        assertThat(map()).contains(SHOP + " 127.0.0.1:9002\n");
        assertThat(drains.undrain(SHOP, "a")).containsExactly("a");
        awaitMap(SHOP + " 127.0.0.1:9001|127.0.0.1:9002");
    }

    @Test
    void anAgentThatIsCutOffIsNamedAndTheWaitEndsByItselfWhenItIsBack() throws Exception {
        backends();
        start("drain.grace = 100ms\nsession.timeout = 4s\n");
        awaitMap(SHOP + " 127.0.0.1:9001|127.0.0.1:9002");
        Drains drains = later(Drains.connect(server.getConnectString()));
        await().atMost(LONG).until(() -> drains.agents().size() == 1);
        proxy.cut();
        Drain drain = drains.drain(SHOP, "a");
        await().atMost(LONG)
                .until(() -> drain.progress().verdict() instanceof Verdict.Waiting waiting
                        && waiting.holds().stream().map(Hold::kind).toList().equals(List.of(Hold.Kind.NOT_CONNECTED)));
        assertThat(((Verdict.Waiting) drain.progress().verdict()).text())
                .startsWith(drains.agents().get(0).id() + ": not connected");
        assertThat(map()).contains("127.0.0.1:9001");
        proxy.restore();
        assertThat(drain.await(LONG).isQuiet()).isTrue();
        assertThat(map()).doesNotContain("127.0.0.1:9001");
    }

    private void backends() throws Exception {
        put(SHOP + "/a~1", backend(9001, 1));
        put(SHOP + "/b~1", backend(9002, 1));
    }
}
