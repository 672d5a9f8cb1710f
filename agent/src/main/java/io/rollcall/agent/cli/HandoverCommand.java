package io.rollcall.agent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hands a service over from some backends to others. */
@Command(
        name = "handover",
        description =
                "Waits until every agent routes to the backends of --to, takes those of --from out only then, and returns"
                        + " when they may be stopped.",
        footer = DrainCommand.STATUS,
        mixinStandardHelpOptions = true)
final class HandoverCommand implements Callable<Integer> {
    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Host name or service.")
    private String service = "";

    @Option(
            names = "--from",
            paramLabel = "BACKEND",
            required = true,
            description = "Id, address:port, version=V or zone=Z; may be given more than once.")
    private List<String> from = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "BACKEND",
            required = true,
            description = "Who takes over, in the same forms; may be given more than once.")
    private List<String> to = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), wait.json());
        return registry.run(
                wait.json(),
                drains -> new Vigil(say, wait, service)
                        .over("handover", drains.handover(service, from, to, wait.terms(false))));
    }
}
