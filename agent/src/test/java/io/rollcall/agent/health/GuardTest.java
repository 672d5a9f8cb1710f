package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One letter for each backend of a service, sorted by how long it has been so: f it, n ew,
 * t ried without a pass yet, h ard, s oft. Capitals get requests. */
final class GuardTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            all are well                                  | fff    | FFF
            refused is out                                | ffh    | FFh
            however many                                  | fhhhhh | Fhhhhh
            but not the last one                          | h      | H!
            nor when all are                              | hhhh   | HHHH!
            the only one is never emptied                 | s      | S!
            soft ones are out                             | ffs    | FFs
            up to half                                    | fsss   | FssS
            of three that is one                          | fss    | FsS
            of two that is one                            | fs     | Fs
            hard ones count into it                       | fhss   | FhsS
            and may use it up                             | fhhs   | FhhS
            a new one waits                               | fn     | Fn
            unless nobody is fit                          | nn     | NN
            one that nobody has tried may serve           | nh     | Nh!
            one that never passed may not                 | sth    | Sth!
            nor beside one that nobody has tried          | nt     | Nt
            where nobody may all do                       | tth    | TTH!
            errors of the last fit one bring no dead ones back | hhs | hhS!
            nor do those of the last few                  | hhss   | hhSS!
            it does not count among those who may be out  | fssn   | FsSn
            """)
    void rules(String what, String conditions, String expected) {
        List<Candidate> service = new ArrayList<>();
        Map<Candidate, Condition> all = new HashMap<>();
        for (int i = 0; i < conditions.length(); i++) {
            Candidate candidate = candidate(i);
            service.add(candidate);
            all.put(candidate, condition(conditions.charAt(i), i));
        }
        Ruling ruling = Guard.rule(service, Conditions.of(all, new Condition.Fresh(0, ""), OptionalLong.empty()), 50);
        String result = service.stream()
                .map(candidate -> {
                    String letter = "" + conditions.charAt(candidate.port() - 1);
                    return ruling.verdicts().get(candidate) instanceof Verdict.Send
                            ? letter.toUpperCase(Locale.ROOT)
                            : letter;
                })
                .collect(Collectors.joining());
        assertThat(result + (ruling.panic() ? "!" : "")).isEqualTo(expected);
    }

    @Test
    void whatIsHeldGetsRequestsAndWhatWasOutBeforeStaysOut() {
        Map<Candidate, Condition> all =
                Map.of(candidate(0), condition('f', 0), candidate(1), silent(1), candidate(2), silent(9));
        Conditions held = Conditions.of(all, new Condition.Fresh(0, ""), OptionalLong.of(5));
        Map<Candidate, Verdict> verdicts = Guard.rule(all.keySet(), held, 50).verdicts();
        assertThat(verdicts.get(candidate(1))).isEqualTo(new Verdict.Eject("silent"));
        assertThat(verdicts.get(candidate(2)))
                .isEqualTo(new Verdict.Send(100, "held: nearly all backends are silent from here; silent"));
    }

    private static Candidate candidate(int i) {
        return new Candidate("shop", "b" + i, "", "10.0.0.1", i + 1, "");
    }

    private static Condition silent(long since) {
        return new Condition.Unfit(since, Failure.silent("silent"), 1, 0);
    }

    private static Condition condition(char letter, long since) {
        return switch (letter) {
            case 'f' -> new Condition.Fit(since, 100);
            case 'n' -> new Condition.Fresh(since, "");
            case 't' -> new Condition.Fresh(since, "refused");
            case 'h' -> new Condition.Unfit(since, Failure.hard("refused"), 1, 0);
            default -> new Condition.Unfit(since, Failure.soft("slow"), 1, 0);
        };
    }
}
