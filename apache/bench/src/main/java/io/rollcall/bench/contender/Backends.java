package io.rollcall.bench.contender;

import io.rollcall.deploy.stage.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All backends: one nginx with one worker that listens on an address of 127.0.2.0/24 for each. */
public record Backends(Server server, List<String> addresses) implements AutoCloseable {

    public static Backends start(Place place, int count) throws IOException {
        Path directory = place.folder("backends");
        int port = Port.free();
        List<String> addresses = IntStream.rangeClosed(1, count)
                .mapToObj(i -> "127.0.2." + i + ":" + port)
                .toList();
        Map<String, String> words = new HashMap<>();
        words.put("DIR", directory.toString());
        words.put("USER", Setup.user());
        words.put("LISTEN", addresses.stream().map(at -> "listen " + at + ";").collect(Collectors.joining(" ")));
        // For the harness, to see that it is up.
        words.put("LISTEN", words.get("LISTEN") + " listen 127.0.0.1:" + port + ";");
        Path configuration = Template.fill(
                place.top().resolve("apache/bench/contenders/backends/nginx.conf"),
                words,
                directory.resolve("nginx.conf"));
        List<String> command = List.of("/usr/sbin/nginx", "-g", "daemon off;", "-c", configuration.toString());
        return new Backends(Server.start("backends", directory, port, command), addresses);
    }

    /** Where they are reached without anything in between. */
    public int port() {
        return server.port();
    }

    /** The address of that port, as its answers say it. */
    public String own() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.close();
    }
}
