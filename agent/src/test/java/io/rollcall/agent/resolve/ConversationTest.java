package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final String MAP = """
            gone.example.com -
            one.example.com 10.0.0.1:80
            v6.example.com [2001:db8:1234:5678:9abc:def0:1234:5678]:65535
            """;

    @Test
    void aRequestIsAnsweredWithItsId() throws Exception {
        assertThat(talk("ZxY1@-_ one.example.com\n")).isEqualTo("ZxY1@-_ 10.0.0.1:80\n");
        assertThat(talk("a gone.example.com\nb v6.example.com\n"))
                .isEqualTo("a -\nb [2001:db8:1234:5678:9abc:def0:1234:5678]:65535\n");
    }

    @Test
    void whatIsUnknownOrNoRequestIsNull() throws Exception {
        for (String line : new String[] {
            "",
            " ",
            "a",
            "a ",
            " one.example.com",
            "one.example.com",
            "a  one.example.com",
            "a one.example.com ",
            "a ONE.example.com",
            "a one.example.com b",
            "a\tone.example.com",
            "!",
            "! ",
            "! one.example.com",
            "!!a one.example.com",
            "\u00e4 one.example.com",
            "a\u0000 one.example.com",
            "a one.example.com\r",
            "a \u0000"
        }) {
            assertThat(talk(line + "\n")).as(line).isEqualTo("NULL\n");
        }
    }

    @Test
    void anIdOfAnyLengthUpTo128IsEchoed() throws Exception {
        assertThat(talk("i".repeat(128) + " v6.example.com\n")).startsWith("i".repeat(128) + " [2001:");
        assertThat(talk("i".repeat(129) + " one.example.com\n")).isEqualTo("NULL\n");
    }

    @Test
    void aLineOfAnyLengthHasOneReply() throws Exception {
        for (int length : new int[] {8190, 8191, 8192, 8193, 16383, 16384, 16385, 1_000_000}) {
            assertThat(talk("a " + "k".repeat(length) + "\nb one.example.com\n"))
                    .as("%d", length)
                    .isEqualTo("NULL\nb 10.0.0.1:80\n");
        }
        assertThat(talk("x".repeat(8192) + "a one.example.com\n")).isEqualTo("NULL\n");
    }

    @Test
    void anUnfinishedLineHasNone() throws Exception {
        assertThat(talk("a one.example.com\nb one.exam")).isEqualTo("a 10.0.0.1:80\n");
    }

    @Test
    void aMarkedRequestIsNotAnsweredIfItsReplyMustStillBeInThePipe() throws Exception {
        assertThat(talk("a one.example.com\n!a one.example.com\n")).isEqualTo("a 10.0.0.1:80\n");
        assertThat(talk("a one.example.com\nb gone.example.com\n!a one.example.com\n"))
                .isEqualTo("a 10.0.0.1:80\nb -\n");
    }

    @Test
    void aMarkedRequestIsAnsweredIfNothingIsCertain() throws Exception {
        assertThat(talk("!a one.example.com\n")).isEqualTo("a 10.0.0.1:80\n");
        assertThat(talk("b one.example.com\n!a one.example.com\n")).endsWith("a 10.0.0.1:80\n");
        assertThat(talk("a gone.example.com\n!a one.example.com\n"))
                .as("another question under the same id")
                .endsWith("a 10.0.0.1:80\n");
        assertThat(talk("a one.example.com\n!a one.example.com\n!a one.example.com\n"))
                .as("only once")
                .isEqualTo("a 10.0.0.1:80\na 10.0.0.1:80\n");
        assertThat(talk("a one.example.com\nb one.example.com\n!b one.example.com\n!a one.example.com\n"))
                .as("one was withheld since")
                .isEqualTo("a 10.0.0.1:80\nb 10.0.0.1:80\na 10.0.0.1:80\n");
    }

    @Test
    void howTheInputArrivesMakesNoDifferenceAndEachReplyIsOneWrite() throws Exception {
        String input = "a one.example.com\n\nb gone.example.com\nc " + "k".repeat(9000) + "\nd v6.example.com\n";
        Random random = new Random(6);
        for (int round = 0; round < 200; round++) {
            List<String> writes = new ArrayList<>();
            new Conversation(table()).run(new Dribble(input, random), recorder(writes));
            assertThat(writes)
                    .containsExactly(
                            "a 10.0.0.1:80\n",
                            "NULL\n",
                            "b -\n",
                            "NULL\n",
                            "d [2001:db8:1234:5678:9abc:def0:1234:5678]:65535\n");
        }
    }

    @Test
    void anyBytesHaveOneReplyPerLineAndNoMore() throws Exception {
        Random random = new Random(7);
        byte[] tame = "a b!\n\n one.example.com gone.example.com".getBytes(ISO_8859_1);
        for (int round = 0; round < 3000; round++) {
            byte[] input = new byte[random.nextInt(round % 100 == 0 ? 50_000 : 300)];
            boolean wild = random.nextBoolean();
            int lines = 0;
            for (int i = 0; i < input.length; i++) {
                input[i] = wild ? (byte) random.nextInt(256) : tame[random.nextInt(tame.length)];
                lines += input[i] == '\n' ? 1 : 0;
            }
            String text = new String(input, ISO_8859_1);
            List<String> writes = new ArrayList<>();
            new Conversation(table()).run(new Dribble(text, random), recorder(writes));
            assertThat(writes).allMatch(reply -> reply.indexOf('\n') == reply.length() - 1);
            long marked = text.lines().filter(line -> line.startsWith("!")).count();
            assertThat((long) writes.size()).isBetween(lines - marked, (long) lines);
        }
    }

    private static String talk(String input) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Conversation(table()).run(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), out);
        return out.toString(ISO_8859_1);
    }

    private static java.util.function.Supplier<Table> table() throws MalformedMapException {
        Table table = MapParser.parse(MAP.getBytes(ISO_8859_1), Table.EMPTY, new Random(1))
                .table();
        return () -> table;
    }

    private static OutputStream recorder(List<String> writes) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("a byte alone");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                writes.add(new String(bytes, from, length, ISO_8859_1));
            }
        };
    }

    /** An input that comes in pieces of any size. */
    private static final class Dribble extends InputStream {
        private final InputStream all;
        private final Random random;

        Dribble(String input, Random random) {
            all = new ByteArrayInputStream(input.getBytes(ISO_8859_1));
            this.random = random;
        }

        @Override
        public int read() throws IOException {
            return all.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return all.read(bytes, from, Math.min(length, 1 + random.nextInt(random.nextInt(10) == 0 ? 9000 : 20)));
        }
    }
}
