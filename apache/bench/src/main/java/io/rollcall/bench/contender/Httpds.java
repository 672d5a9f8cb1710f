package io.rollcall.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The contenders that are an httpd. */
final class Httpds {
    private Httpds() {}

    /** Knows its backends from the start, and no names. */
    static Server fixed(Setting setting, String name) throws IOException {
        return run(Setup.of(setting, name), name);
    }

    static Server rollcall(Setting setting, String name) throws IOException {
        return run(followed(setting, name), name).with(setting.registryOrFail().tree());
    }

    /** The configuration of one that follows the registry. */
    static Setup followed(Setting setting, String name) throws IOException {
        Setup setup = Setup.of(setting, name);
        Registry registry = setting.registryOrFail();
        setup.words().put("MAPS", registry.maps().toString());
        setup.words().put("ROLLCALL", registry.program().toString());
        return setup;
    }

    static Server constant(Setting setting, String name) throws Exception {
        return PrgMutex.SYSVSEM.start(setting);
    }

    static Server constant(Setup setup) throws Exception {
        compile(setup);
        return run(setup, PrgMutex.CONTENDER);
    }

    /** The program of that configuration. */
    static void compile(Setup setup) throws IOException, InterruptedException {
        Tools.run(List.of(
                "gcc",
                "-O2",
                "-DBACKEND=\"" + setup.words().get("BACKEND1") + "\"",
                "-o",
                setup.directory().resolve("constant").toString(),
                setup.source().resolve("constant.c").toString()));
    }

    static Server rule(Setting setting, String name) throws IOException {
        Setup setup = Setup.of(setting, name);
        return rewritten(setup, name, lines(setup), setup.homes());
    }

    static Server perl(Setting setting, String name) throws IOException {
        Setup setup = withWorkers(setting, name);
        Files.copy(
                setup.source().resolve("backend.pl"),
                setup.directory().resolve("backend.pl"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        return rewritten(setup, name, lines(setup), setup.homes());
    }

    /** A line of text for each name. */
    static Rewriting.Rewrite lines(Setup setup) {
        return addresses -> setup.write("names.txt", "", addresses, (host, address) -> host + " " + address + "\n");
    }

    static Server sqlite(Setting setting, String name) throws IOException {
        Setup setup = withWorkers(setting, name);
        // The journal of the database is written by readers too.
        Files.setPosixFilePermissions(setup.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Sqlite routes = Sqlite.create(setup.directory().resolve("names.db"), setup.homes());
        return run(setup, name).with(routes);
    }

    static Server express(Setting setting, String name) throws Exception {
        Setup setup = withWorkers(setting, name);
        Dbm routes = new Dbm(setup.directory().resolve("names"));
        routes.begin(setup.homes());
        routes.write(setup.homes());
        return run(setup, name).with(routes);
    }

    static Server graceful(Setting setting, String name) throws IOException {
        Setup setup = Setup.of(setting, name);
        String address = "127.0.0.1:" + setup.port();
        String nobody =
                "<VirtualHost %s>\nServerName nobody.invalid\nRewriteEngine On\nRewriteRule ^ - [R=503]\n</VirtualHost>\n"
                        .formatted(address);
        Rewriting.Rewrite write = addresses -> setup.write(
                "names.conf", nobody, addresses, (host, backend) -> """
                        <VirtualHost %s>
                        ServerName %s
                        ProxyPass / http://%s/
                        ProxyPassReverse / http://%s/
                        </VirtualHost>
                        """.formatted(address, host, backend, backend));
        return rewritten(
                setup,
                name,
                addresses -> {
                    write.all(addresses);
                    Tools.graceful(setup.directory());
                },
                write,
                setup.homes());
    }

    private static Server rewritten(Setup setup, String name, Rewriting.Rewrite rewrite, Map<String, String> first)
            throws IOException {
        return rewritten(setup, name, rewrite, rewrite, first);
    }

    /** Writes what the server needs before it starts, and later in a way that has it read. */
    private static Server rewritten(
            Setup setup, String name, Rewriting.Rewrite later, Rewriting.Rewrite now, Map<String, String> first)
            throws IOException {
        try {
            now.all(first);
        } catch (Exception e) {
            throw new IOException(name + ": cannot write its names", e);
        }
        Server server = run(setup, name);
        Rewriting routes = new Rewriting(later);
        routes.begin(first);
        return server.with(routes);
    }

    private static Setup withWorkers(Setting setting, String name) throws IOException {
        Setup setup = Setup.of(setting, name);
        Path workers = setup.directory().resolve("workers.conf");
        Files.writeString(
                workers,
                setting.names().addresses().stream()
                        .map(
                                "<Proxy \"http://%s\">\n  ProxySet enablereuse=on connectiontimeout=1 ttl=30\n</Proxy>\n"
                                        ::formatted)
                        .collect(Collectors.joining()));
        setup.words().put("WORKERS", workers.toString());
        return setup;
    }

    /** The common part and the contender's own. */
    private static Server run(Setup setup, String name) throws IOException {
        return Server.start(name, setup.directory(), setup.port(), command(setup));
    }

    /** Also with {@code -t}, which only checks. */
    static List<String> command(Setup setup) throws IOException {
        Path common = Template.fill(
                setup.setting().configurations().resolve("httpd-common.conf"),
                setup.words(),
                setup.directory().resolve("common.conf"));
        return List.of(
                System.getProperty("rollcall.httpd", "/usr/sbin/apache2"),
                "-D",
                "FOREGROUND",
                "-f",
                common.toString(),
                "-c",
                "Include \"" + setup.fill("httpd.conf") + "\"");
    }
}
