package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.admin.AdminClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What all commands share that ask a running agent. */
final class SocketOption {
    /** A question to the agent. */
    interface Question {
        JsonNode ask(AdminClient agent) throws IOException;
    }

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = "/run/rollcall/agent.sock",
            description = "The agent's socket (default: ${DEFAULT-VALUE}).")
    private Path socket = Path.of("/run/rollcall/agent.sock");

    /** The agent's answer; empty, and said on stderr, if no agent answers. */
    Optional<JsonNode> ask(String command, Question question) {
        try {
            return Optional.of(question.ask(new AdminClient(socket)));
        } catch (IOException e) {
            System.err.println("rollcall " + command + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
