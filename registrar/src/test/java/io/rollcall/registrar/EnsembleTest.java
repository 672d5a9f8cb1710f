package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.junit.jupiter.api.Test;

/** Three servers that fail one by one and all together. */
final class EnsembleTest {
    private static final String SHOP = "shop.example.com";
    private static final String ID = "10.0.0.5-8080";
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void serversMayFailOneByOneAndAllTogether() throws Exception {
        List<InstanceSpec> specs = Stream.generate(Servers::spec).limit(3).toList();
        try (TestingCluster cluster = new TestingCluster(specs)) {
            cluster.start();
            try (Registrar registrar = Registrar.builder(cluster.getConnectString())
                            .sessionTimeout(Duration.ofSeconds(10))
                            .build();
                    Tree tree = new Tree(cluster.getConnectString())) {
                Registration registration = registrar.register(Backend.of(SHOP, 8080)
                        .address("10.0.0.5")
                        .linger(Duration.ZERO)
                        .build());
                assertThat(registration.awaitRegistered(LONG)).isTrue();
                try (Watchman watchman = new Watchman(tree, SHOP, ID)) {
                    for (InstanceSpec spec : specs) {
                        assertThat(cluster.killServer(spec)).isTrue();
                        registration.setWeight(registration.backend().weight() + spec.getServerId() % 50);
                        assertThat(registration.awaitRegistered(LONG)).isTrue();
                        cluster.restartServer(spec);
                    }
                    for (InstanceSpec spec : specs) {
                        assertThat(cluster.killServer(spec)).isTrue();
                    }
                    await().atMost(LONG)
                            .until(() -> registration.status().error().isPresent());
                    for (InstanceSpec spec : specs) {
                        cluster.restartServer(spec);
                    }
                    assertThat(registration.awaitRegistered(LONG)).isTrue();
                    int so = watchman.readings();
                    await().atMost(LONG).until(() -> watchman.readings() > so + 100);
                    await().atMost(LONG)
                            .ignoreExceptions()
                            .until(() -> tree.nodes(SHOP).size() == 1);
                    assertThat(watchman.gap()).isEmpty();
                }
            }
        }
    }
}
