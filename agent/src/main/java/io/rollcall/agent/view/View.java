package io.rollcall.agent.view;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The table that the agent last built: every known name with its backends, those of which none is left included.
 *
 * @param services by name
 * @param strays znodes under names that are no host names, and orders that cannot be read
 * @param instructions what the orders ask of this agent
 */
public record View(NavigableMap<String, Service> services, List<Backend> strays, List<Instruction> instructions) {
    public static final View EMPTY = new View(new TreeMap<>(), List.of(), List.of());

    public View {
        services = Collections.unmodifiableNavigableMap(services);
        strays = List.copyOf(strays);
        instructions = List.copyOf(instructions);
    }

    public Optional<Service> service(String name) {
        return HostNames.normal(name).map(services::get);
    }

    /** Under which key httpd looks a service up, whether it is known or not. */
    public String key(String service) {
        return service(service).map(Service::key).orElse(service);
    }

    /** Whether that service's requests may go there, under whichever id. */
    public boolean routes(String service, Target target) {
        return service(service).stream()
                .flatMap(each -> each.routable().stream())
                .anyMatch(backend -> backend.target().equals(target));
    }

    /** Nodes that were rejected: malformed or forbidden. */
    public List<Backend> refused() {
        List<Backend> refused = new java.util.ArrayList<>(strays);
        for (Service service : services.values()) {
            service.backends().stream()
                    .filter(backend -> backend.standing() instanceof Standing.Refused)
                    .forEach(refused::add);
        }
        return refused;
    }
}
