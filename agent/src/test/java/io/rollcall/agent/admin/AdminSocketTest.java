package io.rollcall.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rollcall.agent.journal.Journal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminSocketTest {
    private static final Commands COMMANDS = new Commands(new Commands.Target() {
        @Override
        public AgentStatus status() {
            throw new IllegalStateException("not asked for");
        }

        @Override
        public Journal journal() {
            throw new IllegalStateException("not asked for");
        }

        @Override
        public boolean forget(String name) {
            return true;
        }
    });

    @TempDir
    private Path dir;

    @Test
    void clientsThatHangKeepNobodyElseWaitingForLong() throws IOException {
        Path path = dir.resolve("agent.sock");
        List<SocketChannel> hanging = new ArrayList<>();
        AdminSocket socket = AdminSocket.open(path, COMMANDS);
        try (socket) {
            for (int i = 0; i < 5; i++) {
                hanging.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            assertThat(new AdminClient(path)
                            .forget("gone.example.com")
                            .path("ok")
                            .asBoolean())
                    .isTrue();
        } finally {
            for (SocketChannel channel : hanging) {
                channel.close();
            }
        }
    }

    @Test
    void moreClientsThanThereIsRoomForAreTurnedAway() throws IOException {
        Path path = dir.resolve("agent.sock");
        List<SocketChannel> hanging = new ArrayList<>();
        AdminSocket socket = AdminSocket.open(path, COMMANDS);
        try (socket) {
            for (int i = 0; i < 60; i++) {
                hanging.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            assertThatThrownBy(() -> new AdminClient(path).forget("gone.example.com"))
                    .isInstanceOf(IOException.class);
        } finally {
            for (SocketChannel channel : hanging) {
                channel.close();
            }
        }
    }

    @Test
    void aSocketThatNobodyAnswersOnIsReplaced() throws IOException {
        Path path = dir.resolve("agent.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
        assertThat(path).exists();
        AdminSocket socket = AdminSocket.open(path, COMMANDS);
        try (socket) {
            assertThat(new AdminClient(path)
                            .forget("gone.example.com")
                            .path("ok")
                            .asBoolean())
                    .isTrue();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whatIsNoSocketIsNotReplaced() throws IOException {
        Path path = Files.writeString(dir.resolve("precious"), "data");
        assertThatThrownBy(() -> AdminSocket.open(path, COMMANDS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no socket");
        assertThat(path).hasContent("data");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedWithTheSetting() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> AdminSocket.open(file.resolve("run/agent.sock"), COMMANDS))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("socket: " + file + "/run/agent.sock: its directory cannot be made");
    }
}
