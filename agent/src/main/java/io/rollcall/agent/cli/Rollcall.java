package io.rollcall.agent.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The {@code rollcall} command and its subcommands.
 *
 * <p>Exit codes: 0 done, 1 the answer is no or a check failed, 2 wrong usage or bad configuration, 3 agent or ZooKeeper
 * unreachable.
 */
@Command(
        name = "rollcall",
        description = "Service discovery for Apache httpd.",
        subcommands = {
            AgentCommand.class,
            StatusCommand.class,
            WhyCommand.class,
            ForgetCommand.class,
            DoctorCommand.class,
            ResolveCommand.class,
            RegisterCommand.class,
            ZkcliCommand.class,
        },
        mixinStandardHelpOptions = true,
        versionProvider = Rollcall.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Rollcall {
    private Rollcall() {}

    public static void main(String[] args) {
        // What follows `register ... --` is somebody else's: @argument is no file of ours.
        System.exit(new CommandLine(new Rollcall()).setExpandAtFiles(false).execute(args));
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Rollcall.class.getPackage().getImplementationVersion();
            return new String[] {"rollcall " + (version == null ? "(not packaged)" : version)};
        }
    }
}
