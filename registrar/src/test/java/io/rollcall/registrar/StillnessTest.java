package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a server has been without a request for long enough. */
final class StillnessTest {
    private final InFlight inFlight = new InFlight();
    private long now;
    private final Stillness stillness = new Stillness(() -> now);

    private boolean quietAt(long millis) {
        now = TimeUnit.MILLISECONDS.toNanos(millis);
        stillness.look(inFlight.reading());
        return stillness.isQuiet();
    }

    @Test
    void aServerWithoutARequestIsQuietAfterTheGrace() {
        assertThat(quietAt(0)).isFalse();
        assertThat(quietAt(499)).isFalse();
        assertThat(quietAt(500)).isTrue();
        assertThat(quietAt(9_000)).isTrue();
    }

    @Test
    void theGraceBeginsWithTheLastEnd() {
        InFlight.Request request = inFlight.enter();
        assertThat(quietAt(0)).isFalse();
        assertThat(quietAt(5_000)).isFalse();
        request.close();
        assertThat(quietAt(5_100)).isFalse();
        assertThat(quietAt(5_600)).isTrue();
    }

    @Test
    void aRequestBetweenTwoLooksIsNotMissed() {
        assertThat(quietAt(0)).isFalse();
        inFlight.enter().close();
        assertThat(quietAt(500)).isFalse();
        assertThat(quietAt(1_000)).isTrue();
        inFlight.enter().close();
        assertThat(quietAt(1_050)).isFalse();
    }

    @Test
    void whatWasSeenDuringAnEarlierOrderDoesNotCount() {
        assertThat(quietAt(0)).isFalse();
        stillness.forget();
        assertThat(quietAt(9_000)).isFalse();
        assertThat(quietAt(9_500)).isTrue();
    }
}
