package io.rollcall.deploy.soak;

import io.rollcall.apache.Backend;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.time.Duration;

/** A backend with a registrar and a session of its own, as a process would have, but in this JVM: so that its times are ours. */
final class Member implements AutoCloseable {
    private final Backend backend;
    private final Registrar registrar;
    private final long joinedNanos;

    private Member(Backend backend, Registrar registrar, long joinedNanos) {
        this.backend = backend;
        this.registrar = registrar;
        this.joinedNanos = joinedNanos;
    }

    /** Starts one on a free port, and calls the registrar. */
    static Member join(String zookeeper, String service, String id) throws IOException {
        Backend backend = Backend.start(service, id);
        long joined = System.nanoTime();
        Registrar registrar = Registrar.builder(zookeeper)
                .sessionTimeout(Duration.ofSeconds(4))
                .build();
        registrar.register(io.rollcall.registrar.Backend.of(service, backend.port())
                .address("127.0.0.1")
                .id(id)
                .build());
        return new Member(backend, registrar, joined);
    }

    Backend backend() {
        return backend;
    }

    /** When the registrar was called. */
    long joinedNanos() {
        return joinedNanos;
    }

    /** Leaves as the registrar says, goes on serving until it may stop, and stops. */
    @Override
    public void close() throws IOException {
        registrar.close();
        backend.close();
    }
}
