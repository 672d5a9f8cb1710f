package io.rollcall.deploy.stage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;

/**
 * A server of the demo as a user would write one: the JDK's HTTP server, and the registrar in the same process. Arguments: service,
 * id, its own address, ZooKeeper's connect string; without that somebody else registers it. What happens is told on standard output,
 * a word and a number in each line; end of standard input ends it.
 */
final class BackendMain {
    /** Not the least, so that a process that is killed has requests under way. */
    private static final Duration WORK = Duration.ofMillis(5);

    private BackendMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String service = arguments[0];
        String id = arguments[1];
        String ip = arguments[2];
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(ip), 0), 511);
        server.createContext("/", exchange -> answer(exchange, service, id));
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        int port = server.getAddress().getPort();
        tell("listening", port);
        if (arguments.length > 3) {
            register(
                    server,
                    arguments[3],
                    Backend.of(service, port).address(ip).id(id).build());
        }
        System.in.transferTo(OutputStream.nullOutputStream());
        Runtime.getRuntime().halt(0); // whoever started us is gone
    }

    private static void register(HttpServer server, String zookeeper, Backend backend) throws InterruptedException {
        Registrar registrar = Registrar.builder(zookeeper)
                .sessionTimeout(Duration.ofSeconds(4))
                .build();
        tell("registering", System.nanoTime());
        Registration registration = registrar.register(backend);

        // SIGTERM is how servers are asked to stop; leave() returns when this one may.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            tell("leaving", System.nanoTime());
            registration.leave();
            server.stop(0);
            tell("left", System.nanoTime());
        }));
        if (registration.awaitRegistered(Duration.ofMinutes(1))) {
            tell("registered", System.nanoTime());
        }
    }

    private static void answer(HttpExchange exchange, String service, String id) throws IOException {
        try (exchange) {
            Thread.sleep(WORK.toMillis());
            byte[] body = ("Hello from " + service + ", backend " + id + " on port "
                            + exchange.getLocalAddress().getPort() + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Service", service);
            exchange.getResponseHeaders().set("X-Backend", id);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void tell(String what, long number) {
        System.out.println(what + " " + number);
        System.out.flush();
    }
}
