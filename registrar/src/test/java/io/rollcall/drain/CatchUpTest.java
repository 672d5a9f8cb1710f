package io.rollcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.registry.Paths;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever asks may have registered the backend through a server that is ahead of ours: to that the registry is as it was. */
@SuppressWarnings("try") // to close a session may be interrupted
final class CatchUpTest {
    private static final String SHOP = "shop.example.com";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private TestingServer server;
    private Tree tree;
    private FakeAgent web1;

    @BeforeEach
    void start() throws Exception {
        server = new TestingServer();
        tree = new Tree(server.getConnectString());
        tree.backend(SHOP, "a", "41", 8001);
        tree.backend(SHOP, "b", "42", 8002);
        web1 = new FakeAgent(server.getConnectString(), "web1");
    }

    @AfterEach
    void stop() throws Exception {
        web1.close();
        tree.close();
        server.close();
    }

    @Test
    void theServerCatchesUpBeforeABackendIsDrained() throws Exception {
        try (ZooKeeper session = session();
                Drains drains = drains(session)) {
            drains.drain(SHOP, "a");
            assertThat(asked).startsWith("sync", "read");
        }
    }

    /** Through another session than the one that follows the drain and reads whenever it likes. */
    @Test
    void theServerCatchesUpBeforeADrainIsTakenBack() throws Exception {
        try (Drains others = Drains.connect(server.getConnectString());
                ZooKeeper session = session();
                Drains drains = drains(session)) {
            others.drain(SHOP, "a");
            assertThat(drains.undrain(SHOP, "a")).containsExactly("a");
            assertThat(asked).startsWith("sync", "read");
        }
    }

    private static Drains drains(ZooKeeper session) {
        return Drains.on(() -> Optional.of(session), Paths.DEFAULT_ROOT, LONG);
    }

    /** Notes what it asks of the server. */
    private ZooKeeper session() throws IOException {
        return new ZooKeeper(server.getConnectString(), 10_000, event -> {}) {
            @Override
            public void sync(String path, AsyncCallback.VoidCallback callback, Object context) {
                asked.add("sync");
                super.sync(path, callback, context);
            }

            @Override
            public void getChildren(
                    String path, Watcher watcher, AsyncCallback.ChildrenCallback callback, Object context) {
                asked.add("read");
                super.getChildren(path, watcher, callback, context);
            }
        };
    }
}
