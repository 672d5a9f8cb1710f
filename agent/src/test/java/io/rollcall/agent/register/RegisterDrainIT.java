package io.rollcall.agent.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Instance;
import io.rollcall.registry.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The packaged command, told to end: the backend is drained first. */
final class RegisterDrainIT extends RegisterSite {
    @Test
    void theCommandIsToldToEndWhenItIsQuiet() throws Exception {
        try (Watcher agent = new Watcher(zooKeeper.getConnectString())) {
            Wrapper wrapper =
                    register(List.of(), "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done");
            assertThat(wrapper.line()).isEqualTo("ready");
            awaitRegistered();
            wrapper.signal("TERM");
            await().atMost(LONG).until(() -> wrapper.errors().contains("web-1: not switched"));
            assertThat(registered().map(Instance::state)).hasValue(State.UP);
            assertThat(wrapper.process.isAlive()).isTrue();
            agent.sayQuiet(backend());
            assertThat(wrapper.exitStatus()).isEqualTo(5);
            assertThat(registered()).isEmpty();
            assertThat(wrapper.errors()).contains("is quiet: web-1 by connections");
        }
    }

    @Test
    void theTimeToDrainEnds() throws Exception {
        try (Watcher agent = new Watcher(zooKeeper.getConnectString())) {
            assertThat(agent).isNotNull();
            Wrapper wrapper = register(List.of("--drain-timeout=1s"), "sleep", "1000");
            awaitRegistered();
            wrapper.signal("TERM");
            assertThat(wrapper.exitStatus()).isEqualTo(128 + 15);
            await().until(() -> wrapper.errors().contains("and the time to drain of 1 s is over"));
        }
    }

    @Test
    void aSecondSignalDoesNotWaitForTheDrain() throws Exception {
        try (Watcher agent = new Watcher(zooKeeper.getConnectString())) {
            assertThat(agent).isNotNull();
            Wrapper wrapper = register(List.of("--drain-timeout=1h"), "sleep", "1000");
            awaitRegistered();
            wrapper.signal("TERM");
            await().atMost(LONG).until(() -> wrapper.errors().contains("web-1: not switched"));
            wrapper.signal("TERM");
            assertThat(wrapper.exitStatus()).isEqualTo(128 + 15);
        }
    }

    @Test
    void withoutAnAgentTheBackendSaysItselfThatItDrains() throws Exception {
        Wrapper wrapper = register(List.of("--drain-timeout=1h"), "sleep", "1000");
        awaitRegistered();
        wrapper.signal("TERM");
        await().atMost(LONG).until(() -> registered().map(Instance::state).equals(Optional.of(State.DRAINING)));
        assertThat(wrapper.exitStatus()).isEqualTo(128 + 15);
        assertThat(wrapper.errors()).contains("not proven: no agent is known");
    }

    @Test
    void aProcessThatIsFollowedIsDrainedBeforeItIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        started.add(other::destroyForcibly);
        try (Watcher agent = new Watcher(zooKeeper.getConnectString())) {
            Wrapper wrapper = register(List.of("--pid=" + other.pid()));
            awaitRegistered();
            wrapper.signal("TERM");
            await().atMost(LONG).until(() -> wrapper.errors().contains("web-1: not switched"));
            assertThat(registered()).isPresent();
            agent.sayQuiet(backend());
            assertThat(wrapper.exitStatus()).isEqualTo(128 + 15);
            assertThat(registered()).isEmpty();
            assertThat(other.isAlive()).isTrue();
        }
    }
}
