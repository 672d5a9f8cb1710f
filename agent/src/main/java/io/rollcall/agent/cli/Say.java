package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** How a command speaks: results on standard output, one JSON object if that was asked for; all else on standard error. */
record Say(CommandSpec command, boolean json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    void out(String text) {
        command.commandLine().getOut().print(text);
        command.commandLine().getOut().flush();
    }

    void err(String line) {
        command.commandLine().getErr().println(line);
        command.commandLine().getErr().flush();
    }

    /** Says the result in one of its two forms. */
    void result(ObjectNode asJson, String asText) {
        out(json ? asJson + "\n" : asText);
    }

    /** Says what went wrong, and returns {@code exit}. */
    int failed(int exit, String reason, String message) {
        err(command.qualifiedName() + ": " + message);
        if (json) {
            ObjectNode object = object();
            object.put("result", reason.toLowerCase(Locale.ROOT).replace('_', '-'));
            object.put("exit", exit);
            object.put("message", message);
            out(object + "\n");
        }
        return exit;
    }
}
