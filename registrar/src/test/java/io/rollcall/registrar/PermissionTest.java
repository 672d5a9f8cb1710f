package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.State;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that does not let everybody do everything. */
final class PermissionTest {
    private static final String SHOP = "shop.example.com";
    private static final String PARENT = "/rollcall/services/" + SHOP;
    private static final Duration LONG = Duration.ofSeconds(60);

    private TestingServer server;
    private Tree tree;
    private Registrar registrar;

    @BeforeEach
    void start() throws Exception {
        server = Servers.started();
        tree = new Tree(server.getConnectString());
        registrar = Registrar.connect(server.getConnectString());
        for (String path : List.of("/rollcall", "/rollcall/services", PARENT)) {
            tree.zooKeeper.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        tree.close();
        server.close();
    }

    private void allow(String path, int permissions) throws Exception {
        tree.zooKeeper.setACL(
                path,
                Collections.singletonList( // List.of would not do: ZooKeeper asks it whether it contains null
                        new ACL(permissions | ZooDefs.Perms.ADMIN, ZooDefs.Ids.ANYONE_ID_UNSAFE)),
                -1);
    }

    private Registration register() {
        return registrar.register(
                Backend.of(SHOP, 8080).address("10.0.0.5").linger(Duration.ZERO).build());
    }

    @Test
    void aRefusalIsToldAndTriedUntilItIsNone() throws Exception {
        allow(PARENT, ZooDefs.Perms.READ);
        Registration registration = register();
        await().until(() -> registration.status().error().orElse("").contains("NOAUTH"));
        assertThat(registration.status().error().orElseThrow())
                .startsWith("cannot create " + PARENT + "/10.0.0.5-8080~")
                .endsWith(": NOAUTH");
        assertThat(registration.status().phase()).isEqualTo(Phase.PENDING);
        assertThat(tree.nodes(SHOP)).isEmpty();

        allow(PARENT, ZooDefs.Perms.ALL);
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        assertThat(registration.status().error()).isEmpty();
        assertThat(registration.status().lastError().orElseThrow()).contains("NOAUTH");
    }

    @Test
    void oneBackendThatIsRefusedDoesNotKeepAnotherWaiting() throws Exception {
        allow(PARENT, ZooDefs.Perms.READ);
        Registration refused = register();
        await().until(() -> refused.status().error().orElse("").contains("NOAUTH"));
        Registration other = registrar.register(Backend.of("other.example.com", 8081)
                .address("10.0.0.5")
                .linger(Duration.ZERO)
                .build());
        assertThat(other.awaitRegistered(LONG)).isTrue();
        assertThat(refused.leave()).isTrue();
    }

    @Test
    void toCreateIsEnough() throws Exception {
        allow("/", ZooDefs.Perms.READ);
        allow("/rollcall", ZooDefs.Perms.READ);
        allow("/rollcall/services", ZooDefs.Perms.READ);
        allow(PARENT, ZooDefs.Perms.READ | ZooDefs.Perms.CREATE);
        Registration registration = register();
        assertThat(registration.awaitRegistered(LONG)).isTrue();

        assertThat(registration.leave()).isTrue();
        assertThat(tree.present(SHOP).get("10.0.0.5-8080").state()).isEqualTo(State.LEFT);
        assertThat(registration.status().phase()).isEqualTo(Phase.LEFT);
        registrar.close();
        await().until(() -> tree.nodes(SHOP).isEmpty());
    }
}
