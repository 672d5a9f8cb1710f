package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens, second by second, and what becomes of the backend: {@code 3.5 refused} is a refused probe after 3.5 seconds. */
final class TrackTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a new one waits for its first probe                    | new     | 0 tick                                            | fresh
            one that had requests before is fit                    | trusted | 0 tick                                            | fit 100
            a probe makes it fit                                   | new     | 0 pass                                            | fit 100
            a failing first probe does not                         | new     | 0 refused                                         | fresh refused
            among others it starts slowly                          | new     | 0 slowpass                                        | fit 10
            its share grows                                        | new     | 0 slowpass, 2 tick                                | fit 30
            and grows                                              | new     | 0 slowpass, 2 tick, 9.9 tick                      | fit 90
            until it is whole                                      | new     | 0 slowpass, 10 tick                               | fit 100
            probes that pass do not start it anew                  | new     | 0 slowpass, 5 slowpass, 6 slowpass, 6 tick        | fit 70
            one refused connection takes it out                    | trusted | 1 refused                                         | unfit HARD refused 1
            one time out does not                                  | trusted | 1 slow                                            | fit 100
            two do                                                 | trusted | 1 slow, 2 slow                                    | unfit SOFT slow 1
            but only in a row                                      | trusted | 1 slow, 2 pass, 3 slow                            | fit 100
            a burst of errors does                                 | trusted | 1 burst                                           | unfit SOFT burst 1
            the first time it is back with the next probe          | trusted | 1 refused, 1.05 pass                              | fit 100
            after a burst not before a second is over              | trusted | 1 burst, 1.9 pass                                 | unfit SOFT burst 1
            then it is                                             | trusted | 1 burst, 1.9 pass, 2 pass                         | fit 100
            the second time it stays out for a second              | trusted | 1 refused, 2 pass, 3 refused, 3.9 pass            | unfit HARD refused 2
            and then is back                                       | trusted | 1 refused, 2 pass, 3 refused, 4 pass              | fit 100
            the third time for two                                 | trusted | 1 refused, 2 pass, 3 refused, 4 pass, 5 refused, 6.9 pass | unfit HARD refused 3
            unless nobody else is fit                              | trusted | 1 refused, 2 pass, 3 refused, 3.1 neededpass      | fit 100
            but a probe tells nothing of a burst                   | trusted | 1 burst, 1.1 neededpass                           | unfit SOFT burst 1
            a minute of fitness is forgiveness                     | trusted | 1 refused, 2 pass, 62 refused, 62.1 pass          | fit 100
            less is none                                           | trusted | 1 refused, 2 pass, 61 refused, 61.1 pass          | unfit HARD refused 2
            the last failure tells how bad it is                   | trusted | 1 slow, 2 slow, 3 refused                         | unfit HARD refused 1
            errors that are read late do not hide that it is refused | trusted | 1 refused, 1.1 burst                        | unfit HARD refused 1
            trouble of real requests leaves one probe to fail      | trusted | 1 trouble, 1.1 slow                               | unfit SOFT slow 1
            and is forgotten with one that passes                  | trusted | 1 trouble, 1.1 pass, 2 slow                       | fit 100
            a slow start ends with an ejection                     | new     | 0 slowpass, 1 refused, 20 tick                    | unfit HARD refused 1
            """)
    void tells(String what, String start, String events, String expected) {
        assertThat(after(Settings.DEFAULTS, start.equals("trusted"), events)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            three passes are needed          | 0 pass, 1 pass                            | fresh
            in a row                         | 0 pass, 1 pass, 2 slow, 3 pass, 4 pass    | fresh slow
            then it is fit                   | 0 pass, 1 pass, 2 pass                    | fit 100
            no share is small                | 0 slowpass, 1 slowpass, 2 slowpass        | fit 100
            the longest ejection is reached  | 0 pass, 1 pass, 2 pass, 3 burst, 5 pass, 6 pass, 7 pass, 8 burst, 9 pass, 10 pass, 11 pass, 12 pass | fit 100
            """)
    void obeysItsSettings(String what, String events, String expected) {
        Settings settings = new Settings(
                Optional.of(Duration.ofSeconds(1)),
                Duration.ofSeconds(1),
                3,
                1,
                true,
                Map.of(),
                new Settings.Eject(50, Duration.ofSeconds(2), Duration.ofSeconds(3), Set.of()),
                Duration.ZERO);
        assertThat(after(settings, false, events)).isEqualTo(expected);
    }

    @Test
    void whoIsBackRemembersForAMinuteWhyItWasOut() {
        Track track = new Track(Settings.DEFAULTS, 0, true);
        track.failed(SECOND, Failure.hard("refused"));
        track.passed(2 * SECOND, true, false);
        track.advance(10 * SECOND);
        Condition.Fit fit = (Condition.Fit) track.condition();
        assertThat(fit.lately(61 * SECOND)).map(out -> out.failure().reason()).contains("refused");
        assertThat(fit.lately(62 * SECOND)).isEmpty();
    }

    private static String after(Settings settings, boolean trusted, String events) {
        Track track = new Track(settings, 0, trusted);
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            long now = Math.round(Double.parseDouble(words[0]) * SECOND);
            track.advance(now);
            switch (words[1]) {
                case "pass" -> track.passed(now, false, false);
                case "slowpass" -> track.passed(now, true, false);
                case "neededpass" -> track.passed(now, false, true);
                case "refused" -> track.failed(now, Failure.hard("refused"));
                case "slow" -> track.failed(now, Failure.soft("slow"));
                case "trouble" -> track.suspect();
                case "burst" -> track.failed(now, Failure.traffic("burst"));
                default -> track.advance(now);
            }
        }
        return text(track.condition());
    }

    private static String text(Condition condition) {
        if (condition instanceof Condition.Fit fit) {
            return "fit " + fit.share();
        }
        if (condition instanceof Condition.Unfit unfit) {
            return "unfit " + unfit.failure().kind() + " " + unfit.failure().reason() + " " + unfit.ejections();
        }
        return ("fresh " + ((Condition.Fresh) condition).trouble()).strip();
    }
}
