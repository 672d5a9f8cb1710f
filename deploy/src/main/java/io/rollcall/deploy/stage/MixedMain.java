package io.rollcall.deploy.stage;

import io.rollcall.registrar.Backend;
import io.rollcall.registrar.InFlight;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A {@link MixedServer} and the registrar in one process. Arguments: service, id, ZooKeeper's connect string, its own address, the
 * file for what it sees, whether the registrar is to tell how many requests are open. Tells what happens as {@link BackendMain} does;
 * end of standard input ends it.
 */
final class MixedMain {
    private MixedMain() {}

    public static void main(String[] arguments) throws Exception {
        String service = arguments[0];
        String id = arguments[1];
        String address = arguments[3];
        InFlight inFlight = new InFlight();
        MixedServer server =
                MixedServer.start(service, id, InetAddress.getByName(address), Path.of(arguments[4]), inFlight);
        tell("listening", server.port());
        Registrar registrar = Registrar.builder(arguments[2])
                .sessionTimeout(Duration.ofSeconds(4))
                .build();
        tell("registering", System.nanoTime());
        Backend backend =
                Backend.of(service, server.port()).address(address).id(id).build();
        boolean counts = Boolean.parseBoolean(arguments[5]);
        Registration registration = counts ? registrar.register(backend, inFlight) : registrar.register(backend);
        if (registration.awaitRegistered(Duration.ofMinutes(1))) {
            tell("registered", System.nanoTime());
        }
        System.in.transferTo(OutputStream.nullOutputStream());
        Runtime.getRuntime().halt(0); // whoever started us is gone
    }

    private static synchronized void tell(String what, long number) {
        System.out.println(what + " " + number);
        System.out.flush();
    }
}
