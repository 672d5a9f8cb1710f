package io.rollcall.registrar;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A virtual machine of its own that runs a class of the tests, with what the registrar brings with it and without a servlet API. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Child(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("servlet"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The next line of its standard output; null at the end. */
    String line() throws IOException {
        return out.readLine();
    }

    int exitStatus() throws InterruptedException {
        return process.waitFor();
    }

    /** Tells it to end. */
    void terminate() {
        process.toHandle().destroy(); // the process's own closes its streams
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
