package io.rollcall.apache;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The server side of a WebSocket (RFC 6455) that sends every frame back. Frames up to 64 KiB. */
public final class WebSocketEcho {
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
    private static final int CLOSE = 8;

    private WebSocketEcho() {}

    /**
     * Answers the handshake and echoes until the peer closes.
     *
     * @param headers lines that the answer is to have as well, each with its line end
     */
    public static void run(HttpMessage request, InputStream in, OutputStream out, String headers) throws IOException {
        String accept = accept(request.header("Sec-WebSocket-Key").orElse(""));
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + headers
                + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        int first = in.read();
        while (first >= 0) {
            byte[] payload = payload(in);
            out.write(first);
            if (payload.length < 126) {
                out.write(payload.length);
            } else {
                out.write(126);
                out.write(payload.length >> 8);
                out.write(payload.length);
            }
            out.write(payload);
            out.flush();
            if ((first & 0x0f) == CLOSE) {
                return;
            }
            first = in.read();
        }
    }

    private static byte[] payload(InputStream in) throws IOException {
        int length = in.read() & 0x7f;
        if (length == 126) {
            length = in.read() << 8 | in.read();
        } else if (length == 127) {
            throw new IOException("frame of more than 64 KiB");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private static String accept(String key) throws IOException {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JVM has no SHA-1", e);
        }
    }
}
