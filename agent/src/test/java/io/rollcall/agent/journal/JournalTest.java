package io.rollcall.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    private Path dir;

    @Test
    void anEventIsALine() throws Exception {
        Journal journal = Journal.open(dir.resolve("state/events.log"), Journal.MOST_BYTES);
        journal.add(
                List.of(event("shop.example.com", "a", "eject", "Connection refused"), event("-", "-", "hold", "")));
        assertThat(Files.readString(dir.resolve("state/events.log"))).isEqualTo("""
                2026-01-02T03:04:05.678Z shop.example.com a eject Connection refused
                2026-01-02T03:04:05.678Z - - hold
                """);
    }

    @Test
    void whatOthersWroteMakesNoSecondLineAndNoSecondWord() {
        Event event = event("shöp", "a b", "join", "x\ny\u001b[31m");
        assertThat(event.line()).isEqualTo("2026-01-02T03:04:05.678Z shöp a?b join x?y?[31m");
        assertThat(Event.parse(event.line())).contains(event);
    }

    @Test
    void aRestartedAgentGoesOnWhereItWas() throws Exception {
        Path file = dir.resolve("events.log");
        Journal.open(file, Journal.MOST_BYTES).add(List.of(event("shöp", "a", "join", "")));
        Files.writeString(file, Files.readString(file) + "2026-01-02T03:0");
        Journal again = Journal.open(file, Journal.MOST_BYTES);
        again.add(List.of(event("shöp", "a", "leave", "")));
        assertThat(again.last(Optional.empty(), 0, 10).events())
                .extracting(
                        numbered -> numbered.number() + " " + numbered.event().what())
                .containsExactly("1 join", "2 leave");
    }

    @Test
    void itIsAskedByServiceNumberAndCount() {
        Journal journal = Journal.open(dir.resolve("events.log"), Journal.MOST_BYTES);
        journal.add(List.of(
                event("a", "1", "join", ""),
                event("b", "1", "join", ""),
                event("-", "-", "hold", ""),
                event("a", "2", "join", "")));
        assertThat(what(journal.last(Optional.of("a"), 0, 10))).containsExactly("1 join", "- hold", "2 join");
        assertThat(what(journal.last(Optional.of("a"), 3, 10))).containsExactly("2 join");
        assertThat(what(journal.last(Optional.empty(), 0, 2))).containsExactly("- hold", "2 join");
    }

    @Test
    void aFullFileHasOnePredecessor() throws Exception {
        Path file = dir.resolve("events.log");
        Journal journal = Journal.open(file, 150);
        for (int i = 0; i < 10; i++) {
            journal.add(List.of(event("shop", "b" + i, "join", "")));
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(150);
        assertThat(Files.size(dir.resolve("events.log.1"))).isLessThanOrEqualTo(150);
        try (var files = Files.list(dir)) {
            assertThat(files).hasSize(2);
        }
        assertThat(journal.last(Optional.empty(), 0, 100).events()).hasSize(10);
    }

    @Test
    void whatCannotBeWrittenIsRememberedAllTheSame() throws Exception {
        Path file = dir.resolve("events.log");
        Files.createDirectory(file);
        Journal journal = Journal.open(file, Journal.MOST_BYTES);
        journal.add(List.of(event("shop", "a", "join", "")));
        assertThat(journal.last(Optional.empty(), 0, 10).events()).hasSize(1);
        Files.delete(file);
        journal.add(List.of(event("shop", "b", "join", "")));
        assertThat(Files.readString(file)).contains("shop b join");
    }

    @Test
    void whatIsNotRememberedAnyMoreIsReadFromTheFile() {
        Journal journal = Journal.open(dir.resolve("events.log"), Journal.MOST_BYTES);
        journal.add(List.of(event("shop", "a", "join", "")));
        journal.add(List.of(event("-", "-", "hold", "")));
        journal.add(many(5000));
        journal.add(List.of(event("shop", "a", "leave", "")));
        assertThat(journal.last(Optional.of("shop"), 0, 10).events())
                .extracting(
                        numbered -> numbered.number() + " " + numbered.event().what())
                .containsExactly("1 join", "2 hold", "5003 leave");
        Journal.Answer followed = journal.last(Optional.empty(), 100, 10_000);
        assertThat(followed.events()).hasSize(4903);
        assertThat(followed.events().get(0).event().backend()).isEqualTo("b99");
        assertThat(followed.left()).isZero();
    }

    @Test
    void whatIsLeftOffIsCounted() {
        Journal journal = Journal.open(dir.resolve("events.log"), Journal.MOST_BYTES);
        journal.add(many(5000));
        Journal.Answer answer = journal.last(Optional.of("many"), 1000, 3000);
        assertThat(answer.left()).isEqualTo(1000);
        assertThat(answer.last()).isEqualTo(5000);
        assertThat(answer.events().get(0).number()).isEqualTo(2001);
    }

    @Test
    void whoeverAsksForNothingOfThePastLearnsWhereItEnds() {
        Journal journal = Journal.open(dir.resolve("events.log"), Journal.MOST_BYTES);
        journal.add(many(3));
        assertThat(journal.last(Optional.of("shop"), 0, 0)).isEqualTo(new Journal.Answer(List.of(), 0, 3));
    }

    @Test
    void linesThatTheDiskDidNotTakeMixNothingUp() throws Exception {
        Path file = dir.resolve("events.log");
        Journal journal = Journal.open(file, Journal.MOST_BYTES);
        journal.add(List.of(event("shop", "a", "join", "")));
        journal.add(many(10));
        Files.move(file, dir.resolve("kept"));
        Files.createDirectory(file);
        journal.add(IntStream.range(0, 2500)
                .mapToObj(i -> new Event(AT.plusSeconds(1), "many", "c" + i, "join", ""))
                .toList());
        Files.delete(file);
        Files.move(dir.resolve("kept"), file);
        assertThat(journal.last(Optional.of("shop"), 0, 10).events())
                .extracting(numbered -> numbered.event().what())
                .containsExactly("join");
        assertThat(journal.last(Optional.empty(), 0, 10_000).events()).hasSize(2011);
    }

    private static List<Event> many(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> event("many", "b" + (i + 1), "join", ""))
                .toList();
    }

    private static List<String> what(Journal.Answer answer) {
        return answer.events().stream()
                .map(numbered ->
                        numbered.event().backend() + " " + numbered.event().what())
                .toList();
    }

    private static Event event(String service, String backend, String what, String why) {
        return new Event(AT, service, backend, what, why);
    }
}
