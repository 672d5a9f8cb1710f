package io.rollcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RejectionLogTest {
    private final List<String> lines = new ArrayList<>();
    private final RejectionLog log = new RejectionLog(lines::add, 0);

    @Test
    void aRejectedNodeIsToldOnceAndAgainOnlyWithAnotherReason() {
        log.tell(List.of(bad("a", "x")), 1);
        log.tell(List.of(bad("a", "x")), 2);
        log.tell(List.of(bad("a", "y"), bad("b", "x")), 3);
        assertThat(lines).containsExactly("Rejected /s/a: x", "Rejected /s/a: y", "Rejected /s/b: x");
    }

    @Test
    void aFloodIsCountedNotTold() {
        List<Backend> flood =
                IntStream.range(0, 5000).mapToObj(i -> bad("n" + i, "x")).toList();
        log.tell(flood, 1);
        assertThat(lines).hasSize(RejectionLog.MOST_A_MINUTE);
        log.tell(List.of(), TimeUnit.MINUTES.toNanos(1));
        assertThat(lines)
                .last()
                .asString()
                .startsWith("Rejected " + (5000 - RejectionLog.MOST_A_MINUTE) + " more in that minute");
        log.tell(List.of(bad("late", "x")), TimeUnit.MINUTES.toNanos(1) + 1);
        assertThat(lines).last().isEqualTo("Rejected /s/late: x");
    }

    private static Backend bad(String id, String reason) {
        return new Backend("/s/" + id, id, 1, Optional.empty(), new Standing.Refused(reason));
    }
}
