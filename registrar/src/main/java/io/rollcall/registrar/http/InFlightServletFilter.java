package io.rollcall.registrar.http;

import io.rollcall.registrar.InFlight;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Counts the requests of a servlet container (Jakarta Servlet 5 or later), each until its end, also where it is answered
 * asynchronously. While the backend drains, answers tell httpd to close the connection, so that pooled ones go too. To be the first
 * filter, for {@code /*}, with asynchronous support.
 *
 * <p>A WebSocket's end cannot be seen here: after the first one the count is no evidence any more ({@link InFlight#incomplete}).
 */
public final class InFlightServletFilter implements Filter {
    private final InFlight inFlight;
    private final String seen = InFlightServletFilter.class.getName() + "@" + System.identityHashCode(this);

    public InFlightServletFilter(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean again = request.getAttribute(seen) != null; // dispatched: it is counted until its end
        if (again
                || !(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse answer)) {
            chain.doFilter(request, response);
            return;
        }
        request.setAttribute(seen, true);
        InFlight.Request counted = inFlight.enter();
        FollowedRequest followed = new FollowedRequest(http, counted);
        try {
            closeConnection(http, answer);
            chain.doFilter(followed, answer);
            if (!followed.isAsynchronous()) { // else another thread is at the answer
                answered(http, answer);
            }
        } finally {
            followed.returned();
        }
    }

    /** The drain may have begun meanwhile, and a small answer is still in its buffer. */
    private void answered(HttpServletRequest request, HttpServletResponse response) {
        closeConnection(request, response);
        if (isSwitched(request, response)) {
            inFlight.incomplete();
        }
    }

    /** Not every container shows the status that a WebSocket is answered with; one that is refused has an error's. */
    private static boolean isSwitched(HttpServletRequest request, HttpServletResponse response) {
        return response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS
                || ("websocket".equalsIgnoreCase(request.getHeader("Upgrade")) && response.getStatus() < 300);
    }

    /** Not for HTTP/2, which has no such header, and not where the header is needed to switch protocols. */
    private void closeConnection(HttpServletRequest request, HttpServletResponse response) {
        if (inFlight.isDraining()
                && !response.isCommitted()
                && request.getProtocol().startsWith("HTTP/1")
                && request.getHeader("Upgrade") == null) {
            response.setHeader("Connection", "close");
        }
    }
}
