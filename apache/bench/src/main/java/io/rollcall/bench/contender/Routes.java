package io.rollcall.bench.contender;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where each name is, and the way in which a contender is told. One change at a time; it is in effect some time after the call, and
 * how long that takes is what is measured.
 */
public abstract class Routes implements AutoCloseable {
    private final Map<String, String> addresses = new TreeMap<>(); // guarded by this
    private final AtomicLong changes = new AtomicLong();

    /** Gives a name an address, or takes it away. */
    public final void put(String name, Optional<String> address) throws Exception {
        Optional<String> before;
        synchronized (this) {
            before = Optional.ofNullable(
                    address.isPresent() ? addresses.put(name, address.get()) : addresses.remove(name));
        }
        changed(name, before, address);
        changes.incrementAndGet();
    }

    /** How often it was told so far, or is about to be; fewer than the changes, where it is told of several at once. */
    public long told() {
        return changes.get();
    }

    /** Until it has been told of all. */
    public void awaitTold() throws Exception {}

    /** Where it is now, as far as we have told. */
    public final synchronized Optional<String> at(String name) {
        return Optional.ofNullable(addresses.get(name));
    }

    public final synchronized Map<String, String> all() {
        return new TreeMap<>(addresses);
    }

    /** What is to be before there is a server to be told. */
    final synchronized void begin(Map<String, String> first) {
        addresses.putAll(first);
    }

    /** CPU seconds used so far for telling it, beside the thread that calls and programs that have ended. */
    public double updaterSeconds() {
        return 0;
    }

    /** Tells it. May only note it down, where a rewriting is under way. */
    abstract void changed(String name, Optional<String> before, Optional<String> address) throws Exception;

    @Override
    public void close() throws IOException {}
}
