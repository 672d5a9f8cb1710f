package io.rollcall.agent.traffic;

import io.rollcall.agent.logs.FollowedLog;
import io.rollcall.agent.loop.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the request log for its traffic. What is lost of it is lost: nothing but how soon something is noticed depends on it. */
public final class TrafficLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrafficLog.class);

    /** A connect failure is acted on after half of this, on average. */
    private static final Duration EVERY = Duration.ofMillis(10);

    private static final Duration TIDY = Duration.ofMinutes(1);

    private final FollowedLog log;
    private final Traffic traffic;
    private final LongSupplier clock;
    private final Loop loop = new Loop("rollcall-traffic");
    private volatile String problem = ""; // by the loop

    public TrafficLog(Path file, Traffic traffic, LongSupplier clock) {
        this.log = new FollowedLog(file);
        this.traffic = traffic;
        this.clock = clock;
    }

    public void start() {
        loop.every(EVERY, this::read);
        loop.every(TIDY, () -> traffic.tidy(clock.getAsLong()));
    }

    /** Why it cannot be read; empty if it can. */
    public String problem() {
        return problem;
    }

    @Override
    public void close() throws IOException {
        loop.close(Duration.ofSeconds(2));
        log.close();
    }

    private void read() {
        String now = "";
        try {
            log.look();
            now = log.problem();
            long at = clock.getAsLong();
            log.read((bytes, from, to) -> traffic.line(bytes, from, to, at));
            log.letGo();
        } catch (IOException e) {
            now = e.toString();
        }
        if (!now.equals(problem)) {
            problem = now;
            if (now.isEmpty()) {
                LOG.info("The request log {} is followed", log.path());
            } else {
                LOG.warn("The request log {}: {}", log.path(), now);
            }
        }
    }
}
