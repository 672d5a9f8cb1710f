package io.rollcall.agent.register;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that somebody else started. Linux tells its end to its parent only, so it is looked at every 50 ms; its start time
 * tells it from another one that got its number later.
 */
public final class Bystander implements Subject {
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final int STATE = 0; // fields of /proc/PID/stat after the name in parentheses
    private static final int START_TIME = 19;

    private final long pid;
    private final String startTime;

    private Bystander(long pid, String startTime) {
        this.pid = pid;
        this.startTime = startTime;
    }

    /** Empty if there is no such process. */
    public static Optional<Bystander> of(long pid) {
        return startTime(pid).map(time -> new Bystander(pid, time));
    }

    @Override
    public String name() {
        return "process " + pid;
    }

    @Override
    public boolean isAlive() {
        return startTime(pid).filter(startTime::equals).isPresent();
    }

    @Override
    public int awaitEnd() throws InterruptedException {
        while (isAlive()) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return 0;
    }

    /** Empty if it has ended, also if nobody has asked for its exit status yet. */
    private static Optional<String> startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return ended ? Optional.empty() : Optional.of(fields[START_TIME]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
