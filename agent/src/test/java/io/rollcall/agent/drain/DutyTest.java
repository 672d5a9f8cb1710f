package io.rollcall.agent.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.drain.Connections.Count;
import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.view.Instruction;
import io.rollcall.agent.view.Instruction.Whereabouts;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Ack.Evidence;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Order;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DutyTest {
    private static final Target TARGET = new Target("10.0.0.5", 8080);
    private static final Order ORDER =
            new Order(Order.Action.DRAIN, "", "", List.of(), "ops", "now", Order.DEFAULT_DEADLINE);
    private static final Instruction INSTRUCTION = new Instruction(
            new OrderNode("shop", "a", new OrderNode.Key(7, 8), 0, new OrderNode.Content.Valid(ORDER)),
            ORDER,
            Optional.of(TARGET),
            Whereabouts.HERE,
            "",
            true);
    private static final Count NONE = Count.NONE;

    private Reading reading = new Reading.Incomplete("not followed yet");
    private int watches;
    private final RequestEvidence logs = (service, target) -> {
        watches++;
        return new RequestEvidence.Watch() {
            @Override
            public Reading read() {
                return reading;
            }

            @Override
            public void close() {
                watches--;
            }
        };
    };
    private final Duty duty =
            new Duty(new Duty.Sources(logs, "www-data", Duration.ofSeconds(1)), INSTRUCTION, Optional.empty(), 0);

    @Test
    void itIsQuietAfterTheGraceWithoutAConnection() {
        switched();
        assertThat(seen(300, NONE)).isFalse();
        assertThat(seen(600, NONE)).isFalse();
        assertThat(seen(900, NONE)).isFalse();
        assertThat(duty.ack().detail())
                .isEqualTo("no connection of www-data to 10.0.0.5:8080 now; waits until there was none for 1000 ms");
        assertThat(seen(1000, NONE)).isTrue();
        duty.settled();
        assertThat(duty.ack().stage()).isEqualTo(Stage.QUIET);
        assertThat(duty.ack().evidence()).isEqualTo(Evidence.CONNECTIONS);
        assertThat(watches).isZero();
    }

    @Test
    void aConnectionStartsTheGraceAnewAndIsToldOf() {
        switched();
        assertThat(seen(900, new Count(1, 1))).isFalse();
        assertThat(duty.ack().detail())
                .isEqualTo(
                        "waits for 2 connections of www-data to 10.0.0.5:8080 (idle pooled ones count here: not followed yet)");
        for (int at = 1000; at < 1900; at += 50) {
            assertThat(seen(at, NONE)).isFalse();
        }
        assertThat(seen(1900, NONE)).isTrue();
    }

    @Test
    void aLongPauseBetweenTwoLooksIsNoGrace() {
        switched();
        assertThat(seen(5000, NONE)).isFalse();
        assertThat(seen(10000, NONE)).isFalse();
    }

    @Test
    void whereTheLogsAreCompleteTheyAloneDecide() {
        reading = new Reading.Open(2, "two uploads");
        switched();
        for (int at = 0; at < 5000; at += 100) {
            assertThat(seen(at, NONE)).isFalse();
        }
        assertThat(duty.ack().evidence()).isEqualTo(Evidence.REQUESTS);
        assertThat(duty.ack().open()).isEqualTo(2);
        assertThat(duty.ack().detail()).isEqualTo("waits for 2 requests: two uploads");
        reading = new Reading.None();
        assertThat(seen(5000, new Count(9, 0)))
                .as("idle connections hold nothing up")
                .isTrue();
        duty.settled();
        assertThat(duty.ack().evidence()).isEqualTo(Evidence.REQUESTS);
    }

    @Test
    void logsThatBecomeIncompleteLeaveTheWholeGraceToTheConnections() {
        reading = new Reading.Open(1, "one");
        switched();
        assertThat(seen(4000, NONE)).isFalse();
        reading = new Reading.Incomplete("a log was cut short");
        for (int at = 4050; at < 5000; at += 50) {
            assertThat(seen(at, NONE)).isFalse();
        }
        assertThat(seen(5000, NONE)).isTrue();
    }

    @Test
    void theRegistrarsCountIsBelievedOnlyIfItIsOfAfterTheGrace() {
        switched();
        Ack zero = new Ack(7, 8, Stage.QUIET, Evidence.REGISTRAR, 0, "", "");
        assertThat(seen(1500, new Count(1, 0), zero, 900)).as("asked too early").isFalse();
        assertThat(seen(1500, new Count(0, 1), zero, 1200))
                .as("one is on its way")
                .isFalse();
        Ack other = new Ack(7, 9, Stage.QUIET, Evidence.REGISTRAR, 0, "", "");
        assertThat(seen(1500, new Count(1, 0), other, 1200))
                .as("of another version")
                .isFalse();
        assertThat(seen(1500, new Count(1, 0), zero, 1200)).isTrue();
    }

    @Test
    void connectionsThatCannotBeCountedAreNotNone() {
        switched();
        for (int at = 0; at < 5000; at += 100) {
            assertThat(duty.quietBy(new Duty.Sight(nanos(at), Optional.empty(), "denied", Optional.empty())))
                    .isFalse();
        }
        assertThat(duty.ack().detail()).contains("cannot count connections of www-data to 10.0.0.5:8080: denied");
    }

    @Test
    void aPublicationThatFailsTakesBackWhatWasNotQuiet() {
        switched();
        assertThat(watches).isOne();
        duty.unpublished(INSTRUCTION, "the disk is full");
        assertThat(duty.ack().stage()).isEqualTo(Stage.WAITING);
        assertThat(watches).isZero();
        assertThat(seen(5000, NONE)).isFalse();
        duty.settled();
        assertThat(duty.ack().stage()).as("settled too late").isEqualTo(Stage.WAITING);
    }

    @Test
    void whatDoesNotChangeIsOneAckWithOneTime() {
        switched();
        seen(100, new Count(1, 0));
        Ack first = duty.ack();
        seen(200, new Count(1, 0));
        assertThat(duty.ack()).isSameAs(first);
    }

    private void switched() {
        duty.published(View.EMPTY, INSTRUCTION, 0);
        assertThat(duty.ack().stage()).isEqualTo(Stage.SWITCHED);
    }

    private boolean seen(long millis, Count count) {
        return duty.quietBy(new Duty.Sight(nanos(millis), Optional.of(count), "", Optional.empty()));
    }

    private boolean seen(long millis, Count count, Ack registrar, long askedAt) {
        Optional<RegistrarAcks.Said> said = Optional.of(new RegistrarAcks.Said(registrar, nanos(askedAt)));
        return duty.quietBy(new Duty.Sight(nanos(millis), Optional.of(count), "", said));
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
