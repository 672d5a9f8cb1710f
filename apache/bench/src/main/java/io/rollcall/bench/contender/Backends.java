package io.rollcall.bench.contender;

import io.rollcall.deploy.stage.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All backends: one nginx with one worker that listens on every address of 127.0.0.0/8, so that there are as many as anyone wants.
 *
 * @param addresses of those that the names of all contenders are at
 */
public record Backends(Server server, List<String> addresses) implements AutoCloseable {

    public static Backends start(Place place, int count) throws IOException {
        Path directory = place.folder("backends");
        int port = Port.free();
        Map<String, String> words = new HashMap<>();
        words.put("DIR", directory.toString());
        words.put("USER", Setup.user());
        words.put("PORT", Integer.toString(port));
        Path configuration = Template.fill(
                place.top().resolve("apache/bench/contenders/backends/nginx.conf"),
                words,
                directory.resolve("nginx.conf"));
        List<String> command = List.of("/usr/sbin/nginx", "-g", "daemon off;", "-c", configuration.toString());
        return new Backends(Server.start("backends", directory, port, command), addresses(count, port));
    }

    /** So many, the first of them as above, each at an address of its own: 127.0.2.1, 127.0.2.2 and so on. */
    public List<String> others(int count) {
        return addresses(count, port());
    }

    static List<String> addresses(int count, int port) {
        return IntStream.range(0, count)
                .mapToObj(i -> "127.%d.%d.%d:%d".formatted(i / 62_500, 2 + i % 62_500 / 250, 1 + i % 250, port))
                .toList();
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
