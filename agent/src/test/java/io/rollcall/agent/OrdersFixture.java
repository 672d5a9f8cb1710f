package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/** Orders for an agent, and what it says to them. Connections count of any user: the tests' own are not httpd's. */
abstract class OrdersFixture extends AgentFixture {
    static final String SHOP = "shop.example.com";
    static final String QUICK = "httpd.user = any\ndrain.grace = 200ms\n";

    static String orderPath(String id) {
        return "/rollcall/orders/" + SHOP + "/" + id;
    }

    /** Writes JSON for which single quotes will do. */
    void order(String id, String json) throws Exception {
        byte[] data = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        if (zk.checkExists().forPath(orderPath(id)) == null) {
            zk.create().creatingParentsIfNeeded().forPath(orderPath(id), data);
        } else {
            zk.setData().forPath(orderPath(id), data);
        }
    }

    static byte[] process(int port, String incarnation) {
        return ("{\"address\":\"127.0.0.1\",\"port\":" + port + ",\"rollcall\":{\"incarnation\":\"" + incarnation
                        + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    String agentId() throws Exception {
        return Files.readString(dir.resolve("state/agent-id")).strip();
    }

    /** The ack of the order to {@code id}, if it quotes the order as it is. */
    Optional<Ack> ack(String id) throws Exception {
        return ack(id, agentId());
    }

    Optional<Ack> ack(String id, String who) throws Exception {
        try {
            Stat order = zk.checkExists().forPath(orderPath(id));
            if (order == null) {
                return Optional.empty();
            }
            return Optional.of(AckCodec.decode(zk.getData().forPath(orderPath(id) + "/" + who)))
                    .filter(ack -> ack.quotes(order.getCzxid(), order.getMzxid()));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    Ack awaitAck(String id, Ack.Stage stage) {
        return await().atMost(30, SECONDS)
                .until(
                        () -> ack(id),
                        ack -> ack.filter(said -> said.stage() == stage).isPresent())
                .orElseThrow();
    }

    Ack awaitAck(String id, Ack.Stage stage, String detail) {
        return await().atMost(30, SECONDS)
                .until(
                        () -> ack(id),
                        ack -> ack.filter(said ->
                                        said.stage() == stage && said.detail().contains(detail))
                                .isPresent())
                .orElseThrow();
    }

    String standing(String id) throws Exception {
        for (JsonNode backend : client().why(SHOP).path("backends")) {
            if (backend.path("id").asText().equals(id)) {
                return backend.path("routable").asBoolean()
                        ? "routable"
                        : backend.path("reason").asText();
            }
        }
        return "absent";
    }

    List<String> agents() throws Exception {
        return zk.getChildren().forPath("/rollcall/agents");
    }
}
