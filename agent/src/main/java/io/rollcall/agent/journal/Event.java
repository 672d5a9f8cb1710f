package io.rollcall.agent.journal;

import io.rollcall.registry.Excerpt;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Something that changed. As a line: time, service, backend, what and why with blanks between; only why may have blanks.
 *
 * @param at to the millisecond, for people
 * @param service what it happened to; {@code -} if to all
 * @param backend its id; {@code -} if to the whole service
 * @param what one word: {@code join}, {@code eject} ...
 * @param why in words; may be empty
 */
public record Event(Instant at, String service, String backend, String what, String why) {
    public static final String ALL = "-";

    public Event {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        service = word(service);
        backend = word(backend);
        what = word(what);
        why = Excerpt.of(why).strip();
    }

    String line() {
        return (at + " " + service + " " + backend + " " + what + " " + why).strip();
    }

    /** Empty if the line is none of ours: half written, perhaps, when the disk was full. */
    static Optional<Event> parse(String line) {
        String[] parts = line.split(" ", 5);
        if (parts.length < 4) {
            return Optional.empty();
        }
        try {
            Instant at = Instant.parse(parts[0]);
            return Optional.of(new Event(at, parts[1], parts[2], parts[3], parts.length > 4 ? parts[4] : ""));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String word(String text) {
        String word = Excerpt.line(text).replace(' ', '?');
        return word.isEmpty() ? ALL : word;
    }
}
