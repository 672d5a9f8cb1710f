package io.rollcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Failure;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.view.AddressPolicy;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.View;
import io.rollcall.agent.view.ViewBuilder;
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
import org.junit.jupiter.api.Test;

/** What the journal says of one service. A backend is told with its id and {@code fit}, {@code new}, {@code dead}, {@code slow}, {@code drained} or {@code left}. */
final class HappeningsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final ViewBuilder builder = new ViewBuilder(
            new Paths("/rollcall"),
            AddressPolicy.of(AddressPolicy.networks("10.0.0.0/8"), AddressPolicy.ports("8080")),
            Pattern.compile(".+\\..+"),
            Duration.ofDays(7),
            Settings.DEFAULTS);
    private View before = View.EMPTY;
    private KnownNames known = KnownNames.NONE;
    private long moment;

    @Test
    void whoFallsIllIsTakenOutAndComesBack() {
        happens("a fit", "b fit");
        assertThat(happens("a fit", "b dead")).containsExactly("b eject refused");
        assertThat(happens("a fit", "b fit")).containsExactly("b return its probes pass");
    }

    @Test
    void theOnlyOneThatCrashesIsNamedWithWhatWasSeen() {
        happens("a fit");
        assertThat(happens("a dead"))
                .containsExactly(
                        "a unfit gets requests all the same: nobody is fit; refused",
                        "- panic none of 1 is fit, so all get requests all the same; the last was a: refused");
        assertThat(happens("a fit")).containsExactly("a return its probes pass", "- calm 1 of 1 fit");
    }

    @Test
    void whoGoesThroughAPanicHasALineForEachWay() {
        happens("a fit", "b fit", "c fit");
        List<String> all = new ArrayList<>();
        all.addAll(happens("a dead", "b fit", "c fit"));
        all.addAll(happens("a dead", "b dead", "c fit"));
        all.addAll(happens("a dead", "b dead", "c dead"));
        all.addAll(happens("a fit", "b dead", "c dead"));
        assertThat(all)
                .containsExactly(
                        "a eject refused",
                        "b eject refused",
                        "a unfit gets requests all the same: nobody is fit; refused",
                        "b unfit gets requests all the same: nobody is fit; refused",
                        "c unfit gets requests all the same: nobody is fit; refused",
                        "- panic none of 3 is fit, so all get requests all the same; the last was c: refused",
                        "a return its probes pass",
                        "b eject refused",
                        "c eject refused",
                        "- calm 1 of 3 fit");
    }

    @Test
    void whoeverTooManyAreOutForIsSaidToBeIllAndToGetRequests() {
        happens("a fit", "b fit");
        assertThat(happens("a slow", "b slow", "c fit", "d fit")).contains("a eject slow", "b eject slow");
        assertThat(happens("a slow", "b slow", "c slow", "d fit"))
                .containsExactly("c unfit gets requests all the same: no more than 50 % are ejected (eject.max); slow");
        assertThat(happens("a fit", "b slow", "c slow", "d fit"))
                .containsExactly("a return its probes pass", "c eject slow");
    }

    @Test
    void theOneThatIsNewIsSaidToWaitOnceAndToBeFit() {
        happens("a fit");
        assertThat(happens("a fit", "b new")).containsExactly("b join 10.0.0.2 port 8080, not passed a probe yet");
        assertThat(happens("a fit", "b trouble")).containsExactly("b probe not passed a probe yet: refused");
        assertThat(happens("a fit", "b trouble")).isEmpty();
        assertThat(happens("a fit", "b fit")).containsExactly("b fit its probes pass");
    }

    @Test
    void ofAServiceThatStartsNothingIsSaidButThatItIsThere() {
        assertThat(happens("a new", "b new")).containsExactly("a join 10.0.0.1 port 8080", "b join 10.0.0.2 port 8080");
        assertThat(happens("a fit", "b fit")).isEmpty();
        assertThat(happens("a fit", "b drained")).containsExactly("b drain state is draining");
        assertThat(happens("a fit", "b fit")).containsExactly("b undrain");
        assertThat(happens("a fit", "b left")).containsExactly("b leave");
        assertThat(happens("a fit")).isEmpty();
        assertThat(happens()).containsExactly("a lost gone from the registry without having left");
    }

    @Test
    void aPanicEndsWithItsLastBackend() {
        happens("a fit", "b left");
        happens("a dead", "b left");
        assertThat(happens("a left", "b left")).containsExactly("a leave", "- calm nobody is left");
    }

    private List<String> happens(String... backends) {
        moment++;
        List<Node> nodes = new ArrayList<>();
        Map<Candidate, Condition> conditions = new HashMap<>();
        for (String backend : backends) {
            String id = backend.substring(0, 1);
            String how = backend.substring(2);
            String host = "10.0.0." + (id.charAt(0) - 'a' + 1);
            State state = how.equals("drained") ? State.DRAINING : how.equals("left") ? State.LEFT : State.UP;
            nodes.add(new Node(
                    "shop.example.com",
                    id,
                    1,
                    moment,
                    new Node.Content.Valid(new Instance(
                            "shop.example.com", id, host, 8080, "http", "", state, 1, "", "", "", 0, Map.of()))));
            Candidate candidate = new Candidate("shop.example.com", id, "", host, 8080, "");
            Condition was = before.service("shop.example.com").stream()
                    .flatMap(service -> service.wellness().patients().values().stream())
                    .filter(patient -> patient.candidate().equals(candidate))
                    .map(patient -> patient.condition())
                    .findFirst()
                    .orElse(new Condition.Fit(0, 100));
            conditions.put(candidate, condition(how, was));
        }
        ViewBuilder.Built built = builder.build(
                new Facts(Roll.of(nodes), Orders.NONE),
                Conditions.of(conditions, new Condition.Fresh(0, ""), OptionalLong.empty()),
                Set.of(),
                known,
                NOW);
        known = built.known();
        List<String> lines = Happenings.between(before, built.view(), List.of(), NOW).stream()
                .map(event -> (event.backend() + " " + event.what() + " " + event.why()).strip())
                .toList();
        before = built.view();
        return lines;
    }

    private Condition condition(String how, Condition was) {
        return switch (how) {
            case "new" -> new Condition.Fresh(0, "");
            case "trouble" -> new Condition.Fresh(0, "refused");
            case "dead" -> was instanceof Condition.Unfit ? was : unfit(Failure.Kind.HARD, "refused");
            case "slow" -> was instanceof Condition.Unfit ? was : unfit(Failure.Kind.SOFT, "slow");
            default -> new Condition.Fit(0, 100);
        };
    }

    private Condition unfit(Failure.Kind kind, String reason) {
        return new Condition.Unfit(moment, new Failure(kind, Failure.Source.PROBE, reason), 1, 0);
    }
}
