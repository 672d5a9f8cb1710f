package io.rollcall.agent.register;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that was started here, with our standard streams, and that ends with us: the kernel sends it SIGTERM when the thread
 * that started it is gone, however that came. So the thread that starts it has to be the one that waits for its end.
 */
public final class Command implements Subject {
    private static final Logger LOG = LoggerFactory.getLogger(Command.class);

    /** If the wrapper died before the kernel was asked, nobody would send anything: so the parent is looked at once more. */
    private static final String START = "[ \"$PPID\" = \"$1\" ] || exit 143; shift; exec \"$@\"";

    private static final List<Path> TOOLS = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    private final Process process;

    private Command(Process process) {
        this.process = process;
    }

    public static Command start(List<String> command) throws IOException {
        List<String> line = new ArrayList<>();
        if (exists("setpriv")) {
            line.addAll(List.of("setpriv", "--pdeathsig", "TERM", "--"));
        } else {
            LOG.warn("No setpriv (util-linux) on this machine: the command will outlive a wrapper that is killed");
        }
        if (exists("env")) {
            line.addAll(List.of("env", "--default-signal=QUIT")); // Java starts its children with SIGQUIT blocked
        }
        line.addAll(List.of("sh", "-c", START, "rollcall register"));
        line.add(Long.toString(ProcessHandle.current().pid()));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        builder.environment().remove("_JAVA_SR_SIGNUM"); // ours, see bin/rollcall
        return new Command(builder.start());
    }

    private static boolean exists(String tool) {
        return TOOLS.stream().anyMatch(directory -> Files.isExecutable(directory.resolve(tool)));
    }

    @Override
    public String name() {
        return "process " + process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status, or 128+n if signal n ended it. */
    @Override
    public int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** Passes on a signal such as {@code HUP}. Java sends TERM and KILL only, and every shell has a kill of its own. */
    void signal(String signal) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.warn("SIG{} was not passed on to {}: {}", signal, name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
