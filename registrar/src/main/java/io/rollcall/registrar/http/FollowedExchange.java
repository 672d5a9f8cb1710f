package io.rollcall.registrar.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import io.rollcall.registrar.InFlight;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An exchange that tells when its answer is through. Everything else is the other's. */
final class FollowedExchange extends HttpExchange {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_BODY = -1;

    private final HttpExchange exchange;
    private final InFlight inFlight;
    private final InFlight.Request counted;
    private final AtomicInteger awaited = new AtomicInteger(2); // the handler's return and the answer's end
    private final AtomicInteger answers = new AtomicInteger();
    private @Nullable OutputStream body; // guarded by this

    FollowedExchange(HttpExchange exchange, InFlight inFlight) {
        this.exchange = exchange;
        this.inFlight = inFlight;
        this.counted = inFlight.enter();
    }

    /** What the handler did not catch ends the exchange: the server closes the connection. */
    void returned(boolean normally) {
        if (normally) {
            happened();
        } else {
            counted.close();
        }
    }

    private void answered() {
        if (answers.getAndIncrement() == 0) {
            happened();
        }
    }

    private void happened() {
        if (awaited.decrementAndGet() == 0) {
            counted.close();
        }
    }

    @Override
    public void close() {
        try {
            exchange.close();
        } finally {
            answered();
        }
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        if (inFlight.isDraining() && getRequestHeaders().getFirst("Upgrade") == null) {
            getResponseHeaders().set("Connection", "close");
        }
        if (status == SWITCHING_PROTOCOLS) {
            inFlight.incomplete();
        }
        exchange.sendResponseHeaders(status, length);
        if (length == NO_BODY || getRequestMethod().equals("HEAD")) {
            answered();
        }
    }

    @Override
    public synchronized OutputStream getResponseBody() {
        if (body == null) {
            body = new Body(exchange.getResponseBody());
        }
        return body;
    }

    /** Tells its end; not before it is closed, even if it was told its length and has got all of it. */
    private final class Body extends FilterOutputStream {
        Body(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length); // not byte by byte
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } finally {
                answered();
            }
        }
    }

    @Override
    public Headers getRequestHeaders() {
        return exchange.getRequestHeaders();
    }

    @Override
    public Headers getResponseHeaders() {
        return exchange.getResponseHeaders();
    }

    @Override
    public URI getRequestURI() {
        return exchange.getRequestURI();
    }

    @Override
    public String getRequestMethod() {
        return exchange.getRequestMethod();
    }

    @Override
    public HttpContext getHttpContext() {
        return exchange.getHttpContext();
    }

    @Override
    public InputStream getRequestBody() {
        return exchange.getRequestBody();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return exchange.getRemoteAddress();
    }

    @Override
    public int getResponseCode() {
        return exchange.getResponseCode();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return exchange.getLocalAddress();
    }

    @Override
    public String getProtocol() {
        return exchange.getProtocol();
    }

    @Override
    public Object getAttribute(String name) {
        return exchange.getAttribute(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
        exchange.setAttribute(name, value);
    }

    /** Wrapped again on the next look at the body. */
    @Override
    public synchronized void setStreams(InputStream in, OutputStream out) {
        exchange.setStreams(in, out);
        body = null;
    }

    @Override
    public HttpPrincipal getPrincipal() {
        return exchange.getPrincipal();
    }
}
