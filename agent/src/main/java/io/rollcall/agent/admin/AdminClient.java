package io.rollcall.agent.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks a running agent. */
public final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    private JsonNode ask(ObjectNode question) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
            return JSON.readTree(Channels.newReader(channel, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException(
                    "no agent answers at " + socket + " (" + e.getMessage()
                            + "); is it running, may you write to the socket, is --socket right?",
                    e);
        }
    }
}
