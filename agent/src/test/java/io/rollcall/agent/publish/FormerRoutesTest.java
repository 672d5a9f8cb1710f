package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FormerRoutesTest {
    @TempDir
    private Path dir;

    @Test
    void theyAreReadFromTextAndHashedMapInEachOfTheirForms() throws Exception {
        Map<String, Service> services = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            String name = "n" + i + ".example.com";
            services.put(name, service(name, i % 100 == 0 ? 200 : i % 4));
        }
        try (Publisher publisher = new Publisher(dir, 10)) {
            publisher.publish(View.of(services, List.of(), List.of(), false));
            assertThat(Files.size(dir.resolve("backends.map"))).isLessThan(1000);
            services.put("n1.example.com", service("n1.example.com", 7));
            services.put("n2.example.com", service("n2.example.com", 0));
            services.put("n3.example.com", service("n3.example.com", 250));
            publisher.publish(View.of(services, List.of(), List.of(), false));
        }
        FormerRoutes routes = FormerRoutes.read(dir).orElseThrow();
        services.forEach((name, service) -> {
            for (int host = 0; host <= 250; host++) {
                String target = target(host).toString();
                assertThat(routes.have(name, target))
                        .as(name + " " + target)
                        .isEqualTo(service.routable().stream()
                                .anyMatch(each -> each.target().toString().equals(target)));
            }
        });
        assertThat(routes.have("other.example.com", target(1).toString())).isFalse();
    }

    @Test
    void withoutMapsNothingIsKnown() throws Exception {
        assertThat(FormerRoutes.read(dir)).isEmpty();
        Files.writeString(dir.resolve("backends.map"), "a.example.com -\n");
        assertThat(FormerRoutes.read(dir)).isPresent();
        Files.writeString(dir.resolve("names.pag"), "damaged");
        assertThat(FormerRoutes.read(dir)).isEmpty();
    }

    private static Service service(String name, int backends) {
        List<Backend> all = new ArrayList<>();
        for (int i = 0; i < backends; i++) {
            all.add(new Backend("/" + i, "b" + i, 1, Optional.empty(), new Standing.Routable(target(i), 1 + i % 3)));
        }
        return new Service(name, true, true, all);
    }

    private static Target target(int host) {
        return new Target("10.0.0." + host, 8080);
    }
}
