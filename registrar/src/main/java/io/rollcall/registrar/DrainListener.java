package io.rollcall.registrar;

import io.rollcall.registry.Order;

/** What an application wants to do when somebody orders its backend to drain. Never called on a thread that keeps the backend registered. */
@FunctionalInterface
public interface DrainListener {
    /** No new requests will come, as soon as every httpd has heard of it; those that come until then are to be served. Once per order. */
    void drain(Order order);

    /** That order does not stand any more, and the backend gets requests again. */
    default void cancelled(Order order) {}
}
