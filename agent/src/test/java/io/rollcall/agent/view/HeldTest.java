package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Failure;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HeldTest {
    private static final int SERVICES = 40;
    private static final Conditions NOTHING_KNOWN =
            Conditions.of(Map.of(), new Condition.Fit(0, 100), OptionalLong.empty());

    private final Held held = new Held(new Paths("/rollcall"));

    @Test
    void whatIsBelievedDiffersOnlyWhereTheRegistryDoesHoweverManyAreHeld() {
        Roll registry = Roll.EMPTY;
        for (int i = 0; i < SERVICES; i++) {
            registry = registry.with(List.of(node(i, "a")));
            held.add(absentee(i, 0));
        }
        Roll before = held.with(registry);
        Roll after = with(registry.with(List.of(node(7, "c"))), NOTHING_KNOWN, 1);

        assertThat(after.services().get(service(7))).containsOnlyKeys("a~1", "b~1", "c~1");
        assertThat(after.services().changedSince(before.services())).containsExactly(service(7));
    }

    /** Against what follows from the registry and those who are held now alone. */
    @Test
    void itIsTheRegistryAndThoseWhoAreHeldWhateverHappenedBefore() {
        Random random = new Random(1);
        Conditions known = NOTHING_KNOWN;
        Roll registry = Roll.EMPTY;
        for (int step = 1; step <= 2000; step++) {
            int i = random.nextInt(SERVICES);
            switch (random.nextInt(5)) {
                case 0 -> registry = registry.with(List.of(node(i, "a")));
                case 1 -> registry = registry.with(List.of(node(i, "b")));
                case 2 ->
                    registry = new Roll(
                            registry.services().edit().remove(service(i)).done());
                case 3 ->
                    known = with(
                            known,
                            candidate(i),
                            random.nextBoolean()
                                    ? new Condition.Fit(step, 100)
                                    : new Condition.Unfit(
                                            step,
                                            new Failure(Failure.Kind.HARD, Failure.Source.PROBE, "refused"),
                                            1,
                                            0));
                default -> {
                    Absentee absentee = absentee(i, step);
                    boolean there = held.nodes().values().contains(absentee.node());
                    if (!there && !absentee.isBack(registry) && !absentee.isDead(known)) {
                        held.add(absentee);
                    }
                }
            }
            Roll believed = with(registry, known, step);
            Roll expected = registry;
            for (Node node : held.nodes().values()) {
                expected = expected.with(List.of(node));
            }
            assertThat(believed).isEqualTo(expected);
            for (int service = 0; service < SERVICES; service++) {
                Absentee absentee = absentee(service, step);
                assertThat(held.nodes().containsValue(absentee.node())
                                && (absentee.isBack(registry) || absentee.isDead(known)))
                        .isFalse();
            }
        }
    }

    private Roll with(Roll registry, Conditions conditions, long now) {
        held.review(registry, conditions, now);
        return held.with(registry);
    }

    private static Conditions with(Conditions known, Candidate candidate, Condition condition) {
        return new Conditions(
                known.services()
                        .edit()
                        .put(candidate.service(), Map.of(candidate, condition))
                        .done(),
                known.unknown(),
                known.heldSince());
    }

    private static Absentee absentee(int i, long lostAt) {
        return new Absentee(node(i, "b"), candidate(i), lostAt);
    }

    private static Candidate candidate(int i) {
        return new Candidate(service(i).toLowerCase(Locale.ROOT), "b", "i", "10.0.0.2", 8080, "");
    }

    /** Some in another spelling. */
    private static String service(int i) {
        return (i % 3 == 0 ? "Name-" : "name-") + i + ".example.com";
    }

    private static Node node(int i, String id) {
        Instance instance =
                new Instance(service(i), id, "10.0.0.2", 8080, "http", "", State.UP, 1, "i", "", "", 0, Map.of());
        return new Node(service(i), id + "~1", 1, 1, new Node.Content.Valid(instance));
    }
}
