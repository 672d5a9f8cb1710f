package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class AgendaTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void whoIsAskedEachSecondIsAskedWithOthersAndAFiftiethLaterAtMost() {
        Set<Long> moments = moments(SECOND);
        assertThat(moments).hasSizeBetween(50, 65);
        long at = 5 * SECOND + 12_345;
        assertThat(Agenda.withOthers(at, SECOND) - at).isBetween(1L, SECOND / 50);
        assertThat(Agenda.withOthers(-at, SECOND) + at).isBetween(1L, SECOND / 50);
    }

    @Test
    void whoIsAskedSeldomIsAskedTogetherWithWhoIsAskedOften() {
        assertThat(moments(30 * SECOND)).hasSizeLessThan(4);
        assertThat(moments(30 * SECOND)).allMatch(at -> Agenda.withOthers(at - 1, SECOND) == at);
    }

    @Test
    void hurryBringsForwardAndPutsNobodyOff() {
        Agenda agenda = new Agenda();
        Subject far = new Subject("10.0.0.1", 80, "", "");
        Subject near = new Subject("10.0.0.2", 80, "", "");
        agenda.add(far, 30 * SECOND);
        agenda.add(near, 1);
        agenda.hurry(() -> SECOND);
        assertThat(agenda.poll(1)).contains(near);
        assertThat(agenda.poll(1)).isEmpty();
        assertThat(agenda.poll(SECOND)).contains(far);
        assertThat(agenda.poll(60 * SECOND)).isEmpty();
    }

    /** Of very many, within a second. */
    private static Set<Long> moments(long pause) {
        return LongStream.range(0, 10_000)
                .map(i -> Agenda.withOthers(i * (SECOND / 10_000), pause))
                .boxed()
                .collect(Collectors.toSet());
    }
}
