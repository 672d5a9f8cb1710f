package io.rollcall.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The contenders that stand in httpd's place. */
final class Others {
    private Others() {}

    static Server haproxy(Setting setting, String name) throws IOException {
        Setup setup = Setup.of(setting, name);
        Map<String, String> homes = setup.homes();
        setup.write("names.map", "", homes, (host, address) -> host + " " + address + "\n");
        Haproxy routes = new Haproxy(setup.directory());
        routes.begin(homes);
        List<String> command = List.of(
                "/usr/sbin/haproxy", "-db", "-f", setup.fill("haproxy.cfg").toString());
        return Server.start(name, setup.directory(), setup.port(), command).with(routes);
    }

    static Server nginx(Setting setting, String name) throws Exception {
        Setup setup = Setup.of(setting, name);
        List<String> addresses = setting.names().addresses();
        Rewriting.Rewrite write = all ->
                setup.write("names.map", "", all, (host, address) -> host + " b" + addresses.indexOf(address) + ";\n");
        write.all(setup.homes());
        StringBuilder upstreams = new StringBuilder();
        for (int i = 0; i < addresses.size(); i++) {
            upstreams.append("upstream b%d {\n    server %s;\n    keepalive 32;\n}\n".formatted(i, addresses.get(i)));
        }
        Files.writeString(setup.directory().resolve("upstreams.conf"), upstreams);
        Server server = Server.start(
                name,
                setup.directory(),
                setup.port(),
                List.of(
                        "/usr/sbin/nginx",
                        "-g",
                        "daemon off;",
                        "-c",
                        setup.fill("nginx.conf").toString()));
        Rewriting routes = new Rewriting(all -> {
            write.all(all);
            Set<Long> before = children(server.pid());
            Tools.run(List.of("kill", "-HUP", Long.toString(server.pid())));
            Tools.await("nginx has new workers", () -> !before.containsAll(children(server.pid())));
        });
        routes.begin(setup.homes());
        return server.with(routes);
    }

    private static Set<Long> children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    static Server varnish(Setting setting, String name) throws IOException {
        Setup setup = Setup.of(setting, name);
        Map<String, String> homes = setup.homes();
        Path first = vcl(setup, homes, 0);
        String work = setup.directory().resolve("work").toString();
        List<String> command = List.of(
                "/usr/sbin/varnishd",
                "-F",
                "-j",
                "none",
                "-n",
                work,
                "-a",
                "127.0.0.1:" + setup.port(),
                "-f",
                first.toString(),
                "-s",
                "default,16m",
                "-p",
                "vcc_err_unref=off");
        Server server = Server.start(name, setup.directory(), setup.port(), command);
        List<String> loaded = new ArrayList<>(List.of("boot"));
        Rewriting routes = new Rewriting(all -> {
            String next = "names" + loaded.size();
            admin(work, "vcl.load", next, vcl(setup, all, loaded.size()).toString());
            admin(work, "vcl.use", next);
            admin(work, "vcl.discard", loaded.get(loaded.size() - 1));
            loaded.add(next);
        });
        routes.begin(homes);
        return server.with(routes);
    }

    private static void admin(String work, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("varnishadm", "-t", "60", "-n", work));
        command.addAll(List.of(words));
        Tools.run(command);
    }

    /** The text of the tree with a backend for each address and a comparison for each name. */
    private static Path vcl(Setup setup, Map<String, String> all, int number) throws IOException {
        List<String> addresses = setup.setting().names().addresses();
        StringBuilder backends = new StringBuilder();
        for (int i = 0; i < addresses.size(); i++) {
            String[] parts = addresses.get(i).split(":", 2);
            backends.append(
                    "backend b%d {\n    .host = \"%s\";\n    .port = \"%s\";\n}\n".formatted(i, parts[0], parts[1]));
        }
        String names = all.entrySet().stream()
                .map(entry -> "if (req.http.host == \"%s\") {\n        set req.backend_hint = b%d;\n    }"
                        .formatted(entry.getKey(), addresses.indexOf(entry.getValue())))
                .collect(Collectors.joining(" else "));
        setup.words().put("BACKENDS", backends.toString());
        setup.words().put("NAMES", names + " else {\n        return (synth(503));\n    }");
        return Template.fill(
                setup.source().resolve("varnish.vcl"),
                setup.words(),
                setup.directory().resolve("names" + number + ".vcl"));
    }
}
