package io.rollcall.apache;

import io.rollcall.registrar.Registrar;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A backend in a process of its own: ZooKeeper, service, id. */
final class RegisteredBackend {
    private RegisteredBackend() {}

    public static void main(String[] args) throws Exception {
        Backend backend = Backend.start(args[1], args[2]);
        Registrar registrar =
                Registrar.builder(args[0]).sessionTimeout(Duration.ofSeconds(2)).build();
        registrar.register(io.rollcall.registrar.Backend.of(args[1], backend.port())
                .address("127.0.0.1")
                .id(args[2])
                .build());
        new CountDownLatch(1).await();
    }
}
