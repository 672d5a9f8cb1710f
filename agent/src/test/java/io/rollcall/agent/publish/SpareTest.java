package io.rollcall.agent.publish;

import static io.rollcall.agent.publish.LinesTest.backend;
import static io.rollcall.agent.publish.LinesTest.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.sdbm.SdbmReader;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpareTest {
    @TempDir
    private Path dir;

    private Path maps;
    private Spare spare;

    @BeforeEach
    void place() {
        maps = dir.resolve("maps");
        spare = new Spare(maps, dir.resolve("state"));
    }

    @Test
    void mapsThatAreLostArePutBackAsTheyWereKept() throws IOException {
        try (Publisher publisher = new Publisher(maps, 10)) {
            publisher.publish(view(2000, 0));
            spare.keep();
            publisher.publish(view(2000, 1));
            spare.keep();
        }
        String text = text();
        assertThat(text).contains("n0.example.com 10.0.0.1:8080\n");
        lose("backends.map", "successors.map", "dice.map", "workers.conf", "names.dir", "names.pag", ".lock");
        Files.delete(maps);

        spare.putBack();
        assertThat(text()).isEqualTo(text);
        assertThat(hashed("n1999.example.com")).isEqualTo("10.0.7.207:8080");
        assertThat(maps).isDirectoryContaining(file -> file.endsWith("workers.conf"));
        try (Publisher next = new Publisher(maps, 10)) {
            next.publish(view(2000, 2));
            assertThat(text() + hashed("n0.example.com")).contains("10.0.0.2:8080");
        }
    }

    @Test
    void whatIsThereStays() throws IOException {
        try (Publisher publisher = new Publisher(maps, 10)) {
            publisher.publish(view(2000, 0));
            spare.keep();
            publisher.publish(view(2000, 1));
        }
        String text = text();
        lose("names.pag");
        spare.putBack();
        assertThat(text()).isEqualTo(text);
        assertThat(maps.resolve("names.pag")).doesNotExist();
    }

    @Test
    void theMarkIsNotPutBackBesideYoungerMaps() throws IOException {
        try (Publisher publisher = new Publisher(maps, 10)) {
            publisher.publish(view(3, 0));
            publisher.mark("first");
            spare.keep();
            publisher.unmark();
            publisher.publish(view(3, 1));
        }
        spare.putBack();
        try (Publisher next = new Publisher(maps, 10)) {
            assertThat(next.isMarked("first")).isFalse();
        }
    }

    @Test
    void aSpareThatCouldNotBeKeptWholeIsNotPutBack() throws IOException {
        try (Publisher publisher = new Publisher(maps, 10)) {
            publisher.publish(view(3, 0));
            spare.keep();
            Files.createDirectories(dir.resolve("state/maps/.backends.map.new/x"));
            publisher.publish(view(3, 1));
            spare.keep();
            lose("backends.map");
            spare.putBack();
            assertThat(maps.resolve("backends.map")).doesNotExist();

            Files.delete(dir.resolve("state/maps/.backends.map.new/x"));
            publisher.publish(view(3, 1));
            spare.keep();
            lose("backends.map");
            spare.putBack();
            assertThat(text()).contains("n0.example.com 10.0.0.1:8080\n");
        }
    }

    private void lose(String... files) throws IOException {
        for (String file : files) {
            Files.delete(maps.resolve(file));
        }
    }

    private String text() throws IOException {
        return Files.readString(maps.resolve("backends.map"));
    }

    private String hashed(String name) throws IOException {
        byte[] key = name.getBytes(StandardCharsets.US_ASCII);
        try (SdbmReader reader = SdbmReader.open(maps.resolve("names.pag"))) {
            byte[] value = reader.find(key, 0, key.length);
            return value == null ? "" : new String(value, StandardCharsets.US_ASCII);
        }
    }

    /** @param first the backend of the first name */
    private static View view(int count, int first) {
        return LinesTest.view(IntStream.range(0, count)
                .mapToObj(i -> service("n" + i + ".example.com", true, backend(i == 0 ? first : i, 1)))
                .toArray(Service[]::new));
    }
}
