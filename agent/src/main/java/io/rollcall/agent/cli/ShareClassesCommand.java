package io.rollcall.agent.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists {@code share-classes} among the commands; only the launcher can do it, for it starts the Java whose classes are written. */
@Command(
        name = "share-classes",
        description =
                "Makes the resolver start sooner; to be run by the distribution's owner, after an upgrade of Java too.")
final class ShareClassesCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() {
        throw new ParameterException(
                Objects.requireNonNull(command, "set by picocli").commandLine(),
                "started without the launcher (expected: bin/rollcall)");
    }
}
