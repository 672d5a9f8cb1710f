package io.rollcall.bench.contender;

import io.rollcall.apache.Ports;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a server that takes a while to listen: below those that the kernel gives to clients, of which the load has many, so that
 * none of them takes it meanwhile.
 */
final class Port {
    private static final int LEAST = 11_000;
    private static final int MOST = 31_000;
    private static final int TRIES = 100;

    private Port() {}

    static int free() throws IOException {
        IOException last = new IOException("no tries");
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, MOST);
            try (ServerSocket socket = new ServerSocket(port, 1, Ports.loopback())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("no free port in " + LEAST + ".." + MOST, last);
    }
}
