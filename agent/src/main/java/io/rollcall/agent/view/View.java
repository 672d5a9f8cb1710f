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
 * @param strays znodes under names that are no host names
 */
public record View(NavigableMap<String, Service> services, List<Backend> strays) {
    public static final View EMPTY = new View(new TreeMap<>(), List.of());

    public View {
        services = Collections.unmodifiableNavigableMap(services);
        strays = List.copyOf(strays);
    }

    public Optional<Service> service(String name) {
        return HostNames.normal(name).map(services::get);
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
