package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Test;

/** The agent as a whole against a real ZooKeeper server. */
final class AgentTest extends AgentFixture {
    @Test
    void backendsJoinChangeAndLeave() throws Exception {
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        put("shop.example.com/b", backend(8082, 2));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082|127.0.0.1:8082");
        zk.setData().forPath("/rollcall/services/shop.example.com/b", backend(8082, 1));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082");
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        awaitMap("shop.example.com 127.0.0.1:8082");
        zk.delete().forPath("/rollcall/services/shop.example.com/b");
        awaitMap("shop.example.com -");
    }

    @Test
    void oneBadNodeSpoilsNothingAndIsShownWithItsReason() throws Exception {
        start("");
        put("shop.example.com/good", backend(8081, 1));
        put("shop.example.com/deep", "[".repeat(2000).getBytes(StandardCharsets.UTF_8));
        put("shop.example.com/large", new byte[5000]);
        put("shop.example.com/latin", new byte[] {'"', (byte) 0xe4, '"'});
        put("shop.example.com/port", "{\"address\":\"127.0.0.1\",\"port\":70000}".getBytes(StandardCharsets.UTF_8));
        put("shop.example.com/public", "{\"address\":\"8.8.8.8\",\"port\":80}".getBytes(StandardCharsets.UTF_8));
        put("no host|name/x", backend(8083, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        await().until(() -> client().status().path("rejected").size() == 6);
        JsonNode why = client().why("SHOP.example.com:443");
        assertThat(why.path("routable").asInt()).isEqualTo(1);
        assertThat(why.path("backends").findValuesAsText("reason"))
                .anyMatch(reason -> reason.contains("nested at most 16"))
                .anyMatch(reason -> reason.contains("5000 bytes (expected: at most 4096)"))
                .anyMatch(reason -> reason.contains("no UTF-8"))
                .anyMatch(reason -> reason.contains("port: '70000' (expected: 1..65535)"))
                .anyMatch(reason -> reason.contains("address: 8.8.8.8 (expected: in allow.networks"));
    }

    @Test
    void moreNodesThanAnAnswerOfOneMebibyteHoldsEndNoConnection() throws Exception {
        put("shop.example.com/good", backend(8081, 1));
        for (int batch = 0; batch < 6; batch++) {
            List<CuratorOp> creates = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String name = "x".repeat(190) + "-" + batch + "-" + i;
                creates.add(zk.transactionOp()
                        .create()
                        .forPath("/rollcall/services/shop.example.com/" + name, new byte[0]));
            }
            zk.transaction().forOperations(creates);
        }
        start("");
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().status().path("rejected")).hasSize(6000);
    }

    @Test
    void aServiceThatTheAgentMayNotListKeepsNoOtherFromBeingPublished() throws Exception {
        put("shop.example.com/a", backend(8081, 1));
        zk.create()
                .creatingParentsIfNeeded()
                .withACL(List.of(new ACL(ZooDefs.Perms.CREATE, ZooDefs.Ids.ANYONE_ID_UNSAFE)))
                .forPath("/rollcall/services/closed.example.com");
        start("");
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().status().path("rejected").findValuesAsText("reason"))
                .containsExactly("children: cannot be listed by the agent (expected: READ permission)");
    }

    @Test
    void anUnchangedViewIsNotRewrittenButItsAgeAdvances() throws Exception {
        start("touch.every = 1s\n");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        Path file = maps().resolve("backends.map");
        Object inode = Files.getAttribute(file, "unix:ino");
        FileTime first = Files.getLastModifiedTime(file);
        await().atMost(30, SECONDS).until(() -> Files.getLastModifiedTime(file).compareTo(first) > 0);
        FileTime second = Files.getLastModifiedTime(file);
        await().atMost(30, SECONDS).until(() -> Files.getLastModifiedTime(file).compareTo(second) > 0);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void aNameIsForgottenOnCommandOnceItsLastBackendIsGone() throws Exception {
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().forget("shop.example.com").path("error").asText()).contains("still has backends");
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        awaitMap("shop.example.com -");
        assertThat(client().forget("Shop.Example.com").path("ok").asBoolean()).isTrue();
        assertThat(map()).doesNotContain("shop.example.com");
        assertThat(client().forget("shop.example.com").path("error").asText()).contains("not a known name");
    }

    @Test
    void aSecondAgentOnTheSameSocketIsRefusedBeforeItTouchesAnything() throws Exception {
        start("");
        assertThatThrownBy(() -> start("")).isInstanceOf(IOException.class).hasMessageContaining("is in use");
        assertThat(client().status().path("ok").asBoolean()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("agent.sock"))))
                .isEqualTo("rw-rw----");
    }
}
