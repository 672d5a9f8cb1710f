package io.rollcall.apache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The text of the configuration that {@link Httpd} runs on: all of it its own, nothing of the machine's. */
final class HttpdConfiguration {
    // What rollcall.conf lists, and what a plain httpd cannot do without. A module that is compiled in has no file.
    private static final List<String> MODULES = List.of(
            "mpm_event",
            "authz_core",
            "mime",
            "dir",
            "alias",
            "env",
            "setenvif",
            "headers",
            "macro",
            "rewrite",
            "unique_id",
            "proxy",
            "proxy_http",
            "log_debug",
            "status");
    private static final List<String> USERS = List.of("www-data", "apache", "nobody");

    private HttpdConfiguration() {}

    static String text(HttpdBuilder builder, Path modules, boolean root) {
        StringBuilder text = new StringBuilder();
        Path directory = builder.directory();
        line(text, "ServerRoot \"" + directory + "\"");
        line(text, "DefaultRuntimeDir \"" + directory.resolve("run") + "\"");
        line(text, "PidFile \"" + directory.resolve("run/httpd.pid") + "\"");
        line(text, "Mutex file:" + directory.resolve("run") + " default");
        line(text, "ServerName httpd.invalid");
        List<String> wanted = new ArrayList<>(MODULES);
        wanted.removeAll(builder.without());
        wanted.addAll(builder.with());
        for (String module : wanted) {
            Path file = modules.resolve("mod_" + module + ".so");
            if (Files.exists(file)) {
                line(text, "LoadModule " + module + "_module \"" + file + "\"");
            }
        }
        if (root) {
            String user = builder.user().orElseGet(HttpdConfiguration::user);
            String group = user.equals("nobody") ? "nogroup" : user;
            line(text, "User " + user);
            line(text, "Group " + group);
            line(text, "Define ROLLCALL_RESOLVER_USER " + user + ":" + group);
        }
        for (int i = 0; i < builder.ports().size(); i++) {
            int port = builder.ports().get(i);
            line(text, "Define PORT" + (i == 0 ? "" : i + 1) + " " + port);
            line(text, "Listen " + builder.address() + ":" + port);
        }
        line(text, "TypesConfig /dev/null");
        line(text, "ErrorLog \"" + directory.resolve("error.log") + "\"");
        line(text, "LogLevel " + builder.logLevel());
        line(text, "LogFormat \"" + builder.logFormat().replace("\"", "\\\"") + "\" rollcall");
        line(text, "CustomLog \"" + directory.resolve("access.log") + "\" rollcall");
        line(text, "<Directory />\n  Require all denied\n</Directory>");
        builder.maps().ifPresent(maps -> {
            line(text, "Define ROLLCALL_MAPS \"" + maps + "\"");
            builder.requestLog().ifPresent(log -> line(text, "Define ROLLCALL_LOG \"" + log + "\""));
            line(text, "Include \"" + builder.conf().resolve("rollcall.conf") + "\"");
        });
        builder.resolver().ifPresent(program -> {
            line(text, "Define ROLLCALL_RESOLVER \"" + program + "\"");
            line(text, "Include \"" + builder.conf().resolve("rollcall-resolver.conf") + "\"");
        });
        text.append(builder.body());
        return text.toString();
    }

    private static String user() {
        return USERS.stream()
                .filter(HttpdConfiguration::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("none of the users " + USERS + " exists"));
    }

    private static boolean exists(String user) {
        try (var lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.anyMatch(line -> line.startsWith(user + ":"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
