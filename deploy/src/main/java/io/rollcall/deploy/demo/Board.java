package io.rollcall.deploy.demo;

import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.BackendProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of who is present: drawn anew in place on a terminal, else line by line as it changes. */
final class Board {
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final boolean TERMINAL = Boolean.getBoolean("rollcall.terminal");

    private final Stage stage;
    private final AgentProcess agent;

    Board(Stage stage, AgentProcess agent) {
        this.stage = stage;
        this.agent = agent;
    }

    /** Shows it until this process is told to end. */
    void show() throws IOException {
        List<String> shown = List.of();
        while (agent.alive()) {
            List<String> rows = rows();
            if (stage.closing()) {
                return;
            }
            if (TERMINAL && !rows.equals(shown)) {
                draw(rows, shown.isEmpty() ? 0 : shown.size() + 2);
            } else if (!TERMINAL) {
                tellChanges(shown, rows);
            }
            shown = rows;
            Waiting.pause(EVERY);
        }
        if (!stage.closing()) {
            throw new IOException("the agent (pid " + agent.pid() + ") has ended");
        }
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        Maps.present(agent.maps()).forEach((service, addresses) -> {
            if (addresses.isEmpty()) {
                rows.add(String.format("%-24s %-22s %s", service, "-", "nobody: 503"));
            }
            addresses.forEach(address -> rows.add(String.format("%-24s %-22s %s", service, address, who(address))));
        });
        return rows;
    }

    private String who(String address) {
        return stage.backends().stream()
                .filter(backend -> backend.address().equals(address))
                .findFirst()
                .map(Board::who)
                .orElse("not one of the demo's own");
    }

    private static String who(BackendProcess backend) {
        return backend.id() + ", pid " + backend.pid() + (backend.alive() ? "" : " (dead, its session not yet)");
    }

    private static void draw(List<String> rows, int up) {
        StringBuilder screen = new StringBuilder();
        if (up > 0) {
            screen.append("\033[").append(up).append('F').append("\033[J");
        }
        screen.append(String.format("%-24s %-22s %s%n", "PRESENT since " + now(), "httpd sends it to", "who that is"));
        rows.forEach(row -> screen.append(row).append(System.lineSeparator()));
        screen.append("Ctrl-C ends all of it.").append(System.lineSeparator());
        System.out.print(screen);
        System.out.flush();
    }

    private static void tellChanges(List<String> before, List<String> after) {
        before.stream().filter(row -> !after.contains(row)).forEach(row -> System.out.println(now() + " - " + row));
        after.stream().filter(row -> !before.contains(row)).forEach(row -> System.out.println(now() + " + " + row));
    }

    /** With seconds also where they are 00, which a time's own text leaves out. */
    private static String now() {
        return LocalTime.now(java.time.ZoneId.systemDefault()).format(SECONDS);
    }
}
