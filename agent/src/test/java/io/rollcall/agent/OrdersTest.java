package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Ack.Evidence;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.AckCodec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

/** What an agent does with an order, against a real ZooKeeper server. */
final class OrdersTest extends OrdersFixture {
    @Test
    void aDrainedBackendIsTakenOutAndThenQuiet() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/b", backend(8082, 1));
        awaitMap(SHOP + " 127.0.0.1:8081|127.0.0.1:8082");
        order("a", "{'action':'drain','by':'ops','at':'now'}");
        awaitMap(SHOP + " 127.0.0.1:8082");
        Ack ack = awaitAck("a", Stage.QUIET);
        assertThat(ack.evidence()).isEqualTo(Evidence.CONNECTIONS);
        assertThat(ack.detail()).isEqualTo("no connection of any user to 127.0.0.1:8081 for 200 ms");
        assertThat(standing("a")).isEqualTo("ordered out by ops at now");
        JsonNode told = client().status().path("orders").get(0);
        assertThat(told.path("backend").asText()).isEqualTo("a");
        assertThat(told.path("stage").asText()).isEqualTo("quiet");
    }

    @Test
    void anOpenConnectionKeepsItFromBeingQuietAndIsNamed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            start(QUICK);
            put(SHOP + "/a", backend(server.getLocalPort(), 1));
            awaitMap(SHOP + " 127.0.0.1:" + server.getLocalPort());
            try (Socket request = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
                assertThat(request.isConnected()).isTrue();
                order("a", "{'action':'drain'}");
                Ack ack = awaitAck("a", Stage.SWITCHED, "waits for 1 connection of any user to 127.0.0.1:");
                assertThat(ack.open()).isEqualTo(1);
                assertThat(ack.evidence()).isEqualTo(Evidence.CONNECTIONS);
                server.accept().close();
            }
            awaitAck("a", Stage.QUIET);
        }
    }

    @Test
    void anOrderThatNamesASuccessorWaitsUntilThatGetsRequests() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        awaitMap(SHOP + " 127.0.0.1:8081");
        order("a", "{'action':'drain','to':[{'id':'b'}]}");
        assertThat(awaitAck("a", Stage.WAITING).detail()).isEqualTo("b is not in the registry");
        assertThat(standing("a")).isEqualTo("routable");
        put(
                SHOP + "/b",
                "{\"address\":\"127.0.0.1\",\"port\":8082,\"rollcall\":{\"state\":\"down\"}}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        awaitAck("a", Stage.WAITING, "b gets no requests: state is down");
        zk.setData().forPath("/rollcall/services/" + SHOP + "/b", backend(8082, 1));
        awaitMap(SHOP + " 127.0.0.1:8082");
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void aPreparationIsReadyOnceTheSuccessorIsRoutableAndTakesNobodyOut() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        order("a", "{'action':'prepare','to':[{'id':'b','incarnation':'i'}]}");
        awaitAck("a", Stage.WAITING, "b is not in the registry");
        put(SHOP + "/b~1", process(8082, "other"));
        awaitAck("a", Stage.WAITING, "another process is there as b (incarnation 'other', the order names 'i')");
        put(SHOP + "/b~2", process(8082, "i"));
        awaitAck("a", Stage.READY);
        awaitMap(SHOP + " 127.0.0.1:8081|127.0.0.1:8082");
        order("a", "{'action':'drain','to':[{'id':'b','incarnation':'i'}]}");
        awaitMap(SHOP + " 127.0.0.1:8082");
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void aQuietBackendStaysOutThoughItsSuccessorIsLost() throws Exception {
        Agent agent = start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/b", backend(8082, 1));
        order("a", "{'action':'drain','to':[{'id':'b'}]}");
        awaitAck("a", Stage.QUIET);
        zk.delete().forPath("/rollcall/services/" + SHOP + "/b");
        awaitMap(SHOP + " -");
        agent.close();
        start(QUICK);
        awaitAck("a", Stage.QUIET);
        assertThat(map()).contains(SHOP + " -\n");
    }

    @Test
    void aBackendThatIsNotQuietYetIsTakenBackIfItsSuccessorIsLost() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket request = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assertThat(request.isConnected()).isTrue();
            start(QUICK);
            put(SHOP + "/a", backend(server.getLocalPort(), 1));
            put(SHOP + "/b", backend(8082, 1));
            order("a", "{'action':'drain','to':[{'id':'b'}]}");
            awaitAck("a", Stage.SWITCHED);
            zk.delete().forPath("/rollcall/services/" + SHOP + "/b");
            awaitMap(SHOP + " 127.0.0.1:" + server.getLocalPort());
            awaitAck("a", Stage.WAITING, "b is not in the registry");
        }
    }

    @Test
    void anOrderIsForOneIncarnationOnly() throws Exception {
        start(QUICK);
        put(SHOP + "/a~1", process(8081, "first"));
        awaitMap(SHOP + " 127.0.0.1:8081");
        order("a", "{'action':'drain','incarnation':'second'}");
        assertThat(awaitAck("a", Stage.READY).detail()).contains("does not tell its address");
        assertThat(standing("a")).isEqualTo("routable");
        put(SHOP + "/a~2", process(8082, "second"));
        awaitMap(SHOP + " -");
        put(SHOP + "/a~3", process(8083, "third"));
        awaitMap(SHOP + " 127.0.0.1:8083");
    }

    @Test
    void anOrderForAnybodyIsForTheZnodeThatWasThere() throws Exception {
        start(QUICK);
        put(SHOP + "/a~1", backend(8081, 1));
        order("a", "{'action':'drain'}");
        awaitMap(SHOP + " -");
        put(SHOP + "/a~2", backend(8082, 1));
        awaitMap(SHOP + " 127.0.0.1:8082");
    }

    @Test
    void anOrderThatIsDeletedIsUndone() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.QUIET);
        zk.delete().deletingChildrenIfNeeded().forPath(orderPath("a"));
        awaitMap(SHOP + " 127.0.0.1:8081");
        assertThat(client().status().path("orders")).isEmpty();
    }

    @Test
    void aTargetThatIsRegisteredTwiceIsNotSwitched() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/twin", backend(8081, 1));
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.READY, "127.0.0.1:8081 is registered under another id too");
        zk.delete().forPath("/rollcall/services/" + SHOP + "/twin");
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void aBackendThatIsGoneIsLookedForAtTheAddressOfTheOrder() throws Exception {
        start(QUICK);
        put(SHOP + "/b", backend(8082, 1));
        order("gone", "{'action':'drain','target':'127.0.0.1:8081'}");
        assertThat(awaitAck("gone", Stage.QUIET).detail()).contains("to 127.0.0.1:8081");
    }

    @Test
    void aMalformedOrderIsShownAndStopsNoOther() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/b", backend(8082, 1));
        order("b", "{'action':'explode'}");
        zk.create().creatingParentsIfNeeded().forPath("/rollcall/orders/Shop.Example.com/a", new byte[0]);
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.QUIET);
        assertThat(client().status().path("rejected").findValuesAsText("reason"))
                .anyMatch(reason -> reason.contains("action: 'explode' (expected: drain or prepare)"))
                .hasSize(2);
        assertThat(map()).contains(SHOP + " 127.0.0.1:8082");
    }

    @Test
    void anAckThatSomebodyDeletesIsWrittenAgain() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        order("a", "{'action':'drain'}");
        awaitAck("a", Stage.QUIET);
        zk.delete().forPath(orderPath("a") + "/" + agentId());
        awaitAck("a", Stage.QUIET);
    }

    @Test
    void theBackendsOwnCountIsEvidenceWhereConnectionsStayOpen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket pooled = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assertThat(pooled.isConnected()).isTrue();
            start(QUICK);
            put(SHOP + "/a", backend(server.getLocalPort(), 1));
            order("a", "{'action':'drain'}");
            Stat order = zk.checkExists().forPath(orderPath("a"));
            Ack busy = new Ack(order.getCzxid(), order.getMzxid(), Stage.SWITCHED, Evidence.REGISTRAR, 3, "", "");
            zk.create().forPath(orderPath("a") + "/registrar", AckCodec.encode(busy));
            awaitAck("a", Stage.SWITCHED, "the backend itself counts 3 requests");
            Ack idle = new Ack(order.getCzxid(), order.getMzxid(), Stage.QUIET, Evidence.REGISTRAR, 0, "", "");
            zk.setData().forPath(orderPath("a") + "/registrar", AckCodec.encode(idle));
            assertThat(awaitAck("a", Stage.QUIET).evidence()).isEqualTo(Evidence.REGISTRAR);
        }
    }

    @Test
    void anOrderGoesOnceItsProcessWasStartedAnew() throws Exception {
        start(QUICK);
        put(SHOP + "/a~1", process(8081, "first"));
        order("a", "{'action':'drain','incarnation':'first'}");
        awaitAck("a", Stage.QUIET);
        zk.delete().forPath("/rollcall/services/" + SHOP + "/a~1");
        put(SHOP + "/a~2", process(8081, "second"));
        awaitMap(SHOP + " 127.0.0.1:8081");
        await().atMost(30, SECONDS).until(() -> zk.checkExists().forPath(orderPath("a")) == null);
    }

    @Test
    void anOrderThatIsNotCarriedOutByItsDeadlineIsGivenUp() throws Exception {
        start(QUICK);
        put(SHOP + "/a", backend(8081, 1));
        put(SHOP + "/done", backend(8082, 1));
        order("a", "{'action':'drain','deadlineSeconds':1,'to':[{'id':'never'}]}");
        order("done", "{'action':'drain','deadlineSeconds':1}");
        awaitAck("done", Stage.QUIET);
        await().atMost(30, SECONDS).until(() -> zk.checkExists().forPath(orderPath("a")) == null);
        assertThat(zk.checkExists().forPath(orderPath("done")))
                .as("carried out everywhere")
                .isNotNull();
    }
}
