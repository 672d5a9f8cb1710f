package io.rollcall.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EnsembleNamesTest {
    @Test
    void hostNamesThatNobodyKnowsAreNamedOnce() {
        assertThat(Ensemble.lookedUp("127.0.0.1:1,no-such-host.invalid:2181,no-such-host.invalid:2182/chroot"))
                .isEqualTo("127.0.0.1:1,no-such-host.invalid:2181,no-such-host.invalid:2182/chroot"
                        + " (unknown here: no-such-host.invalid)");
    }

    @Test
    void whereAllAreKnownThereIsNothingToSay() {
        assertThat(Ensemble.lookedUp("127.0.0.1:2181,[::1]:2181")).isEqualTo("127.0.0.1:2181,[::1]:2181");
    }
}
