package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The table that the agent last built: every known name with its backends, those of which none is left included.
 *
 * @param services by name
 * @param strays znodes under names that are no host names, and orders that cannot be read
 * @param instructions what the orders ask of this agent
 * @param wellness what health did to it
 */
public record View(
        NavigableMap<String, Service> services,
        List<Backend> strays,
        List<Instruction> instructions,
        Wellness wellness) {
    public static final View EMPTY = new View(new TreeMap<>(), List.of(), List.of(), Wellness.NONE);

    public View {
        services = Collections.unmodifiableNavigableMap(services);
        strays = List.copyOf(strays);
        instructions = List.copyOf(instructions);
    }

    /** Those whose health is worth following. */
    public Set<Candidate> candidates() {
        return wellness.patients().values().stream().map(Patient::candidate).collect(Collectors.toUnmodifiableSet());
    }

    /** Those of them that are reached at that address, under the service of that key in the maps. */
    public List<Candidate> candidates(String serviceKey, String target) {
        String name = serviceKey.startsWith("=") ? serviceKey.substring(1) : serviceKey;
        return service(name).stream()
                .flatMap(service -> service.backends().stream())
                .flatMap(backend -> Optional.ofNullable(wellness.patients().get(backend.path())).stream())
                .map(Patient::candidate)
                .filter(candidate -> candidate.target().equals(target))
                .toList();
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
