package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Walks through every interleaving of a few askers, some of them killed at any byte, and asks of each: does anybody wait for
 * ever, does anybody believe another's answer, does the pipe get in step again?
 *
 * <p>An exchange (write a line, read a line) is one step, because httpd's mutex makes it one; a killed asker gives the mutex
 * up. When the resolver runs does not matter: its replies depend on the order of its input alone, and an asker waits for them.
 * So "waits for ever" is: nothing is in the pipe once the resolver has read all that was written.
 */
class LeftoversModelTest {
    private static final Table TABLE = table();

    private final Map<String, String> replies = new HashMap<>();
    private int ends;

    /** What an asker wants: one key, or a second one if the first is unknown, under the same id. */
    private record Asker(String id, List<String> keys) {}

    private static final Asker A = new Asker("a1", List.of("k1"));
    private static final Asker B = new Asker("b2", List.of("k2"));
    private static final Asker C = new Asker("c3", List.of("nokey", "k3"));
    private static final Asker D = new Asker("d4", List.of("k4"));

    @Test
    void threeAskersWhoMayAllBeKilledAnywhere() {
        explore(List.of(A, B, C), 3, 8);
        assertThat(ends).isGreaterThan(10_000);
    }

    @Test
    void fourAskersOfWhomOneIsKilledAnywhere() {
        explore(List.of(A, B, C, D), 1, 8);
        assertThat(ends).isGreaterThan(10_000);
    }

    @Test
    void aResolverThatRemembersOneQuestionIsAsSafe() {
        explore(List.of(A, B, C), 2, 1);
        assertThat(ends).isGreaterThan(10_000);
    }

    @Test
    void manyAskersAtOnceGetThePipeInStepWhileTheyWork() {
        Random random = new Random(8);
        Conversation resolver = new Conversation(() -> TABLE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deque<String> pipe = new ArrayDeque<>();
        List<String> marked = new ArrayList<>();
        int mostLeft = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean mark = marked.size() > random.nextInt(40);
            String line = mark ? marked.remove(random.nextInt(marked.size())) : String.format("%05d k1\n", i);
            tell(resolver, line, out);
            out.toString(ISO_8859_1).lines().forEach(pipe::add);
            out.reset();
            mostLeft = Math.max(mostLeft, pipe.size());
            boolean killed = i < 10_000 && random.nextInt(50) == 0;
            if (!killed) {
                boolean own = line.startsWith(pipe.remove().substring(0, 6), mark ? 1 : 0);
                if (!own && !mark) {
                    marked.add("!" + line);
                }
                assertThat(own || i < 11_000).isTrue();
            }
        }
        assertThat(pipe).isEmpty();
        assertThat(mostLeft).isBetween(2, 20);
    }

    private void explore(List<Asker> askers, int deaths, int remembered) {
        step(askers, new World("", 0, new int[askers.size()], remembered), deaths);
    }

    private void step(List<Asker> askers, World world, int deaths) {
        boolean over = true;
        for (int i = 0; i < askers.size(); i++) {
            String line = line(askers.get(i), world.pc[i]);
            if (line != null) {
                over = false;
                exchange(askers, world, i, line, deaths);
            }
        }
        if (over) {
            ends++;
            heals(world);
        }
    }

    private void exchange(List<Asker> askers, World world, int i, String line, int deaths) {
        World written = world.write(line);
        String reply = written.peek();
        assertThat(reply)
                .as("%s waits for ever after\n%s", line, written.history)
                .isNotEmpty();
        step(askers, written.read(reply.length()).at(i, next(askers.get(i), world.pc[i], reply)), deaths);
        if (deaths > 0) {
            for (int cut = 1; cut < line.length(); cut++) {
                step(askers, world.write(line.substring(0, cut)).at(i, -1), deaths - 1);
            }
            for (int cut = 0; cut < reply.length(); cut++) {
                step(askers, written.read(cut).at(i, -1), deaths - 1);
            }
        }
    }

    /** The line that an asker writes next: even counters ask for a key, odd ones ask again with the mark, -1 is the end. */
    private static String line(Asker asker, int pc) {
        return pc < 0 ? null : (pc % 2 == 1 ? "!" : "") + asker.id + " " + asker.keys.get(pc / 2) + "\n";
    }

    private static int next(Asker asker, int pc, String reply) {
        if (reply.startsWith(asker.id + " ")) {
            String key = asker.keys.get(pc / 2);
            assertThat(reply).isEqualTo(asker.id + " 10.0.0." + key.charAt(1) + ":80\n");
            return -1;
        }
        if (pc % 2 == 0 && !reply.equals("NULL\n") && !reply.equals("\n")) {
            return pc + 1;
        }
        int nextKey = pc / 2 + 1;
        return reply.equals("NULL\n") && nextKey < asker.keys.size() ? nextKey * 2 : -1;
    }

    /** With nobody killed any more, a few askers on their own bring the pipe in step. */
    private void heals(World world) {
        World now = world;
        int rounds = 0;
        do {
            Asker asker = new Asker("h" + rounds, List.of("k9"));
            for (int pc = 0; pc >= 0; ) {
                now = now.write(line(asker, pc));
                String reply = now.peek();
                assertThat(reply).as("waits for ever after\n%s", now.history).isNotEmpty();
                now = now.read(reply.length());
                pc = next(asker, pc, reply);
            }
            assertThat(++rounds).as(now.history).isLessThan(9);
        } while (!now.unread().isEmpty());
    }

    /** The input so far, how much of the output was read, and how far each asker is. */
    private final class World {
        final String history;
        final int read;
        final int[] pc;
        final int remembered;
        String output;

        World(String history, int read, int[] pc, int remembered) {
            this.history = history;
            this.read = read;
            this.pc = pc;
            this.remembered = remembered;
        }

        World write(String line) {
            return new World(history + line, read, pc, remembered);
        }

        World read(int bytes) {
            World next = new World(history, read + bytes, pc, remembered);
            next.output = output;
            return next;
        }

        World at(int asker, int counter) {
            int[] moved = pc.clone();
            moved[asker] = counter;
            World next = new World(history, read, moved, remembered);
            next.output = output;
            return next;
        }

        String unread() {
            if (output == null) {
                output = replies.computeIfAbsent(history, input -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    tell(new Conversation(() -> TABLE, remembered), input, out);
                    return out.toString(ISO_8859_1);
                });
            }
            return output.substring(read);
        }

        /** The next line in the pipe, or empty if the asker would wait for ever. */
        String peek() {
            String unread = unread();
            return unread.substring(0, unread.indexOf('\n') + 1);
        }
    }

    private static void tell(Conversation conversation, String input, ByteArrayOutputStream out) {
        try {
            conversation.run(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Table table() {
        StringBuilder map = new StringBuilder();
        for (int i = 1; i <= 9; i++) {
            map.append("k" + i + " 10.0.0." + i + ":80\n");
        }
        try {
            return MapParser.parse(map.toString().getBytes(ISO_8859_1), Table.EMPTY, new Random(1))
                    .table();
        } catch (MalformedMapException e) {
            throw new AssertionError(e);
        }
    }
}
