package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlotTableTest {
    private static final int ROOM = 40;

    @Test
    void equalBackendsGetOneSlotEach() {
        SlotTable table = SlotTable.of(backends(3, i -> 7), ROOM);
        assertThat(table.dice()).isEmpty();
        assertThat(table.lines()).containsExactly(List.of(target(0), target(1), target(2)));
    }

    @Test
    void aWeightIsANumberOfSlots() {
        SlotTable table = SlotTable.of(backends(2, i -> i == 0 ? 1 : 3), ROOM);
        assertThat(table.lines()).containsExactly(List.of(target(0), target(1), target(1), target(1)));
    }

    @Test
    void aServiceThatFillsOneLineNeedsNoDice() {
        assertThat(SlotTable.of(backends(ROOM, i -> 1), ROOM).dice()).isEmpty();
        assertThat(SlotTable.of(backends(ROOM + 1, i -> 1), ROOM).dice()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 13, 41, 47, 97, 499, 500, 1500})
    void sharesOfManyBackendsFollowAnyWeightsWithinTwoPercent(int count) {
        Random random = new Random(count);
        for (int round = 0; round < 5; round++) {
            assertShares(backends(count, i -> 1 + random.nextInt(100)), ROOM);
        }
    }

    @Test
    void theMostUnequalWeightsAreWithinTwoPercentToo() {
        assertShares(backends(500, i -> i == 0 ? 1 : 100), ROOM);
        assertShares(backends(500, i -> i == 0 ? 100 : 1), ROOM);
        assertShares(backends(500, i -> i == 0 ? 1 : 99 + i % 2), 14);
        assertShares(backends(2, i -> i == 0 ? 100 : 99), ROOM);
    }

    @Test
    void diceStayWithinWhatTheDiceMapHolds() {
        SlotTable table = SlotTable.of(backends(500, i -> i == 0 ? 1 : 100), 14);
        assertThat(table.dice()).hasSize(2).allMatch(die -> die <= SlotTable.MAX_DIE);
        assertThat(table.lines()).hasSize(table.dice().get(0) * table.dice().get(1));
    }

    @Test
    void whereSlotsRunOutEveryBackendStillGetsOne() {
        SlotTable table = SlotTable.of(backends(41_000, i -> i == 0 ? 1 : 100), 3);
        assertThat(table.lines()).hasSize(40_000).allMatch(line -> line.size() == 3);
        assertThat(table.lines().stream().flatMap(List::stream).distinct().count())
                .isGreaterThan(40_000);
    }

    static void assertShares(List<Routable> backends, int room) {
        SlotTable table = SlotTable.of(backends, room);
        int perLine = table.lines().get(0).size();
        assertThat(table.lines()).allMatch(line -> line.size() == perLine);
        assertThat(perLine).isLessThanOrEqualTo(room);
        Map<Target, Long> slots = table.lines().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(target -> target, Collectors.counting()));
        double total = table.lines().size() * (double) perLine;
        double weights = backends.stream().mapToInt(Routable::weight).sum();
        for (Routable backend : backends) {
            assertThat(slots.getOrDefault(backend.target(), 0L) / total)
                    .as("share of %s with weight %s of %s", backend.target(), backend.weight(), weights)
                    .isCloseTo(backend.weight() / weights, Percentage.withPercentage(2));
        }
    }

    static List<Routable> backends(int count, IntUnaryOperator weight) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> new Routable(target(i), weight.applyAsInt(i)))
                .toList());
    }

    static Target target(int i) {
        return new Target("10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256, 8080);
    }
}
