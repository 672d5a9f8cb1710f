package io.rollcall.deploy.soak;

import io.rollcall.apache.Backend;
import io.rollcall.apache.Ports;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A backend in this JVM that stays registered whether its port is open or not: when it is dead, no session tells. One thread. */
final class Enrolled implements AutoCloseable {
    /** Not the least, so that there are requests under way when something happens. */
    private static final Duration WORK = Duration.ofMillis(5);

    /** Below those that Linux gives to connections, unless told otherwise. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS_END = 30_000;

    private final Registration registration;
    private Backend backend;

    private final boolean closesLast;

    private Enrolled(Backend backend, boolean closesLast, Registration registration) {
        this.backend = backend;
        this.closesLast = closesLast;
        this.registration = registration;
    }

    /** Opens a port and registers it. */
    static Enrolled start(Registrar registrar, String service, String id) throws IOException {
        return start(registrar, service, id, false);
    }

    /** The same, of which nothing is left at its port when it is down: {@link Backend#closesLast}. */
    static Enrolled startTraceless(Registrar registrar, String service, String id) throws IOException {
        return start(registrar, service, id, true);
    }

    private static Enrolled start(Registrar registrar, String service, String id, boolean closesLast)
            throws IOException {
        Backend backend = open(service, id).delay(WORK).closesLast(closesLast);
        return new Enrolled(backend, closesLast, register(registrar, service, id, "127.0.0.1", backend.port()));
    }

    /**
     * At a port that no connection is usually given as its own one: a connection to a closed port of this host that happens to be given
     * just that port is connected to itself, which looks like a backend that answers nonsense.
     */
    private static Backend open(String service, String id) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, PORTS_END);
                return Backend.start(service, id, Ports.loopback(), port);
            } catch (BindException e) {
                if (tries == 100) {
                    throw e;
                }
            }
        }
    }

    /** Registers what listens there. */
    static Registration register(Registrar registrar, String service, String id, String ip, int port) {
        return registrar.register(io.rollcall.registrar.Backend.of(service, port)
                .address(ip)
                .id(id)
                .linger(Duration.ZERO)
                .build());
    }

    Backend backend() {
        return backend;
    }

    String address() {
        return backend.address();
    }

    /** Refuses connections and cuts those that are open, as the death of a process does. */
    void down() throws IOException {
        backend.close();
    }

    /** Takes connections again, at the same port. */
    void up() throws IOException {
        backend = Backend.start(backend.service(), backend.id(), Ports.loopback(), backend.port())
                .delay(WORK)
                .closesLast(closesLast);
    }

    @Override
    public void close() throws IOException {
        registration.leave();
        backend.close();
    }
}
