package io.rollcall.agent.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes backends out and waits until they are quiet. */
@Command(
        name = "drain",
        description = "Sends no new requests to a backend from any httpd, and returns when it may be stopped.",
        footer = DrainCommand.STATUS,
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    static final String STATUS =
            "Exit status: 0 quiet, it may be stopped; 1 taken back, or ended before it was quiet, or refused;"
                    + " 2 wrong usage; 3 no ZooKeeper; 4 timed out, something is open; 5 not confirmed, an agent cannot be asked;"
                    + " 6 unknown service or backend.";

    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Option(names = "--force", description = "Also the last one that takes requests.")
    private boolean force;

    @Mixin
    private BackendsOption of = new BackendsOption();

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), wait.json());
        return registry.run(
                wait.json(),
                drains -> new Vigil(say, wait, of.service())
                        .over("drain", drains.drain(of.service(), of.backends(), wait.terms(force))));
    }
}
