package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The count of requests. */
final class InFlightTest {
    private final InFlight inFlight = new InFlight();

    @Test
    void countsWhatBeganAndHasNotEnded() {
        InFlight.Request one = inFlight.enter();
        try (InFlight.Request two = inFlight.enter()) {
            assertThat(two).isNotSameAs(one);
            assertThat(inFlight.count()).isEqualTo(2);
        }
        one.close();
        one.close();
        assertThat(inFlight.count()).isZero();
    }

    @Test
    void drainsWhileAnyOfItsRegistrationsDoes() {
        inFlight.drain(true);
        inFlight.drain(true);
        inFlight.drain(false);
        assertThat(inFlight.isDraining()).isTrue();
        inFlight.drain(false);
        assertThat(inFlight.isDraining()).isFalse();
    }

    /** With one always open before another ends, no reading may say that there is none. */
    @Test
    void isNeverReadAsTooFew() {
        AtomicBoolean over = new AtomicBoolean();
        InFlight.Request[] last = {inFlight.enter()};
        Thread handsOver = new Thread(() -> {
            while (!over.get()) {
                InFlight.Request next = inFlight.enter();
                last[0].close();
                last[0] = next;
            }
        });
        handsOver.start();
        try {
            assertThat(IntStream.range(0, 200_000).mapToLong(i -> inFlight.count()))
                    .allMatch(count -> count >= 1);
        } finally {
            over.set(true);
        }
    }
}
