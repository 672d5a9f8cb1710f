package io.rollcall.agent.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.agent.loop.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a running agent. */
public final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path socket;

    public AdminClient(Path socket) {
        this.socket = socket;
    }

    public JsonNode status() throws IOException {
        return ask(JSON.createObjectNode().put("command", "status"));
    }

    public JsonNode why(String name) throws IOException {
        return ask(JSON.createObjectNode().put("command", "why").put("name", name));
    }

    public JsonNode forget(String name) throws IOException {
        return ask(JSON.createObjectNode().put("command", "forget").put("name", name));
    }

    /**
     * The last events of a service, or of all if that is empty, after the one with that number. {@code left} says how many more were
     * asked for than one answer has room for.
     */
    public JsonNode events(String service, long after, int most) throws IOException {
        return ask(JSON.createObjectNode()
                .put("command", "events")
                .put("name", service)
                .put("after", after)
                .put("most", most));
    }

    private JsonNode ask(ObjectNode question) throws IOException {
        Loop deadline = new Loop("rollcall-deadline");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            deadline.after(PATIENCE, () -> end(channel));
            channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
            return JSON.readTree(Channels.newReader(channel, StandardCharsets.UTF_8));
        } catch (AsynchronousCloseException e) {
            throw new IOException(
                    "the agent at " + socket + " gave no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new IOException(
                    "no agent answers at " + socket + " (" + e.getMessage()
                            + "); is it running, may you write to the socket, is --socket right?",
                    e);
        } finally {
            deadline.close(Duration.ZERO);
        }
    }

    private static void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
