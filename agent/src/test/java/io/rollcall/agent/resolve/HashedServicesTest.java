package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.sdbm.PageLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
