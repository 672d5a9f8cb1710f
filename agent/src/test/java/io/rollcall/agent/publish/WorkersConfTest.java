package io.rollcall.agent.publish;

import static io.rollcall.agent.publish.LinesTest.backend;
import static io.rollcall.agent.publish.LinesTest.service;
import static io.rollcall.agent.publish.LinesTest.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkersConfTest {
    private static final long MINUTE = 60_000_000_000L;

    @TempDir
    private Path dir;

    private final Map<String, Set<String>> told = new LinkedHashMap<>();
    private final Map<String, Long> uses = new HashMap<>();
    private long now;
    private final WorkersConf workers = newWorkers();

    private WorkersConf newWorkers() {
        return new WorkersConf(2, Duration.ofSeconds(9), told::put, () -> uses, () -> now);
    }

    @Test
    void eachBackendIsAWorkerThatKeepsConnectionsForTheTimeThatWasSet() {
        assertThat(workers.of(lines(backend(1, 1))).lines())
                .contains("ProxyPass \"rollcall\" \"http://10.0.0.1:8080\" enablereuse=on"
                        + " connectiontimeout=${ROLLCALL_CONNECT_TIMEOUT} upgrade=websocket smax=0 ttl=9");
    }

    @Test
    void everyVersionHasAnIdOfItsOwnAndIsToldWithWhatItDeclares() {
        String one = workers.of(lines(backend(1, 1)));
        String two = workers.of(lines(backend(1, 1), backend(2, 1)));
        assertThat(told.values()).containsExactly(Set.of("10.0.0.1:8080"), Set.of("10.0.0.1:8080", "10.0.0.2:8080"));
        assertThat(told.keySet())
                .satisfiesExactly(
                        id -> assertThat(one).contains("SetEnv ROLLCALL_WORKERS_READ " + id + "\n"),
                        id -> assertThat(two).contains("SetEnv ROLLCALL_WORKERS_READ " + id + "\n"));
    }

    @Test
    void aChangeThatDeclaresNoOtherBackendsMakesNoOtherText() {
        String before = workers.of(lines(backend(1, 1), backend(2, 1)));
        told.clear();
        assertThat(workers.of(lines(backend(1, 7), backend(2, 1), backend(3, 1))))
                .isSameAs(before);
        assertThat(told).isEmpty();
    }

    @Test
    void afterARestartItTellsWhatStandsInTheFile() throws IOException {
        Path file = dir.resolve("workers.conf");
        Files.writeString(file, workers.of(lines(backend(1, 1), backend(2, 1))));
        Map<String, Set<String>> before = Map.copyOf(told);
        told.clear();
        workers.resume(file);
        assertThat(told).isEqualTo(before);
    }

    @Test
    void aFileThatIsNotThereOrDoesNotTellIsNoFault() throws IOException {
        workers.resume(dir.resolve("workers.conf"));
        workers.resume(
                Files.writeString(dir.resolve("old"), "ProxyPass \"rollcall\" \"http://10.0.0.1:8080\" ttl=30\n"));
        assertThat(told).isEmpty();
    }

    @Test
    void ofManyBackendsTheMostUsedAreDeclared() {
        uses.putAll(Map.of("10.0.0.3:8080", 900L, "10.0.0.2:8080", 50L));
        workers.of(lines(backend(1, 1), backend(2, 1), backend(3, 1)));
        assertThat(told.values()).containsExactly(Set.of("10.0.0.2:8080", "10.0.0.3:8080"));
    }

    @Test
    void whatIsDeclaredStaysUnlessAnotherIsUsedFarMoreAndThatIsLookedAtOnceAMinute() {
        Table<Lines> three = lines(backend(1, 1), backend(2, 1), backend(3, 1));
        uses.putAll(Map.of("10.0.0.1:8080", 900L, "10.0.0.2:8080", 1000L));
        String before = workers.of(three);
        uses.putAll(Map.of("10.0.0.1:8080", 1800L, "10.0.0.2:8080", 2000L, "10.0.0.3:8080", 1900L));
        now += MINUTE;
        assertThat(workers.of(three)).isSameAs(before);
        uses.putAll(Map.of("10.0.0.1:8080", 2700L, "10.0.0.2:8080", 3000L, "10.0.0.3:8080", 3801L));
        now += MINUTE - 1;
        assertThat(workers.of(three)).isSameAs(before);
        now += 1;
        assertThat(workers.of(three)).contains("10.0.0.2:8080", "10.0.0.3:8080").doesNotContain("10.0.0.1:8080");
    }

    @Test
    void whatWasUsedLongAgoDoesNotCount() {
        Table<Lines> three = lines(backend(1, 1), backend(2, 1), backend(3, 1));
        uses.putAll(Map.of("10.0.0.1:8080", 1_000_000L, "10.0.0.2:8080", 1_000_000L));
        assertThat(workers.of(three)).doesNotContain("10.0.0.3:8080");
        uses.putAll(Map.of("10.0.0.2:8080", 1_000_200L, "10.0.0.3:8080", 101L));
        now += MINUTE;
        assertThat(workers.of(three)).contains("10.0.0.2:8080", "10.0.0.3:8080").doesNotContain("10.0.0.1:8080");
    }

    @Test
    void aBackendThatGoesLeavesItsPlaceToTheMostUsedAtTheNextLook() {
        workers.of(lines(backend(1, 1), backend(2, 1), backend(3, 1), backend(4, 1)));
        uses.put("10.0.0.4:8080", 1L);
        Table<Lines> without = lines(backend(1, 1), backend(3, 1), backend(4, 1));
        assertThat(workers.of(without)).contains("10.0.0.1:8080").doesNotContain("10.0.0.3:8080", "10.0.0.4:8080");
        now += MINUTE;
        assertThat(workers.of(without)).contains("10.0.0.1:8080", "10.0.0.4:8080");
    }

    @Test
    void afterARestartWhatStandsInTheFileStays() throws IOException {
        Table<Lines> three = lines(backend(1, 1), backend(2, 1), backend(3, 1));
        uses.put("10.0.0.3:8080", 50L);
        String before = workers.of(three);
        Path file = Files.writeString(dir.resolve("workers.conf"), before);
        uses.clear();
        WorkersConf next = newWorkers();
        next.resume(file);
        assertThat(next.of(three)).isEqualTo(before);
    }

    private static Table<Lines> lines(Standing.Routable... backends) {
        return AllLines.NONE
                .next(view(service("shop.example.com", true, backends)).services(), Table.empty())
                .lines();
    }
}
