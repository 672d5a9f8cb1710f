package io.rollcall.agent.cli;

import io.rollcall.agent.register.Attendance;
import io.rollcall.agent.register.Bystander;
import io.rollcall.agent.register.Departure;
import io.rollcall.agent.register.ReadyCheck;
import io.rollcall.agent.register.Relay;
import io.rollcall.agent.register.Signals;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Runs or follows a process and registers it for as long as it lives. */
@Command(
        name = "register",
        description =
                "Runs COMMAND, or follows process PID, and registers it from the moment it is ready until its end.",
        customSynopsis = {
            "rollcall register SERVICE --port=PORT [OPTIONS] -- COMMAND [ARGUMENTS]",
            "       rollcall register SERVICE --port=PORT [OPTIONS] --pid=PID"
        },
        footer = {
            "HUP, INT, TERM, USR1, USR2, WINCH and CONT are passed on to COMMAND, and it gets TERM if this wrapper is killed.",
            "Exit status: COMMAND's, or 128+n if signal n ended it. With --pid: 0 at its end, 1 if there is no such process."
        })
final class RegisterCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "Host name that is routed to it.")
    private String service = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "What to run, with its arguments.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--port", paramLabel = "PORT", required = true, description = "Port on which it listens.")
    private int port;

    @Option(names = "--address", paramLabel = "IP", description = "Default: what the system uses towards ZooKeeper.")
    private @Nullable String address;

    @Option(names = "--id", paramLabel = "ID", description = "The same over restarts. Default: ADDRESS-PORT.")
    private @Nullable String id;

    @Option(
            names = "--weight",
            paramLabel = "WEIGHT",
            defaultValue = "1",
            description = "Share of new requests, 0..100 (default: 1).")
    private int weight;

    @Option(names = "--version", paramLabel = "VERSION", defaultValue = "", description = "Release that it runs.")
    private String version = "";

    @Option(names = "--zone", paramLabel = "ZONE", defaultValue = "", description = "Where it runs.")
    private String zone = "";

    @Option(names = "--meta", paramLabel = "KEY=VALUE", description = "Free; may be given more than once.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Option(
            names = "--zookeeper",
            paramLabel = "CONNECT",
            defaultValue = "127.0.0.1:2181",
            description = "HOST:PORT,... (default: ${DEFAULT-VALUE}).")
    private String zookeeper = "";

    @Option(
            names = "--root",
            paramLabel = "PATH",
            defaultValue = "/rollcall",
            description = "Of the registry in ZooKeeper (default: ${DEFAULT-VALUE}).")
    private String root = "";

    @Option(
            names = "--probe",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Path that agents ask for to see whether it is well. Default: they only connect.")
    private String probe = "";

    @Option(
            names = "--check",
            paramLabel = "CHECK",
            defaultValue = "tcp",
            description = "tcp: it accepts connections (default); http:/PATH: it answers GET /PATH with 200 to 399.")
    private String check = "";

    @Option(
            names = "--check-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationText.class,
            description = "Warn if it is not ready by then (default: ${DEFAULT-VALUE}); it is waited for all the same.")
    private Duration checkTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationText.class,
            description = "On TERM and INT, drain: pass it on when no request is open and none can come, at the latest"
                    + " after this time (default: ${DEFAULT-VALUE}; 0s: at once).")
    private Duration drainTimeout = Duration.ZERO;

    @Option(names = "--pid", paramLabel = "PID", description = "Follow this process instead of running a command.")
    private @Nullable Long pid;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli reads it; "unused" is a name that the compiler's checks leave alone

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if ((pid == null) == command.isEmpty()) {
            throw wrong("COMMAND after --, or --pid PID: one of them is expected");
        }
        try {
            ReadyCheck ready = readyCheck();
            Backend backend = backend();
            Registrar registrar = Registrar.builder(zookeeper).root(root).build();
            Attendance attendance = new Attendance(registrar, backend, ready, checkTimeout);
            return pid == null ? run(attendance) : follow(attendance, pid, drainTimeout);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int run(Attendance attendance) throws InterruptedException {
        CompletableFuture<Relay> relay = new CompletableFuture<>();
        Signals.handle(signal -> relay.join().pass(signal));
        try (attendance) {
            var process = io.rollcall.agent.register.Command.start(command);
            relay.complete(new Relay(process, attendance, drainTimeout));
            attendance.start(process);
            return process.awaitEnd();
        } catch (IOException e) {
            System.err.println("rollcall register: " + e.getMessage());
            return Exit.NO;
        }
    }

    private static int follow(Attendance attendance, long pid, Duration drainTimeout) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(attendance::close, "leave"));
        Optional<Bystander> process = Bystander.of(pid);
        if (process.isEmpty()) {
            System.err.println("rollcall register: --pid " + pid + ": no such process");
            return Exit.NO;
        }
        Signals.handle(Departure.SIGNALS.keySet(), new Departure(attendance, drainTimeout)::start);
        attendance.start(process.get());
        return process.get().awaitEnd();
    }

    private Backend backend() {
        Backend.Builder backend = Backend.of(service, port)
                .probe(probe)
                .weight(weight)
                .version(version)
                .zone(zone)
                .linger(Duration.ZERO); // when it has ended there is nobody left to serve
        Optional.ofNullable(address).ifPresent(backend::address);
        Optional.ofNullable(id).ifPresent(backend::id);
        metadata.forEach(backend::metadata);
        return backend.build();
    }

    private ReadyCheck readyCheck() {
        try {
            return ReadyCheck.parse(check);
        } catch (IllegalArgumentException e) {
            throw wrong("--check: " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(
                java.util.Objects.requireNonNull(spec, "set by picocli").commandLine(), message);
    }
}
