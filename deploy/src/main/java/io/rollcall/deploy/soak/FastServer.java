package io.rollcall.deploy.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A backend that costs next to nothing, so that a measurement through httpd measures httpd: one thread, the same answer to whatever
 * ends with an empty line. For requests without a body, one at a time on a connection.
 */
final class FastServer implements AutoCloseable {
    private static final byte[] ANSWER = """
            HTTP/1.1 200 OK\r
            Content-Type: text/plain\r
            X-Service: shop.example.com\r
            X-Backend: fast\r
            Content-Length: 14\r
            \r
            Hello, world.
            """.getBytes(StandardCharsets.US_ASCII);

    private final ServerSocketChannel server;
    private final Selector selector;

    private FastServer(ServerSocketChannel server, Selector selector) {
        this.server = server;
        this.selector = selector;
    }

    static FastServer start() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 511);
        server.configureBlocking(false);
        Selector selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
        FastServer fast = new FastServer(server, selector);
        Thread thread = new Thread(fast::run, "fast-server");
        thread.setDaemon(true);
        thread.start();
        return fast;
    }

    int port() {
        return server.socket().getLocalPort();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::ready);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                serve(key);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel connection = server.accept();
        if (connection != null) {
            connection.configureBlocking(false);
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connection.register(selector, SelectionKey.OP_READ, ByteBuffer.allocateDirect(8192));
        }
    }

    private static void serve(SelectionKey key) throws IOException {
        SocketChannel connection = (SocketChannel) key.channel();
        ByteBuffer request = (ByteBuffer) key.attachment();
        if (connection.read(request) < 0 || !request.hasRemaining()) {
            connection.close();
            return;
        }
        int end = request.position();
        if (end >= 4 && request.getInt(end - 4) == 0x0d0a0d0a) {
            request.clear();
            connection.write(ByteBuffer.wrap(ANSWER)); // fits into the empty buffer of a socket
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
    }
}
