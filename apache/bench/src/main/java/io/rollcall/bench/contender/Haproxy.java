package io.rollcall.bench.contender;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Changes HAProxy's map through its runtime API, a command a connection. */
final class Haproxy extends Routes {
    private final UnixDomainSocketAddress socket;
    private final Path map;

    Haproxy(Path directory) {
        this.socket = UnixDomainSocketAddress.of(directory.resolve("api.sock"));
        this.map = directory.resolve("names.map");
    }

    /** A key that is there is set; one that is new is added. */
    @Override
    void changed(String name, Optional<String> before, Optional<String> address) throws IOException {
        String word = address.isEmpty() ? "del" : before.isPresent() ? "set" : "add";
        String value = address.map(to -> " " + to).orElse("");
        String words = say(word + " map " + map + " " + name + value + "\n");
        if (!words.isBlank()) {
            throw new IOException("haproxy: " + words);
        }
    }

    private String say(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(socket);
            channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            while (channel.read(answer) >= 0 && answer.hasRemaining()) {}
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }
}
