package io.rollcall.agent.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.rollcall.registry.Instance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command with real processes. */
final class RegisterIT extends RegisterSite {
    private static final String TRAPS = "for s in HUP INT TERM USR1 USR2 WINCH CONT; do trap \"echo got $s\" $s; done; "
            + "trap 'exit 3' QUIT; echo $$; for i in $(seq 2000); do sleep 0.05; done";

    @Test
    void aCommandIsRegisteredFromWhenItAcceptsConnectionsUntilItEnds() throws Exception {
        int number = port.getLocalPort();
        port.close();
        List<String> options =
                List.of("--check-timeout=1ms", "--weight=3", "--version=42", "--zone=z", "--meta=k=v", "--meta=l=w=x");
        Wrapper wrapper = register(number, options, "sh", "-c", "read line; echo $line; echo $line >&2; exit 7");
        await().atMost(LONG).until(() -> wrapper.errors().contains("is not ready after"));
        assertThat(registered()).isEmpty();

        port = new ServerSocket(number, 50, InetAddress.getLoopbackAddress());
        started.add(port);
        awaitRegistered();
        Instance instance = registered().orElseThrow();
        assertThat(instance.id()).isEqualTo("127.0.0.1-" + number);
        assertThat(instance.weight()).isEqualTo(3);
        assertThat(instance.version()).isEqualTo("42");
        assertThat(instance.zone()).isEqualTo("z");
        assertThat(instance.metadata()).containsEntry("k", "v").containsEntry("l", "w=x");

        wrapper.type("bye");
        assertThat(wrapper.line()).isEqualTo("bye");
        assertThat(wrapper.exitStatus()).isEqualTo(7);
        assertThat(registered()).isEmpty();
        await().until(() -> wrapper.errors().endsWith("bye") || wrapper.errors().contains("\nbye\n"));
    }

    @Test
    void signalsArePassedOn() throws Exception {
        Wrapper wrapper = register(List.of(), "sh", "-c", TRAPS);
        String command = wrapper.line();
        for (String signal : Signals.PASSED_ON) {
            wrapper.signal(signal);
            assertThat(wrapper.line()).isEqualTo("got " + signal);
        }
        for (int i = 0; i < 3; i++) {
            wrapper.signal("USR2");
            assertThat(wrapper.line()).isEqualTo("got USR2");
        }
        Wrapper.signal("QUIT", command);
        assertThat(wrapper.exitStatus()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM", "USR1", "USR2", "KILL"})
    void deathBySignalIs128AndItsNumber(String signal) throws Exception {
        Wrapper wrapper = register(List.of(), "sh", "-c", "kill -s " + signal + " $$; sleep 60");
        int number = List.of("", "HUP", "INT", "", "", "", "", "", "", "KILL", "USR1", "", "USR2", "", "", "TERM")
                .indexOf(signal);
        assertThat(wrapper.exitStatus()).isEqualTo(128 + number);
    }

    @Test
    void aCommandThatDoesNotExistIs127() throws Exception {
        Wrapper wrapper = register(List.of(), "/nowhere/to/be/found", "@argument");
        assertThat(wrapper.exitStatus()).isEqualTo(127);
        await().until(() -> wrapper.errors().contains("/nowhere/to/be/found: not found"));
    }

    @Test
    void theCommandStartsWithNoSignalBlocked() throws Exception {
        Wrapper wrapper = register(List.of(), "grep", "SigBlk", "/proc/self/status");
        assertThat(wrapper.line()).isEqualTo("SigBlk:\t0000000000000000");
    }

    @Test
    void aWrapperThatIsKilledTakesTheCommandWithIt() throws Exception {
        Wrapper wrapper = register(List.of(), "sh", "-c", "echo $$; exec sleep 1000");
        long pid = Long.parseLong(wrapper.line());
        awaitRegistered();
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).hasValue(true);
        wrapper.signal("KILL");
        await().atMost(LONG).until(() -> Bystander.of(pid).isEmpty());
        assertThat(wrapper.exitStatus()).isEqualTo(128 + 9);
    }

    @Test
    void anHttpCheckWaitsForAGoodAnswer() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        List<String> asked = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        started.add(() -> server.stop(0));
        Wrapper wrapper = register(
                server.getAddress().getPort(),
                List.of("--check=http:/ready?deep", "--check-timeout=1ms"),
                "sleep",
                "1000");
        await().atMost(LONG).until(() -> wrapper.errors().contains("answers 'HTTP/1.1 503'"));
        assertThat(registered()).isEmpty();
        status.set(302);
        awaitRegistered();
        assertThat(asked.get(0)).isEqualTo("/ready?deep " + Wrapper.SERVICE);
    }

    @Test
    void aProcessThatRunsAlreadyIsRegisteredUntilItEnds() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        started.add(other::destroyForcibly);
        Wrapper wrapper = register(List.of("--pid=" + other.pid()));
        awaitRegistered();
        other.destroyForcibly();
        assertThat(wrapper.exitStatus()).isZero();
        assertThat(registered()).isEmpty();
    }

    @Test
    void nobodyIsFollowedNoMoreAfterTheWrapperIsToldToEnd() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        started.add(other::destroyForcibly);
        Wrapper wrapper = register(List.of("--pid=" + other.pid()));
        awaitRegistered();
        wrapper.signal("TERM");
        assertThat(wrapper.exitStatus()).isEqualTo(128 + 15);
        assertThat(registered()).isEmpty();
        assertThat(other.isAlive()).isTrue();
    }

    @Test
    void aProcessThatIsNotThereIsSaidAtOnce() throws Exception {
        Wrapper wrapper = register(List.of("--pid=4194304"));
        assertThat(wrapper.exitStatus()).isEqualTo(1);
        await().until(() -> wrapper.errors().contains("--pid 4194304: no such process"));
    }
}
