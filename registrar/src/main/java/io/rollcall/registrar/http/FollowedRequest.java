package io.rollcall.registrar.http;

import io.rollcall.registrar.InFlight;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/**
 * A request that ends when it returns or, once asynchronous, when that is complete. It hears of the start itself: to look for it when the
 * filter's chain returns would be too late for one that was already dispatched or completed by another thread.
 */
final class FollowedRequest extends HttpServletRequestWrapper implements AsyncListener {
    private final InFlight.Request counted;
    private volatile boolean asynchronous; // set by the thread that starts it, read by the one that returns

    FollowedRequest(HttpServletRequest request, InFlight.Request counted) {
        super(request);
        this.counted = counted;
    }

    /** Whether somebody answers it after the filter's chain has returned. */
    boolean isAsynchronous() {
        if (!asynchronous && isAsyncStarted()) { // by somebody who has unwrapped the request
            follow(getAsyncContext());
        }
        return asynchronous;
    }

    /** The filter's chain is through. */
    void returned() {
        if (!isAsynchronous()) {
            counted.close();
        }
    }

    @Override
    public AsyncContext startAsync() {
        return follow(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return follow(super.startAsync(request, response));
    }

    private AsyncContext follow(AsyncContext context) {
        context.addListener(this);
        asynchronous = true;
        return context;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        counted.close();
    }

    /** Somebody may answer it yet; the container completes it in the end. */
    @Override
    public void onTimeout(AsyncEvent event) {}

    /** As with a timeout. */
    @Override
    public void onError(AsyncEvent event) {}

    /** Dispatched and started once more, which drops the listeners of the first time. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
