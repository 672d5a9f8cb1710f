package io.rollcall.agent.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.curator.utils.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix socket, mode 0660, that answers one line of JSON with one line of JSON. Whoever may write to it may command the agent.
 */
public final class AdminSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    private static final int MOST_AT_ONCE = 4;
    private static final int LONGEST_QUESTION = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final Commands commands;
    private final ServerSocketChannel server;
    private final ExecutorService acceptor =
            Executors.newSingleThreadExecutor(ThreadUtils.newThreadFactory("rollcall-admin-accept"));
    private final ExecutorService workers =
            Executors.newFixedThreadPool(MOST_AT_ONCE, ThreadUtils.newThreadFactory("rollcall-admin"));

    private AdminSocket(Path path, Commands commands, ServerSocketChannel server) {
        this.path = path;
        this.commands = commands;
        this.server = server;
    }

    /** Listens at {@code path}; a socket that nobody answers on is replaced, one that is in use is an error. */
    public static AdminSocket open(Path path, Commands commands) throws IOException {
        Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
        if (Files.exists(path)) {
            if (answers(path)) {
                throw new IOException(
                        "socket: " + path + " is in use (expected: one agent per socket; is another one running?)");
            }
            Files.delete(path);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException e) {
            server.close();
            throw new IOException("socket: " + path + ": " + e.getMessage() + " (expected: a place for a socket)", e);
        }
        AdminSocket socket = new AdminSocket(path, commands, server);
        socket.acceptor.execute(socket::accept);
        return socket;
    }

    @Override
    public void close() throws IOException {
        server.close();
        acceptor.shutdownNow();
        workers.shutdownNow();
        Files.deleteIfExists(path);
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                workers.execute(() -> serve(connection));
            } catch (ClosedChannelException | RejectedExecutionException e) {
                return;
            } catch (IOException e) {
                LOG.warn("The admin socket could not accept a connection: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                Reader reader = Channels.newReader(connection, StandardCharsets.UTF_8)) {
            String line = new BufferedReader(new Limited(reader, LONGEST_QUESTION)).readLine();
            JsonNode answer =
                    line == null ? Commands.error("question: missing (expected: a line of JSON)") : answer(line);
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(answer + "\n");
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
        } catch (IOException e) {
            LOG.debug("A question was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode answer(String line) throws InterruptedException {
        try {
            return commands.answer(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Commands.error("question: " + e.getOriginalMessage() + " (expected: a line of JSON)");
        }
    }
}
