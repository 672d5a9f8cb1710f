package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.rollcall.agent.sdbm.PageLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashedServicesTest {
    @TempDir
    Path maps;

    private MapWatch watch;

    @BeforeEach
    void watch() {
        watch = new MapWatch(maps, new PrintStream(new ByteArrayOutputStream(), true, US_ASCII), new Random(1));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void whatTheTextDoesNotHaveIsFoundInTheHashedMap() throws IOException {
        hashed(Map.of("a.example.com", "10.0.0.1:80", "b.example.com", "10.0.0.2:80", "gone.example.com", "-"));
        text("b.example.com 10.0.0.3:80\n");

        assertThat(answers("a.example.com", 1)).containsExactly("10.0.0.1:80");
        assertThat(answers("b.example.com", 1)).containsExactly("10.0.0.3:80");
        assertThat(answers("gone.example.com", 1)).containsExactly("-");
        assertThat(answers("none.example.com", 1)).containsExactly("NULL");
    }

    @Test
    void backendsTakeTurnsByTheirWeights() throws IOException {
        hashed(Map.of("a.example.com", "3:1=10.0.0.1:80|2=10.0.0.1:80|3=[2001:db8::1]:80"));
        text("");

        List<String> turns = answers("a.example.com", 30);

        assertThat(turns.stream().filter("10.0.0.1:80"::equals)).hasSize(20);
        assertThat(Set.copyOf(turns)).containsExactlyInAnyOrder("10.0.0.1:80", "[2001:db8::1]:80");
    }

    @Test
    void linesThatDiceChooseAreOneService() throws IOException {
        hashed(Map.of(
                "a.example.com", "2",
                "a.example.com/1", "2:1=10.0.0.1:80|2=10.0.0.2:80",
                "a.example.com/2", "10.0.0.3:80",
                "b.example.com", "2x1",
                "b.example.com/1.1", "10.0.0.4:80",
                "b.example.com/2.1", "10.0.0.5:80",
                "c.example.com", "3",
                "c.example.com/1", "10.0.0.6:80"));
        text("");

        assertThat(new TreeSet<>(answers("a.example.com", 3)))
                .containsExactly("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        assertThat(new TreeSet<>(answers("b.example.com", 2))).containsExactly("10.0.0.4:80", "10.0.0.5:80");
        assertThat(answers("c.example.com", 1)).containsExactly("NULL");
    }

    @Test
    void aServiceWhoseTextMakesNoSenseIsNotAnsweredFromTheOlderHashedMap() throws IOException {
        hashed(Map.of("a.example.com", "10.0.0.1:80", "b.example.com", "nonsense"));
        text("a.example.com nonsense\nc.example.com 10.0.0.2:80\n");

        assertThat(answers("a.example.com", 1)).containsExactly("NULL");
        assertThat(answers("b.example.com", 1)).containsExactly("NULL");
    }

    @Test
    void aHashedMapThatWasReplacedIsReadWithTheNextText() throws IOException {
        hashed(Map.of("a.example.com", "10.0.0.1:80"));
        text("a.example.com 10.0.0.2:80\n");
        assertThat(answers("a.example.com", 1)).containsExactly("10.0.0.2:80");

        hashed(Map.of("a.example.com", "10.0.0.2:80"));
        text("# nothing changed since\n");

        assertThat(answers("a.example.com", 1)).containsExactly("10.0.0.2:80");
    }

    @Test
    void turnsGoOnWhenTheHashedMapIsWrittenAnewAndTheServiceStaysWhatItWas() throws IOException {
        String same = "3:1=10.0.0.1:80|2=10.0.0.2:80|3=10.0.0.3:80";
        hashed(Map.of("a.example.com", same));
        text("");
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            turns.addAll(answers("a.example.com", 1));
            hashed(Map.of("a.example.com", same, "b" + i + ".example.com", "10.0.0.9:80"));
            text("# " + i + "\n");
        }
        assertThat(turns.subList(3, 30)).isEqualTo(turns.subList(0, 27));
        assertThat(Set.copyOf(turns)).hasSize(3);

        hashed(Map.of("a.example.com", "2:1=10.0.0.1:80|2=10.0.0.4:80"));
        text("# changed\n");
        assertThat(new TreeSet<>(answers("a.example.com", 2))).containsExactly("10.0.0.1:80", "10.0.0.4:80");
    }

    /** As the agent does: it changes the map of before, and has the two change places. */
    @Test
    void aFileThatWasTheMapBeforeAndWasChangedSinceIsReadAnew() throws IOException {
        hashed(Map.of("a.example.com", "2:1=10.0.0.1:80|2=10.0.0.2:80"));
        text("");
        assertThat(new TreeSet<>(answers("a.example.com", 2))).containsExactly("10.0.0.1:80", "10.0.0.2:80");

        Path pag = maps.resolve("names.pag");
        FileTime before = Files.getLastModifiedTime(pag);
        byte[] bytes = new String(Files.readAllBytes(pag), ISO_8859_1)
                .replace("10.0.0.2", "10.0.0.4")
                .getBytes(ISO_8859_1);
        Files.write(pag, bytes); // the same file
        Files.setLastModifiedTime(pag, FileTime.from(before.toInstant().plusMillis(1)));
        text("# changed\n");
        assertThat(new TreeSet<>(answers("a.example.com", 2))).containsExactly("10.0.0.1:80", "10.0.0.4:80");
    }

    /** What is left is the file's time and size, some 290 bytes, and a read answer. */
    @Test
    void aLookupMakesLittleGarbageAlsoOfServicesThatAreNotRemembered() throws IOException {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            pairs.put("name-" + i + ".example.com", "10.0." + i % 256 + ".1:80");
        }
        hashed(pairs);
        text("often.example.com 10.0.0.1:80|10.0.0.2:80\n");
        watch.refresh();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String of : List.of("often.example.com", "name-%d.example.com")) {
            byte[][] keys = new byte[20_000][];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = of.formatted(i).getBytes(US_ASCII);
            }
            lookUp(keys);
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            lookUp(keys);
            long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(bytes / keys.length).as(of).isLessThan(500);
        }
    }

    private void lookUp(byte[][] keys) {
        int found = 0;
        for (byte[] key : keys) {
            Service service = watch.get().find(key, 0, key.length);
            found += service == null ? 0 : service.next().length > 2 ? 1 : 0;
        }
        assertThat(found).isGreaterThan(keys.length * 9 / 10); // a page may be full
    }

    private List<String> answers(String key, int times) {
        watch.refresh();
        byte[] bytes = key.getBytes(US_ASCII);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Service service = watch.get().find(bytes, 0, bytes.length);
            answers.add(service == null ? "NULL" : new String(service.next(), US_ASCII).strip());
        }
        return answers;
    }

    private void text(String text) throws IOException {
        replace("backends.map", ("# rollcall 1\n" + text).getBytes(US_ASCII));
    }

    private void hashed(Map<String, String> pairs) throws IOException {
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        PageLayout.of(List.copyOf(pairs.entrySet()), 0).write(Channels.newChannel(pages), 1);
        replace("names.pag", pages.toByteArray());
    }

    private void replace(String name, byte[] bytes) throws IOException {
        Path next = Files.write(maps.resolve(name + ".new"), bytes);
        Files.move(next, maps.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
