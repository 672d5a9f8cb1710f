package io.rollcall.registrar.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.rollcall.registrar.InFlight;
import java.io.IOException;

/**
 * Counts the requests of a {@code com.sun.net.httpserver.HttpServer}: each until its handler has returned and its answer is through, that is the
 * exchange or the answer's body is closed, whichever thread does it. While the backend drains, answers tell httpd to close the connection, so that
 * pooled ones go too.
 *
 * <pre>{@code
 * server.createContext("/", handler).getFilters().add(new InFlightHttpFilter(inFlight));
 * }</pre>
 */
public final class InFlightHttpFilter extends Filter {
    private final InFlight inFlight;

    public InFlightHttpFilter(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        FollowedExchange followed = new FollowedExchange(exchange, inFlight);
        boolean returned = false;
        try {
            chain.doFilter(followed);
            returned = true;
        } finally {
            followed.returned(returned);
        }
    }

    @Override
    public String description() {
        return "counts requests for Rollcall";
    }
}
