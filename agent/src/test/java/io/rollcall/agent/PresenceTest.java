package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.agent.admin.AdminClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

/** How an agent makes itself known, and what it does as long as it is not. */
final class PresenceTest extends OrdersFixture {
    @Test
    void theAgentHasANodeThatStaysAndOneThatTellsThatItIsConnected() throws Exception {
        Agent agent = start("");
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        assertThat(agents()).containsExactly(agentId());
        assertThat(agentId()).matches("[a-z0-9-]+-[0-9a-f]{8}");
        assertThat(owner()).isNotZero();
        agent.close();
        assertThat(zk.getChildren().forPath("/rollcall/agents/" + agentId())).isEmpty();
        String before = agentId();
        start("");
        await().until(() -> owner() != 0);
        assertThat(agents()).containsExactly(before);
    }

    @Test
    void aNodeThatIsDeletedIsMadeAnew() throws Exception {
        start("");
        await().until(() -> owner() != 0);
        zk.delete().deletingChildrenIfNeeded().forPath("/rollcall/agents/" + agentId());
        await().atMost(30, SECONDS).until(() -> owner() != 0);
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
    }

    @Test
    void whatADeadPredecessorLeftIsRemovedAtOnce() throws Exception {
        Path state = Files.createDirectories(dir.resolve("state"));
        Files.writeString(state.resolve("agent-id"), "web1-00000001\n");
        zk.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath("/rollcall/agents/web1-00000001/live", live(state, bootId()));
        long before = owner();
        start("");
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        assertThat(owner()).isNotZero().isNotEqualTo(before);
    }

    @Test
    void theSameDirectoryUnderAnotherKernelIsAnotherAgent() throws Exception {
        Path state = Files.createDirectories(dir.resolve("state"));
        Files.writeString(state.resolve("agent-id"), "web1-00000001\n");
        zk.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath("/rollcall/agents/web1-00000001/live", live(state, "another"));
        start("");
        await().until(() ->
                problem(client()).contains("another agent is connected as web1-00000001: on host elsewhere"));
    }

    @Test
    void aCopyOfAMachineLeavesItsMapsUntilItHasAnIdOfItsOwn() throws Exception {
        Agent original = start("");
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        Path copy = Files.createDirectories(dir.resolve("copy/state")).getParent();
        Files.copy(dir.resolve("state/agent-id"), copy.resolve("state/agent-id"));
        start("", copy.resolve("agent.sock"), copy);
        AdminClient client = new AdminClient(copy.resolve("agent.sock"));
        await().until(() -> problem(client).contains("if this is a copy of that machine, delete " + copy));
        assertThat(Files.readString(copy.resolve("maps/backends.map"))).doesNotContain("8081");
        assertThat(client.status().path("view").asText()).isEqualTo("nothing");
        assertThat(original.status().presence().problem()).isEmpty();
        Files.delete(copy.resolve("state/agent-id"));
        await().atMost(30, SECONDS)
                .until(() -> Files.readString(copy.resolve("maps/backends.map")).contains("127.0.0.1:8081"));
        assertThat(agents()).hasSize(2);
    }

    @Test
    void anotherAgentUnderTheSameIdIsWaitedOut() throws Exception {
        Agent first = start("");
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        Path other = Files.createDirectories(dir.resolve("other/state")).getParent();
        Files.copy(dir.resolve("state/agent-id"), other.resolve("state/agent-id"));
        start("", other.resolve("agent.sock"), other);
        AdminClient client = new AdminClient(other.resolve("agent.sock"));
        await().until(() -> problem(client).contains("another agent is connected"));
        first.close();
        await().atMost(30, SECONDS).until(() -> problem(client).isEmpty());
        assertThat(agents()).containsExactly(agentId());
    }

    @Test
    void anAgentThatMayNotMakeItselfKnownRoutesByNothingItReads() throws Exception {
        zk.create()
                .creatingParentsIfNeeded()
                .withACL(List.of(new ACL(ZooDefs.Perms.READ | ZooDefs.Perms.ADMIN, ZooDefs.Ids.ANYONE_ID_UNSAFE)))
                .forPath("/rollcall/agents");
        put(SHOP + "/a", backend(8081, 1));
        start("");
        await().until(() -> problem(client()).contains("expected: CREATE on /rollcall/agents"));
        assertThat(map()).doesNotContain("8081");
        zk.setACL().withACL(ZooDefs.Ids.OPEN_ACL_UNSAFE).forPath("/rollcall/agents");
        awaitMap(SHOP + " 127.0.0.1:8081");
        await().until(() -> problem(client()).isEmpty());
    }

    @Test
    void aDamagedIdIsNamedWithWhatToDo() throws Exception {
        Files.writeString(Files.createDirectories(dir.resolve("state")).resolve("agent-id"), "\n");
        start("");
        await().until(() -> problem(client()).contains("agent-id: '' (expected: a name such as web1-1a2b3c4d; delete"));
    }

    private static String problem(AdminClient client) throws Exception {
        return client.status().path("agent").path("problem").asText();
    }

    /** The session that holds the claim on the id; 0 if none does. */
    private long owner() throws Exception {
        Path file = dir.resolve("state/agent-id");
        Stat stat = Files.exists(file) ? zk.checkExists().forPath("/rollcall/agents/" + agentId() + "/live") : null;
        return stat == null ? 0 : stat.getEphemeralOwner();
    }

    private static String bootId() throws Exception {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    private static byte[] live(Path state, String boot) throws Exception {
        String inode = Files.getAttribute(state, "unix:dev") + ":" + Files.getAttribute(state, "unix:ino");
        return ("{\"token\":\"dead\",\"boot\":\"" + boot + "\",\"inode\":\"" + inode
                        + "\",\"host\":\"elsewhere\",\"dir\":\"/d\",\"since\":\"then\"}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
