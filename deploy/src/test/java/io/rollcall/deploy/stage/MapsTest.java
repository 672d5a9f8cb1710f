package io.rollcall.deploy.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapsTest {
    @TempDir
    Path maps;

    @Test
    void present_are_the_addresses_of_every_slot_of_a_service() throws IOException {
        Files.writeString(maps.resolve("backends.map"), """
                # rollcall 1 view 12
                big.example.com 2
                big.example.com/1 10.0.0.1:80
                big.example.com/2 10.0.0.2:80|10.0.0.3:80
                gone.example.com -
                shop.example.com 10.0.0.5:8080|10.0.0.6:8080|10.0.0.6:8080
                six.example.com [2001:db8::1]:8080
                """);

        assertThat(Maps.present(maps))
                .isEqualTo(Map.of(
                        "big.example.com", set("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"),
                        "gone.example.com", set(),
                        "shop.example.com", set("10.0.0.5:8080", "10.0.0.6:8080"),
                        "six.example.com", set("[2001:db8::1]:8080")));
    }

    private static NavigableSet<String> set(String... addresses) {
        return new TreeSet<>(java.util.Set.of(addresses));
    }
}
