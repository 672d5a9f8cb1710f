package io.rollcall.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rollcall.bench.Names;
import io.rollcall.bench.load.Asker;
import io.rollcall.deploy.stage.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each contender whose programs are installed, with its configuration of the tree. */
class ContendersTest {
    private static final Path TOP = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    private Place place;

    @BeforeEach
    void open_the_directory_to_the_servers_user() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        place = new Place(directory, TOP);
    }

    static Stream<Contender> others() {
        return Contenders.ALL.stream().filter(one -> !one.isRollcall());
    }

    static Stream<Contender> rollcall() {
        return Contenders.ALL.stream().filter(Contender::isRollcall);
    }

    @ParameterizedTest
    @MethodSource("others")
    void a_contender_answers_and_follows_a_change_if_it_can(Contender contender) throws Exception {
        assumeInstalled(contender);
        assumeInstalled(Contenders.named("nginx").orElseThrow()); // the backends
        try (Backends backends = Backends.start(place, 10)) {
            Names names = new Names(10, backends.addresses());
            try (Server server = contender.start(new Setting(place, names, Optional.empty()))) {
                answers(server, names.name(0), names.home(0), server.routes().isEmpty());
                if (server.routes().isPresent()) {
                    Routes routes = server.routes().get();
                    routes.put(names.name(0), Optional.of(names.away(0)));
                    answers(server, names.name(0), names.away(0), false);
                    routes.put(names.name(0), Optional.empty());
                    await().atMost(Duration.ofSeconds(60))
                            .until(() ->
                                    Asker.once(server.port(), names.name(0)).isEmpty());
                    routes.close();
                }
            }
        }
    }

    private static void answers(Server server, String name, String address, boolean anywhere) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Asker.once(server.port(), name)
                        .filter(at -> anywhere || at.equals(address))
                        .isPresent());
    }

    @ParameterizedTest
    @MethodSource("rollcall")
    void httpd_takes_the_configuration_of(Contender contender) throws Exception {
        assumeInstalled(contender);
        Path maps = place.folder("maps");
        for (String map :
                List.of("backends.map", "names.dir", "names.pag", "dice.map", "successors.map", "workers.conf")) {
            Files.writeString(maps.resolve(map), "");
        }
        List<String> addresses = List.of("127.0.2.1:1", "127.0.2.2:1", "127.0.2.3:1");
        Setup setup = Setup.of(new Setting(place, new Names(3, addresses), Optional.empty()), contender.name());
        setup.words().put("MAPS", maps.toString());
        setup.words().put("ROLLCALL", "/opt/rollcall/bin/rollcall");
        List<String> check =
                Stream.concat(Httpds.command(setup).stream(), Stream.of("-t")).toList();

        assertThat(Tools.run(check)).contains("Syntax OK");
    }

    private static void assumeInstalled(Contender contender) {
        assumeTrue(contender.missing().isEmpty(), () -> contender.missing() + " is not installed");
    }
}
