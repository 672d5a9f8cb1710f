package io.rollcall.agent.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.drain.Connections.Count;
import io.rollcall.agent.view.Target;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionsTest {
    private static final Target V4 = new Target("10.0.0.5", 8080);
    private static final Target V6 = new Target("[2001:db8::1]", 8080);

    @TempDir
    private Path dir;

    @Test
    void establishedAndOpeningOnesOfTheUserCountAndNoOthers() throws Exception {
        Files.writeString(dir.resolve("tcp"), """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 11 1 0 100 0 0 10 0
               1: 0100000A:A001 0500000A:1F90 01 00000000:00000000 00:00000000 00000000    33        0 12 1 0 20 4 30 10 -1
               2: 0100000A:A002 0500000A:1F90 02 00000000:00000000 01:00000000 00000000    33        0 13 1 0 20 4 30 10 -1
               3: 0100000A:A003 0500000A:1F90 08 00000000:00000000 00:00000000 00000000    33        0 14 1 0 20 4 30 10 -1
               4: 0100000A:A004 0500000A:1F90 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0
               5: 0100000A:A005 0500000A:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 15 1 0 20 4 30 10 -1
               6: 0100000A:A006 0500000A:1F91 01 00000000:00000000 00:00000000 00000000    33        0 16 1 0 20 4 30 10 -1
               7: 0500000A:1F90 0900000A:A007 01 00000000:00000000 00:00000000 00000000    33        0 17 1 0 20 4 30 10 -1
            """);
        Files.writeString(dir.resolve("tcp6"), """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0000000000000000FFFF00000100000A:A001 0000000000000000FFFF00000500000A:1F90 01 00000000:00000000 00:00000000 00000000    33        0 21 1 0 20 4 30 10 -1
               1: B80D0120000000000000000002000000:A001 B80D0120000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000    33        0 22 1 0 20 4 30 10 -1
            """);
        assertThat(new Connections(dir, OptionalInt.of(33)).count(List.of(V4, V6)))
                .isEqualTo(Map.of(V4, new Count(2, 1), V6, new Count(1, 0)));
        assertThat(new Connections(dir, OptionalInt.empty()).count(List.of(V4))).isEqualTo(Map.of(V4, new Count(3, 1)));
    }

    @Test
    void aKernelWithoutIpV6HasNoSuchList() throws Exception {
        Files.writeString(dir.resolve("tcp"), "heading\n");
        assertThat(new Connections(dir, OptionalInt.empty()).count(List.of(V4))).isEqualTo(Map.of(V4, Count.NONE));
    }

    @Test
    void theKernelsOwnListHasAConnectionAsLongAsItIsOpen() throws Exception {
        Connections connections = new Connections(Path.of("/proc/self/net"), OptionalInt.empty());
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Target target = new Target("127.0.0.1", server.getLocalPort());
            try (Socket open = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
                assertThat(open.isConnected()).isTrue();
                assertThat(connections.count(List.of(target))).isEqualTo(Map.of(target, new Count(1, 0)));
            }
            assertThat(connections.count(List.of(target)).get(target).all()).isZero();
        }
    }
}
