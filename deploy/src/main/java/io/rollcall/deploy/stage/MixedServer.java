package io.rollcall.deploy.stage;

import io.rollcall.apache.HttpMessage;
import io.rollcall.apache.WebSocketEcho;
import io.rollcall.registrar.InFlight;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * An HTTP/1.1 server that takes as long as the path says: {@code /slow} 2 s, {@code /download} 3 s in pieces, {@code /upload} as long
 * as the body takes, {@code /socket} as long as the WebSocket is used, all others no time. It writes down every connection and every
 * request as it comes, in a way that a SIGKILL does not undo.
 */
final class MixedServer {
    static final int DOWNLOAD_PIECES = 30;
    static final int DOWNLOAD_PIECE = 2000;
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration DOWNLOAD = Duration.ofSeconds(3);

    private final String service;
    private final String id;
    private final ServerSocket server;
    private final FileChannel log;
    private final InFlight inFlight;

    private MixedServer(String service, String id, ServerSocket server, FileChannel log, InFlight inFlight) {
        this.service = service;
        this.id = id;
        this.server = server;
        this.log = log;
        this.inFlight = inFlight;
    }

    /** Starts one on a free port. */
    static MixedServer start(String service, String id, InetAddress address, Path log, InFlight inFlight)
            throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(address, 0), 511);
        FileChannel file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        MixedServer mixed = new MixedServer(service, id, server, file, inFlight);
        thread(mixed::accept);
        return mixed;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket connection = server.accept();
                note("connection", "-");
                thread(() -> serve(connection));
            } catch (IOException e) {
                System.err.println("accept: " + e);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            boolean more = true;
            while (more) {
                Optional<HttpMessage> request = HttpMessage.readHead(in);
                more = request.isPresent() && answer(request.get(), in, out);
            }
        } catch (Exception e) {
            return; // the peer is gone
        }
    }

    /** Whether the connection may be used again. */
    private boolean answer(HttpMessage request, InputStream in, OutputStream out) throws Exception {
        String path = request.target().replaceFirst("[?].*", "");
        note(path, request.method());
        InFlight.Request open = inFlight.enter();
        try {
            if (path.equals("/socket")) {
                WebSocketEcho.run(request, in, out, identity());
                return false;
            }
            int length = Integer.parseInt(request.header("Content-Length").orElse("0"));
            in.skipNBytes(length);
            if (path.equals("/slow")) {
                Thread.sleep(SLOW.toMillis());
            }
            if (path.equals("/download")) {
                head(out, DOWNLOAD_PIECES * DOWNLOAD_PIECE, length);
                for (int i = 0; i < DOWNLOAD_PIECES; i++) {
                    out.write(new byte[DOWNLOAD_PIECE]);
                    Thread.sleep(DOWNLOAD.toMillis() / DOWNLOAD_PIECES);
                }
            } else {
                byte[] body = (service + " " + id + "\n").getBytes(StandardCharsets.UTF_8);
                head(out, body.length, length);
                out.write(body);
            }
        } finally {
            open.close();
        }
        return request.header("Connection").filter("close"::equalsIgnoreCase).isEmpty();
    }

    private void head(OutputStream out, int length, int received) throws IOException {
        String head = "HTTP/1.1 200 OK\r\n" + identity() + "X-Received: " + received + "\r\nContent-Length: " + length
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String identity() {
        return "X-Service: " + service + "\r\nX-Backend: " + id + "\r\n";
    }

    private synchronized void note(String what, String how) throws IOException {
        log.write(ByteBuffer.wrap(
                (System.nanoTime() + " " + what + " " + how + "\n").getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "serve");
        thread.setDaemon(true);
        thread.start();
    }
}
