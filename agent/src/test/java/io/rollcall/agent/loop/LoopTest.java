package io.rollcall.agent.loop;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoopTest {
    @Test
    void whatIsPeriodicGoesOnAfterAnErrorToo() {
        Loop loop = new Loop("test");
        AtomicInteger runs = new AtomicInteger();
        try {
            loop.every(Duration.ofMillis(1), () -> {
                runs.incrementAndGet();
                throw new StackOverflowError("as of a regular expression");
            });
            await().until(() -> runs.get() > 2);
        } finally {
            loop.close(Duration.ofSeconds(1));
        }
    }
}
