package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A letter for each address, a word for each host: f it, n ew, h ard: refused, e rrors, s ilent lately, o: silent since long ago.
 */
final class HostFaultTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 100 * SECOND;

    private final HostFault fault = new HostFault();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            all are well                             | ff ff          | believed
            all are silent at once                   | ss ss          | held
            nearly all are                           | sss sss sss f  | held
            not so many are                          | sss sss ssf f  | believed
            two of three hosts are cut off           | ss ss ff       | believed
            new ones have never been heard           | ss ss nn       | held
            they are too few                         | s ss           | believed
            they are all on one host                 | ssss           | believed
            who refuses has been reached             | hh hh          | believed
            who answers with an error, too           | ee ee ee       | believed
            even if it is most of them               | ee ee es s     | believed
            who was silent before is another matter  | oo ss ss       | believed
            """)
    void judges(String what, String hosts, String expected) {
        followed(hosts);
        assertThat(fault.judge(OptionalLong.empty(), NOW).isPresent() ? "held" : "believed")
                .isEqualTo(expected);
    }

    @Test
    void itIsOverWhenMoreThanAFewAnswer() {
        followed("ss ss");
        OptionalLong since = fault.judge(OptionalLong.empty(), NOW);
        assertThat(since).hasValue(NOW - SECOND);
        assertThat(fault.judge(since, NOW + 60 * SECOND)).isEqualTo(since);
        fault.changed(candidate(0, 0), condition('s'), condition('f'));
        assertThat(fault.judge(since, NOW + 60 * SECOND)).isEmpty();
    }

    private void followed(String hosts) {
        String[] words = hosts.split(" ");
        for (int host = 0; host < words.length; host++) {
            for (int i = 0; i < words[host].length(); i++) {
                fault.changed(candidate(host, i), null, condition(words[host].charAt(i)));
            }
        }
    }

    private static Candidate candidate(int host, int i) {
        return new Candidate("shop", "b" + host + i, "", "10.0.0." + host, 8080 + i, "");
    }

    private static Condition condition(char letter) {
        return switch (letter) {
            case 'f' -> new Condition.Fit(0, 100);
            case 'n' -> new Condition.Fresh(0, "");
            case 'h' -> new Condition.Unfit(NOW - SECOND, Failure.hard("refused"), 1, 0);
            case 'e' -> new Condition.Unfit(NOW - SECOND, Failure.soft("answered 503"), 1, 0);
            case 'o' -> new Condition.Unfit(NOW - 60 * SECOND, Failure.silent("silent"), 1, 0);
            default -> new Condition.Unfit(NOW - SECOND, Failure.silent("silent"), 1, 0);
        };
    }
}
