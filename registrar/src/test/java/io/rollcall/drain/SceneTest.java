package io.rollcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.drain.Verdict.Quiet;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What happened between two moments: backends as {@code id/incarnation:state}, orders as {@code id=action}, {@code id=quiet} for
 * one that is quiet.
 */
final class SceneTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''          | a/1               | a joined
            ''          | a/1:draining      | a joined and is draining
            ''          | a/1:left          | ''
            a/1         | a/1               | ''
            a/1         | a/2               | a was started anew
            a/1         | a/1:draining      | a changed state from up to draining
            a/1         | a/1:left          | a left
            a/1:left    | ''                | ''
            a/1         | ''                | a is lost without a word
            a/1 b/1     | b/1 c/1           | a is lost without a word, c joined
            a/1         | a/1 a=drain       | a is ordered to drain, by me at noon
            a/1 a=prepare | a/1 a=drain     | a is ordered to drain, by me at noon
            a/1 a=drain | a/1 a=drain       | ''
            a/1 a=drain | a/1 a=quiet       | a is quiet and may be stopped
            a/1 a=quiet | a/1 a=quiet       | ''
            a/1 a=drain | a/1               | a gets requests again
            a/1 a=quiet | ''                | a is lost without a word
            a/1 a=drain | a/2               | a was started anew
            """)
    void isToldInOneLineEach(String before, String after, String expected) {
        String told = Scene.changes("shop", scene(before), scene(after), false).stream()
                .map(event -> event.text().replace("shop ", "").replaceAll(" \\(.*?\\)", ""))
                .collect(Collectors.joining(", "));
        assertThat(told).isEqualTo(expected);
    }

    private static Scene scene(String text) {
        Map<String, Member> members = new HashMap<>();
        Map<String, Progress> orders = new HashMap<>();
        for (String each :
                Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList()) {
            String[] parts = each.split("[/:=]");
            if (each.contains("=")) {
                orders.put(parts[0], progress(parts[0], parts[1]));
            } else {
                State state = parts.length > 2 ? State.of(parts[2]).orElseThrow() : State.UP;
                members.put(parts[0], new Member(JudgeTest.instance(parts[0], parts[1], state), 1));
            }
        }
        return new Scene(members, orders);
    }

    private static Progress progress(String id, String word) {
        Order order = new Order(
                Order.Action.of(word).orElse(Order.Action.DRAIN),
                "1",
                "",
                List.of(),
                "me",
                "noon",
                Duration.ofHours(1));
        Verdict verdict = word.equals("quiet") ? new Quiet(List.of()) : new Verdict.Waiting(List.of());
        return new Progress("shop", id, Optional.of(order), verdict, List.of(), Optional.empty());
    }
}
