package io.rollcall.agent.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which backends of which service a command is about. */
final class BackendsOption {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "Host name or service.")
    private String service = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "BACKEND",
            description = "Id, address:port, version=V or zone=Z.")
    private List<String> backends = new ArrayList<>();

    String service() {
        return service;
    }

    List<String> backends() {
        return backends;
    }
}
