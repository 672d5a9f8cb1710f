package io.rollcall.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/** A ZooKeeper in which the test says what backends and agents would, and commands that are run against it. */
final class FakeRegistry implements AutoCloseable {
    static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    /** What a script sees. */
    record Run(int exit, String out, String err) {
        JsonNode json() throws Exception {
            return new ObjectMapper().readTree(out);
        }
    }

    private final TestingServer server;
    private final CuratorFramework zk;

    FakeRegistry() throws Exception {
        server = new TestingServer();
        zk = CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryNTimes(20, 200));
        zk.start();
    }

    String connect() {
        return server.getConnectString();
    }

    void backend(String service, String id, String version, int port) throws Exception {
        put(
                PATHS.node(service, id + "~1"),
                "{\"address\":\"10.0.0.5\",\"port\":" + port + ",\"rollcall\":{\"incarnation\":\"of-" + id
                        + "\",\"version\":\"" + version + "\"}}");
    }

    void gone(String service, String id) throws Exception {
        zk.delete().forPath(PATHS.node(service, id + "~1"));
    }

    void agent(String id, boolean live) throws Exception {
        put(PATHS.agent(id), "{\"host\":\"" + id + ".example.com\"}");
        if (live) {
            zk.create().withMode(CreateMode.EPHEMERAL).forPath(PATHS.agentLive(id));
        }
    }

    void ack(String agent, String service, String backend, Ack.Stage stage, long open) throws Exception {
        Stat stat = zk.checkExists().forPath(PATHS.order(service, backend));
        Ack ack = new Ack(
                stat.getCzxid(), stat.getMzxid(), stage, Ack.Evidence.CONNECTIONS, open, "", "2026-11-22T14:00:00Z");
        put(PATHS.order(service, backend) + "/" + agent, new String(AckCodec.encode(ack), UTF_8));
    }

    Optional<Order> order(String service, String backend) throws Exception {
        try {
            return Optional.of(OrderCodec.decode(zk.getData().forPath(PATHS.order(service, backend))));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    void put(String path, String data) throws Exception {
        zk.create().orSetData().creatingParentsIfNeeded().forPath(path, data.getBytes(UTF_8));
    }

    /** Runs a command to its end. */
    Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        return run(out, err, arguments);
    }

    Run run(StringWriter out, StringWriter err, String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--zookeeper";
        all[arguments.length + 1] = connect();
        all[arguments.length + 2] = "--root";
        all[arguments.length + 3] = "/rollcall";
        int exit = Rollcall.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
        return new Run(exit, out.toString(), err.toString());
    }

    @Override
    public void close() throws java.io.IOException {
        zk.close();
        server.close();
    }
}
