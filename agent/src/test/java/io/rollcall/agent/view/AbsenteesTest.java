package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Failure;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Ten backends, one letter each; a capital has left. */
final class AbsenteesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Paths PATHS = new Paths("/rollcall");
    private static final String ALL = "abcdefghij";

    private final Absentees absentees = new Absentees(PATHS, true);
    private final Map<Candidate, Condition> conditions = new HashMap<>();
    private final ViewBuilder builder = new ViewBuilder(
            PATHS,
            AddressPolicy.of(AddressPolicy.networks("10.0.0.0/8"), AddressPolicy.ports("80, 1024-65535")),
            Pattern.compile(".+\\..+"),
            Duration.ofDays(7),
            Settings.DEFAULTS);
    private View last = View.EMPTY;

    @Test
    void oneAloneGoesAtOnce() {
        assertThat(believed(ALL, 0)).isEqualTo(ALL);
        assertThat(believed("bcdefghij", 1)).isEqualTo("bcdefghij");
    }

    @Test
    void oneNowAndThenToo() {
        believed(ALL, 0);
        String left = ALL;
        for (int i = 1; i < 10; i++) {
            left = left.substring(1);
            assertThat(believed(left, 6L * i)).isEqualTo(left);
        }
    }

    @Test
    void manyAtOnceAreHeld() {
        believed(ALL, 0);
        assertThat(believed("efghij", 1)).isEqualTo(ALL);
        assertThat(absentees.held()).hasSize(4);
    }

    @Test
    void aWholeTreeThatIsGoneIsHeld() {
        believed(ALL, 0);
        assertThat(believed("", 1)).isEqualTo(ALL);
    }

    @Test
    void theFirstOfManyIsTakenBackWhenTheOthersFollow() {
        believed(ALL, 0);
        assertThat(believed("bcdefghij", 1)).isEqualTo("bcdefghij");
        assertThat(believed("efghij", 2)).isEqualTo(ALL);
    }

    @Test
    void whoeverLeftIsGone() {
        believed(ALL, 0);
        believed("ABCDefghij", 1);
        assertThat(believed("efghij", 2)).isEqualTo("efghij");
    }

    @Test
    void whoeverFailsItsProbeIsGone() {
        believed(ALL, 0);
        dead('a');
        assertThat(believed("efghij", 1)).isEqualTo("bcdefghij");
        dead('b');
        assertThat(believed("efghij", 2)).isEqualTo("cdefghij");
    }

    @Test
    void whoeverIsBackIsHeldNoLonger() {
        believed(ALL, 0);
        believed("efghij", 1);
        assertThat(believed("aefghij", 2)).isEqualTo(ALL);
        assertThat(absentees.held()).hasSize(3);
    }

    @Test
    void nobodyIsHeldForGood() {
        believed(ALL, 0);
        believed("", 1);
        assertThat(believed("", 299)).isEqualTo(ALL);
        assertThat(believed("", 302)).isEmpty();
    }

    @Test
    void withoutProbesNobodySpeaksForThem() {
        Absentees none = new Absentees(PATHS, false);
        Facts all = facts(ALL);
        none.believe(all, last, Conditions.NONE, 0);
        assertThat(none.believe(Facts.NONE, last, Conditions.NONE, 0)).isEqualTo(Facts.NONE);
    }

    private String believed(String registry, long seconds) {
        ALL.chars().forEach(letter -> conditions.putIfAbsent(candidate((char) letter), new Condition.Fit(0, 100)));
        Conditions known = Conditions.of(conditions, new Condition.Fresh(0, ""), OptionalLong.empty());
        Facts facts = absentees.believe(facts(registry), last, known, seconds * SECOND);
        last = builder.build(facts, known, Set.of(), KnownNames.NONE, Instant.EPOCH)
                .view();
        return facts.roll().services().values().stream()
                .flatMap(service -> service.keySet().stream())
                .sorted()
                .collect(Collectors.joining())
                .replace("~1", "");
    }

    private void dead(char letter) {
        conditions.put(
                candidate(letter),
                new Condition.Unfit(0, new Failure(Failure.Kind.HARD, Failure.Source.PROBE, "refused"), 1, 0));
    }

    private static Facts facts(String registry) {
        List<Node> nodes = new ArrayList<>();
        registry.chars().forEach(letter -> nodes.add(node((char) letter)));
        return new Facts(Roll.of(nodes), Orders.NONE);
    }

    private static Candidate candidate(char letter) {
        return new Candidate("s.example.com", "" + letter, "i", "10.0.0." + (1 + ALL.indexOf(letter)), 8080, "");
    }

    private static Node node(char letter) {
        char id = Character.toLowerCase(letter);
        State state = Character.isUpperCase(letter) ? State.LEFT : State.UP;
        Candidate candidate = candidate(id);
        Instance instance = new Instance(
                "s.example.com",
                candidate.id(),
                candidate.host(),
                8080,
                "http",
                "",
                state,
                1,
                "i",
                "",
                "",
                0,
                Map.of());
        return new Node("s.example.com", id + "~1", 1, 1, new Node.Content.Valid(instance));
    }
}
