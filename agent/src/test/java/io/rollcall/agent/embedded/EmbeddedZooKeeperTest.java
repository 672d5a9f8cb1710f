package io.rollcall.agent.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rollcall.agent.config.AgentConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedZooKeeperTest {
    @TempDir
    private Path dir;

    @Test
    void aBusyPortCostsNoFileDescriptorPerAttempt() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AgentConfig.Embedded config = new AgentConfig.Embedded("127.0.0.1", busy.getLocalPort(), dir);
            assertThatThrownBy(() -> StandaloneServer.start(config)).isInstanceOf(IOException.class);
            long before = openFiles();
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> StandaloneServer.start(config)).isInstanceOf(IOException.class);
            }
            assertThat(openFiles()).isLessThan(before + 50);
        }
    }

    @Test
    void aFullDiskIsSurvivedAndOverWhenThereIsSpaceAgain() throws Exception {
        Path disk = Files.createDirectory(dir.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()), "tmpfs may be mounted");
        int port = freePort();
        try (EmbeddedZooKeeper server = new EmbeddedZooKeeper(new AgentConfig.Embedded("127.0.0.1", port, disk));
                CuratorFramework client =
                        CuratorFrameworkFactory.newClient("127.0.0.1:" + port, new RetryOneTime(100))) {
            server.start();
            client.start();
            client.create().forPath("/before", new byte[1000]);
            Path filler = disk.resolve("filler");
            fill(filler);
            assertThatThrownBy(() -> client.create().forPath("/full", new byte[100_000]))
                    .isInstanceOf(Exception.class);
            Files.delete(filler);
            await().atMost(60, SECONDS)
                    .ignoreExceptions()
                    .until(() -> client.create().orSetData().forPath("/after", new byte[1000]) != null);
            assertThat(client.getData().forPath("/before")).hasSize(1000);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[1024]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
