package io.rollcall.bench.contender;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Servers that begin and end, each at an address of 127.0.0.0/8, all in one thread. A server answers for the names that it was given
 * since it began; for others it says 421, and that counts. For requests without a body, one at a time on a connection.
 */
public final class Hosts implements AutoCloseable {
    private static final int MOST_REQUEST = 4096;
    private static final int END = 0x0d0a0d0a;

    /** What one of them has open, and whom it answers for. By the thread. */
    private static final class Host {
        private final String address;
        private final Set<String> names = new HashSet<>();
        private final Set<Channel> open = new HashSet<>();

        Host(String address) {
            this.address = address;
        }
    }

    private record Connection(Host host, ByteBuffer request) {}

    private interface Task {
        void run() throws IOException;
    }

    private record Due(Task task, CompletableFuture<Optional<IOException>> done) {}

    private final List<Host> hosts;
    private final Selector selector;
    private final Queue<Due> due = new ConcurrentLinkedQueue<>();
    private final AtomicLong misdirected = new AtomicLong(); // by the thread
    private final Thread thread = new Thread(this::run, "hosts");

    private Hosts(List<String> addresses, Selector selector) {
        this.hosts = addresses.stream().map(Host::new).toList();
        this.selector = selector;
        thread.setDaemon(true);
    }

    /** So many, none of which has begun. */
    public static Hosts at(int count) throws IOException {
        Hosts hosts = new Hosts(Backends.addresses(count, Port.free()), Selector.open());
        hosts.thread.start();
        return hosts;
    }

    public List<String> addresses() {
        return hosts.stream().map(host -> host.address).toList();
    }

    /** How many requests were for names that the server did not have. */
    public long misdirected() {
        return misdirected.get();
    }

    public void begin(int number) throws IOException, InterruptedException {
        Host host = hosts.get(number);
        call(() -> {
            ServerSocketChannel listener = ServerSocketChannel.open();
            host.open.add(listener);
            String[] parts = host.address.split(":", 2);
            listener.bind(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), 511);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT, host);
        });
    }

    /** From now on it answers for this name, too. */
    public void give(int number, String name) throws IOException, InterruptedException {
        call(() -> hosts.get(number).names.add(name));
    }

    /** Refuses connections and ends those that are open, as the end of a process does. */
    public void end(int number) throws IOException, InterruptedException {
        call(() -> end(hosts.get(number)));
    }

    private void end(Host host) throws IOException {
        for (Channel channel : host.open) {
            channel.close();
        }
        host.open.clear();
        host.names.clear();
        selector.selectNow(this::ready); // only then are they closed that are registered with it
    }

    private void call(Task task) throws IOException, InterruptedException {
        Due now = new Due(task, new CompletableFuture<>());
        due.add(now);
        selector.wakeup();
        try {
            Optional<IOException> failure = now.done.get();
            if (failure.isPresent()) {
                throw failure.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run() {
        try (selector) {
            while (!Thread.currentThread().isInterrupted()) {
                selector.select(this::ready);
                for (Due next = due.poll(); next != null; next = due.poll()) {
                    next.done.complete(failure(next.task));
                }
            }
            for (Host host : hosts) {
                end(host);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Optional<IOException> failure(Task task) {
        try {
            task.run();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel(), (Host) key.attachment());
            } else if (!serve((SocketChannel) key.channel(), (Connection) key.attachment())) {
                close(key);
            }
        } catch (IOException e) {
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        if (key.attachment() instanceof Connection connection) {
            connection.host.open.remove(key.channel());
        }
        try {
            key.channel().close();
        } catch (IOException e) {
            key.cancel(); // gone either way
        }
    }

    private void accept(ServerSocketChannel listener, Host host) throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            host.open.add(channel);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Connection(host, ByteBuffer.allocate(MOST_REQUEST)));
        }
    }

    /** Tells whether the connection stays. */
    private boolean serve(SocketChannel channel, Connection connection) throws IOException {
        ByteBuffer request = connection.request;
        if (channel.read(request) < 0 || !request.hasRemaining()) {
            return false;
        }
        int end = request.position();
        if (end < 4 || request.getInt(end - 4) != END) {
            return true;
        }
        String text = StandardCharsets.ISO_8859_1.decode(request.flip()).toString();
        request.clear();
        String name = header(text, "Host: ");
        boolean mine = connection.host.names.contains(name);
        if (!mine) {
            misdirected.incrementAndGet();
        }
        String answer = "HTTP/1.1 %s\r\nX-Service: %s\r\nX-Backend: %s\r\nContent-Length: 14\r\n\r\nHello, world.\n"
                .formatted(mine ? "200 OK" : "421 Misdirected Request", name, connection.host.address);
        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1))); // fits into its empty buffer
        return !header(text, "Connection: ").equalsIgnoreCase("close");
    }

    private static String header(String request, String name) {
        int at = request.indexOf("\r\n" + name);
        return at < 0 ? "" : request.substring(at + 2 + name.length(), request.indexOf("\r\n", at + 2));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
