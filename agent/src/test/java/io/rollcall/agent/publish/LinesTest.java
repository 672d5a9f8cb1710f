package io.rollcall.agent.publish;

import static io.rollcall.agent.publish.SlotTableTest.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LinesTest {
    @Test
    void eachNameHasItsSlotsInOneLine() {
        View view = view(
                service("shop.example.com", true, backend(0, 1), backend(1, 2)),
                service("blog.example.com", true, backend(2, 1)),
                service("gone.example.com", true),
                service("internal", false, backend(3, 1)));
        assertThat(lines(of(view, AllLines.NONE)))
                .containsExactly(
                        "blog.example.com 10.0.0.2:8080",
                        "gone.example.com -",
                        "=internal 10.0.0.3:8080",
                        "shop.example.com 10.0.0.0:8080|10.0.0.1:8080|10.0.0.1:8080");
    }

    @Test
    void theSuccessorsFormARing() {
        View view = view(
                service("shop.example.com", true, backend(0, 1), backend(1, 2), backend(2, 1)),
                service("one.example.com", true, backend(2, 1)));
        assertThat(successors(of(view, AllLines.NONE)).lines())
                .containsExactly(
                        "shop.example.com/10.0.0.0:8080 10.0.0.1:8080",
                        "shop.example.com/10.0.0.1:8080 10.0.0.2:8080",
                        "shop.example.com/10.0.0.2:8080 10.0.0.0:8080");
    }

    @Test
    void aBackendThatIsGoneKeepsASuccessorForOneMorePublication() {
        AllLines both = of(view(service("shop.example.com", true, backend(0, 1), backend(1, 2))), AllLines.NONE);
        View one = view(service("shop.example.com", true, backend(1, 2)));
        AllLines next = of(one, both);
        assertThat(successors(next)).isEqualTo("shop.example.com/10.0.0.0:8080 10.0.0.1:8080\n");
        assertThat(successors(of(one, next))).isEmpty();
    }

    @Test
    void aLargeServiceIsSpreadOverLinesThatDiceChoose() {
        List<String> lines = lines(of(view(many("big.example.com", 500)), AllLines.NONE));
        assertThat(lines.get(0)).matches("big\\.example\\.com \\d+");
        int dice = Integer.parseInt(lines.get(0).split(" ")[1]);
        assertThat(lines).hasSize(dice + 1);
        assertThat(lines.get(dice)).startsWith("big.example.com/" + dice + " 10.");
    }

    @Test
    void thePublishedSharesOf500BackendsFollowTheirWeightsWithinTwoPercent() {
        Random random = new Random(500);
        Standing.Routable[] backends = IntStream.range(0, 500)
                .mapToObj(i -> backend(i, 1 + random.nextInt(100)))
                .toArray(Standing.Routable[]::new);
        Map<String, Double> shares =
                shares(of(view(service("big.example.com", true, backends)), AllLines.NONE), "big.example.com");
        double total =
                Arrays.stream(backends).mapToInt(Standing.Routable::weight).sum();
        assertThat(shares).hasSize(500);
        for (Standing.Routable backend : backends) {
            assertThat(shares.get(backend.target().toString()))
                    .isCloseTo(backend.weight() / total, Percentage.withPercentage(2));
        }
    }

    /** What each address is picked with, read off the text as httpd reads it. */
    private static Map<String, Double> shares(AllLines map, String name) {
        Map<String, String> values = new TreeMap<>();
        lines(map)
                .forEach(line ->
                        values.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        List<String> keys = new ArrayList<>(List.of(name));
        String dice = values.getOrDefault(name, "");
        if (dice.matches("\\d+")) {
            keys = IntStream.rangeClosed(1, Integer.parseInt(dice))
                    .mapToObj(k -> name + "/" + k)
                    .toList();
        } else if (dice.matches("\\d+x\\d+")) {
            int second = Integer.parseInt(dice.substring(dice.indexOf('x') + 1));
            keys = IntStream.rangeClosed(1, Integer.parseInt(dice.substring(0, dice.indexOf('x'))))
                    .boxed()
                    .flatMap(i -> IntStream.rangeClosed(1, second).mapToObj(j -> name + "/" + i + "." + j))
                    .toList();
        }
        Map<String, Double> shares = new TreeMap<>();
        for (String key : keys) {
            String[] slots = values.get(key).split("\\|");
            for (String slot : slots) {
                shares.merge(slot, 1.0 / keys.size() / slots.length, Double::sum);
            }
        }
        return shares;
    }

    @Test
    void noLineIsLongerThanHttpdReads() {
        String longest = ("a".repeat(62) + ".").repeat(4) + "c";
        Standing.Routable[] v6 = IntStream.range(0, 300)
                .mapToObj(i -> new Standing.Routable(
                        new Target(
                                "[2001:db8:1111:2222:3333:4444:5555:" + Integer.toHexString(0x1000 + i) + "]", 65535),
                        1 + i % 100))
                .toArray(Standing.Routable[]::new);
        String text = text(of(view(service(longest, true, v6)), AllLines.NONE));
        assertThat(text.lines()).allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= Lines.MAX_LINE);
        assertThat(DiceMap.TEXT.lines()).allMatch(line -> line.length() <= Lines.MAX_LINE);
    }

    @Test
    void linesThatASmallerTableNoLongerNeedsStayForOneMorePublication() {
        AllLines large = of(view(many("big.example.com", 500)), AllLines.NONE);
        View small = view(service("big.example.com", true, backend(7, 1), backend(8, 1)));
        AllLines next = of(small, large);
        List<String> keys =
                lines(large).stream().map(line -> line.split(" ")[0]).toList();
        assertThat(lines(next)).extracting(line -> line.split(" ")[0]).containsAll(keys);
        assertThat(lines(next)).allMatch(line -> line.endsWith(" 10.0.0.7:8080|10.0.0.8:8080"));
        assertThat(lines(of(small, next))).containsExactly("big.example.com 10.0.0.7:8080|10.0.0.8:8080");
    }

    private static List<String> lines(AllLines all) {
        return text(all).lines().toList();
    }

    private static AllLines of(View view, AllLines before) {
        return before.next(view.services(), Table.empty());
    }

    private static String text(AllLines all) {
        return all.lines().sorted().values().stream().map(Lines::text).collect(Collectors.joining());
    }

    private static String successors(AllLines all) {
        return all.lines().sorted().values().stream().map(Lines::successors).collect(Collectors.joining());
    }

    private static Service many(String name, int count) {
        return service(
                name,
                true,
                IntStream.range(0, count).mapToObj(i -> backend(i, 1)).toArray(Standing.Routable[]::new));
    }

    static View view(Service... services) {
        TreeMap<String, Service> byName = new TreeMap<>();
        Arrays.stream(services).forEach(service -> byName.put(service.name(), service));
        return View.of(byName, List.of(), List.of(), false);
    }

    static Service service(String name, boolean hosted, Standing.Routable... routable) {
        List<Backend> backends = Arrays.stream(routable)
                .map(standing ->
                        new Backend("/s/" + standing.target(), "" + standing.target(), 1, Optional.empty(), standing))
                .toList();
        return new Service(name, hosted, true, backends);
    }

    static Standing.Routable backend(int i, int weight) {
        return new Standing.Routable(target(i), weight);
    }
}
