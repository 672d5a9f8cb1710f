package io.rollcall.agent.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.agent.loop.Loop;
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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.curator.utils.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix socket, mode 0660, that answers one line of JSON with one line of JSON. Whoever may write to it may command the agent.
 */
public final class AdminSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_WAITING = 32;
    private static final int LONGEST_QUESTION = 4096;
    /** From the first look at a connection to the last byte of the answer: no client keeps others waiting for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final Commands commands;
    private final ServerSocketChannel server;
    private final ExecutorService acceptor =
            Executors.newSingleThreadExecutor(ThreadUtils.newThreadFactory("rollcall-admin-accept"));
    private final ExecutorService workers = new ThreadPoolExecutor(
            MOST_AT_ONCE,
            MOST_AT_ONCE,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            ThreadUtils.newThreadFactory("rollcall-admin"));
    private final Loop deadlines = new Loop("rollcall-admin-deadlines");

    private AdminSocket(Path path, Commands commands, ServerSocketChannel server) {
        this.path = path;
        this.commands = commands;
        this.server = server;
    }

    /** Listens at {@code path}; a socket that nobody answers on is replaced, one that is in use is an error. */
    public static AdminSocket open(Path path, Commands commands) throws IOException {
        makeDirectory(Optional.ofNullable(path.getParent()).orElseThrow(), path);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            removeStale(path);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException e) {
            server.close();
            throw new IOException(
                    "socket: " + path + ": " + e.getMessage()
                            + " (expected: a directory in which the agent's user may make a socket)",
                    e);
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
        deadlines.close(Duration.ZERO);
        Files.deleteIfExists(path);
    }

    private static void makeDirectory(Path directory, Path socket) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IOException(
                    "socket: " + socket + ": its directory cannot be made (" + e
                            + "; expected: a place where the agent's user may make it, or one that is there and is its own)",
                    e);
        }
    }

    private static void removeStale(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE) != SOCKET) {
            throw new IOException("socket: " + path + " is no socket (expected: a place for one; it is left as it is)");
        }
        if (!Files.isWritable(path) || answers(path)) {
            throw new IOException(
                    "socket: " + path + " is in use (expected: one agent per socket; is another one running?)");
        }
        Files.delete(path);
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
                take(connection);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("The admin socket could not accept a connection: {}", e.toString());
            }
        }
    }

    private void take(SocketChannel connection) {
        try {
            workers.execute(() -> serve(connection));
        } catch (RejectedExecutionException e) {
            end(connection);
        }
    }

    private static void end(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("A connection was not closed", e);
        }
    }

    private void serve(SocketChannel connection) {
        deadlines.after(PATIENCE, () -> end(connection));
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
