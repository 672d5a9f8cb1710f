package io.rollcall.agent.register;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged {@code rollcall register}, as a process. */
final class Wrapper implements AutoCloseable {
    static final String SERVICE = "shop.example.com";

    private static final Path ROLLCALL =
            Path.of(System.getProperty("rollcall.distribution"), "bin/rollcall").toAbsolutePath();

    final Process process;
    private final BufferedReader out;
    private final List<String> errors = new ArrayList<>();

    private Wrapper(List<String> line) throws IOException {
        process = new ProcessBuilder(line).start();
        out = reader(process.getInputStream());
        Thread thread = new Thread(this::collectErrors, "stderr");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code rollcall register} with these arguments and nothing else. */
    static Wrapper of(List<String> arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(ROLLCALL.toString(), "register"));
        line.addAll(arguments);
        return new Wrapper(line);
    }

    private static BufferedReader reader(java.io.InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private void collectErrors() {
        try (BufferedReader reader = reader(process.getErrorStream())) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                System.err.println("  " + line);
                synchronized (errors) {
                    errors.add(line);
                }
            }
        } catch (IOException e) {
            // the process is gone
        }
    }

    /** What the wrapper and the command wrote to standard error until now. */
    String errors() {
        synchronized (errors) {
            return String.join("\n", errors);
        }
    }

    /** The next line of the command's standard output; null at its end. */
    String line() throws IOException {
        return out.readLine();
    }

    void type(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    void signal(String name) throws IOException, InterruptedException {
        signal(name, Long.toString(process.pid()));
    }

    static void signal(String name, String pid) throws IOException, InterruptedException {
        int status = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid)
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -s " + name + " failed");
        }
    }

    int exitStatus() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
