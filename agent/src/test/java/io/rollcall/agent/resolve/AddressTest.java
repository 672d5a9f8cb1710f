package io.rollcall.agent.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    /** What the map format promises. */
    private static final Pattern FORM = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:.]+\\]):\\d{1,5}");

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5:8080", "1.2.3.4:1", "[2001:db8::1]:8080", "[::ffff:1.2.3.4]:65535"})
    void theseAreAddresses(String text) {
        assertThat(Address.isAddress(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "10.0.0.5",
                "10.0.0.5:",
                "10.0.5:80",
                "1.2.3.4.5:80",
                "1..3.4:80",
                "[]:80",
                "[::1:80",
                "a.b.c.d:1",
                "1.2.3.4:123456",
                "[::G]:1",
                " 1.2.3.4:1",
                "1.2.3.4:1 ",
                "host:80",
                "[::1]80",
                "1.2.3.4@evil:80",
                "-"
            })
    void theseAreNot(String text) {
        assertThat(Address.isAddress(text)).isFalse();
    }

    @Test
    void anyTextIsJudgedAsTheFormSays() {
        Random random = new Random(3);
        String alphabet = "1290.:[]afx";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(Address.isAddress(text.toString()))
                    .as(text.toString())
                    .isEqualTo(FORM.matcher(text).matches());
        }
    }
}
