package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Ack.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

/** What becomes of an order when something is in the agent's way. */
final class OrdersFaultTest extends OrdersFixture {
    @Test
    void anAgentThatIsStartedAnewObeysFromItsFirstPublication() throws Exception {
        Agent agent = start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/b", backend(8082, 1));
        awaitMap(SHOP + " 127.0.0.1:8081|127.0.0.1:8082");
        agent.close();
        order("a", "{'action':'drain'}");
        Files.delete(dir.resolve("state/snapshot.json"));
        Files.delete(dir.resolve("state/maps/backends.map"));
        Files.delete(maps().resolve("backends.map"));
        proxy.cut();
        start(QUICK);
        proxy.restore();
        // Every map on the way is seen: none may have the drained backend.
        await().pollInterval(java.time.Duration.ofMillis(1)).atMost(30, SECONDS).until(() -> map(), map -> {
            assertThat(map).doesNotContain("8081");
            return map.contains(SHOP + " 127.0.0.1:8082");
        });
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void anAgentThatIsStartedAnewWithoutZooKeeperAndMapsObeysFromItsSnapshot() throws Exception {
        Agent agent = start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/b", backend(8082, 1));
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.QUIET);
        agent.close();
        proxy.cut();
        Files.delete(maps().resolve("backends.map"));
        start(QUICK);
        awaitMap(SHOP + " 127.0.0.1:8082");
        assertThat(standing("a")).isEqualTo("ordered out");
        proxy.restore();
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void anAckIsWrittenAnewInTheNextSession() throws Exception {
        start("session.timeout = 1s\n" + QUICK);
        put(SHOP + "/a", backend(8081, 1));
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.QUIET);
        long before = owner();
        assertThat(proxy.cut()).as("connections that the cut hit").isPositive();
        await().atMost(60, SECONDS).until(() -> owner() == 0);
        proxy.restore();
        await().atMost(60, SECONDS).until(() -> owner() != 0);
        assertThat(owner()).isNotEqualTo(before);
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void anAckOfTheSessionBeforeIsReplacedAndDoesNotGoWithThat() throws Exception {
        Agent agent = start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.QUIET);
        byte[] left = zk.getData().forPath(orderPath("a") + "/" + agentId());
        agent.close();
        // As a killed agent leaves it: in a session that is not ended yet.
        zk.create().withMode(org.apache.zookeeper.CreateMode.EPHEMERAL).forPath(orderPath("a") + "/" + agentId(), left);
        long old = owner();
        start(QUICK);
        await().atMost(30, SECONDS).until(() -> owner() != 0 && owner() != old);
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void anOrderOfTheTimeWithoutConnectionIsObeyedOnReturn() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        assertThat(proxy.cut()).as("connections that the cut hit").isPositive();
        await().until(() -> !state().equals("connected"));
        order("a", "{'action':'drain'}");
        assertThat(map()).contains(SHOP + " 127.0.0.1:8081");
        proxy.restore();
        awaitMap(SHOP + " -");
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void aBackendIsNotOutBeforeTheMapsAreOnTheDisk() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        Path aside = Files.move(maps(), dir.resolve("aside"));
        Files.writeString(maps(), "no directory, so nothing can be written");
        order("a", "{'action':'drain'}");
        assertThat(awaitAck("a", Stage.WAITING, "cannot be written").open()).isZero();
        Files.delete(maps());
        Files.move(aside, maps());
        awaitMap(SHOP + " -");
        awaitAck("a", Stage.QUIET);
    }

    private long owner() throws Exception {
        Stat stat = zk.checkExists().forPath(orderPath("a") + "/" + agentId());
        return stat == null ? 0 : stat.getEphemeralOwner();
    }
}
