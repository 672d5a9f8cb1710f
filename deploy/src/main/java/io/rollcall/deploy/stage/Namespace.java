package io.rollcall.deploy.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A network namespace that {@code deploy/lib/fronts.sh} has made. */
public record Namespace(String name) {

    /** One of those that were made for this run: {@code hub}, {@code zk}, {@code front1}, {@code front2}. */
    public static Namespace of(String role) {
        String prefix = System.getenv("ROLLCALL_FRONTS");
        if (prefix == null) {
            throw new IllegalStateException(
                    "ROLLCALL_FRONTS is not set (expected: to be started by deploy/soak or deploy/lib/with-fronts)");
        }
        return new Namespace(prefix + "-" + role);
    }

    /** What is before a command that is to run in it. */
    public List<String> enter() {
        return List.of("nsenter", "--net=/run/netns/" + name);
    }

    /** Runs {@code ip} on it. */
    public void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments));
        Process ip = new ProcessBuilder(command).redirectErrorStream(true).start();
        String words = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (ip.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + words);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
