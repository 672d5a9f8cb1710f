package io.rollcall.agent.cli;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.config.ConfigException;
import io.rollcall.drain.Drains;
import io.rollcall.drain.RefusedException;
import io.rollcall.registry.Ensemble;
import io.rollcall.registry.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share that ask the registry. */
final class RegistryOption {
    private static final Path USUAL = Path.of("/etc/rollcall/agent.properties");

    /** What is asked of the registry; the exit status is what it returns. */
    interface Task {
        int run(Drains drains) throws IOException, RefusedException, InterruptedException;
    }

    @Option(
            names = "--zookeeper",
            paramLabel = "CONNECT",
            description = "HOST:PORT,... (default: what the agent's configuration says, else 127.0.0.1:2181).")
    private @Nullable String zookeeper;

    @Option(
            names = "--root",
            paramLabel = "PATH",
            description =
                    "Of the registry in ZooKeeper (default: what the agent's configuration says, else /rollcall).")
    private @Nullable String root;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The agent's configuration (default: /etc/rollcall/agent.properties, if it is there).")
    private @Nullable Path config;

    private String asked = "";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** Runs a task; what stands in its way is said on stderr. */
    int run(boolean json, Task task) throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
        try (Drains drains = open()) {
            return task.run(drains);
        } catch (RefusedException e) {
            boolean unknown = e.reason() == RefusedException.Reason.UNKNOWN;
            return say.failed(unknown ? Exit.UNKNOWN : Exit.NO, e.reason().name(), message(e));
        } catch (IOException e) {
            return say.failed(
                    Exit.UNREACHABLE, "NO_ZOOKEEPER", message(e) + ": " + Excerpt.of(Ensemble.lookedUp(asked)));
        } catch (ConfigException | IllegalArgumentException e) {
            return say.failed(Exit.USAGE, "USAGE", message(e));
        }
    }

    private static String message(Exception e) {
        return Excerpt.line(String.valueOf(e.getMessage()));
    }

    private Drains open() throws ConfigException {
        String connect = zookeeper;
        String path = root;
        if (connect == null || path == null) {
            AgentConfig settings = settings();
            connect = connect == null ? settings.zookeeper() : connect;
            path = path == null ? settings.paths().root() : path;
        }
        asked = connect;
        return Drains.builder(connect).root(path).build();
    }

    private AgentConfig settings() throws ConfigException {
        if (config != null) {
            return AgentConfig.read(config, false);
        }
        return Files.exists(USUAL) ? AgentConfig.read(USUAL, false) : AgentConfig.defaults(false);
    }
}
