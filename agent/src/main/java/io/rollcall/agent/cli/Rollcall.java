package io.rollcall.agent.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code rollcall} command and its subcommands.
 *
 * <p>Exit codes: 0 done, 1 the answer is no or a check failed, 2 wrong usage or bad configuration, 3 agent or ZooKeeper
 * unreachable; of those that drain also 4 timed out, 5 not confirmed, 6 unknown service or backend.
 */
@Command(
        name = "rollcall",
        description = "Service discovery for Apache httpd.",
        subcommands = {
            AgentCommand.class,
            StatusCommand.class,
            WhyCommand.class,
            EventsCommand.class,
            ForgetCommand.class,
            DrainCommand.class,
            HandoverCommand.class,
            UndrainCommand.class,
            CancelCommand.class,
            DrainsCommand.class,
            AgentsCommand.class,
            WatchCommand.class,
            DoctorCommand.class,
            ResolveCommand.class,
            RegisterCommand.class,
            ZkcliCommand.class,
            ShareClassesCommand.class,
        },
        mixinStandardHelpOptions = true,
        versionProvider = Rollcall.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Rollcall {
    private Rollcall() {}

    public static void main(String[] args) {
        // What follows `register ... --` is somebody else's: @argument is no file of ours.
        boolean agent = args.length > 0 && args[0].equals("agent");
        System.exit(
                agent
                        ? agent().execute(List.of(args).subList(1, args.length).toArray(String[]::new))
                        : commandLine().setExpandAtFiles(false).execute(args));
    }

    /** Without the other commands: to take them all in takes half a second of processor time, and httpd may be waiting for maps. */
    static CommandLine agent() {
        return new CommandLine(new AgentCommand())
                .setCommandName("rollcall agent")
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Rollcall::misused);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Rollcall()).setParameterExceptionHandler(Rollcall::misused);
    }

    /** What is wrong comes last, where it is seen; the whole help only to who said nothing at all. */
    private static int misused(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        if (args.length == 0) {
            command.usage(err);
            return Exit.USAGE;
        }
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        // An option that is missing is often there, misspelt.
        List<String> unknown = e instanceof MissingParameterException ? command.getUnmatchedArguments() : List.of();
        if (!unknown.isEmpty()) {
            err.println("Not known: " + String.join(" ", unknown));
        }
        err.println("See " + name + " --help");
        return Exit.USAGE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Rollcall.class.getPackage().getImplementationVersion();
            return new String[] {"rollcall " + (version == null ? "(not packaged)" : version)};
        }
    }
}
