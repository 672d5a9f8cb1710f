package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.watch.OrderNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table that the agent last built: every known name with its backends, those of which none is left included. Immutable; a
 * service of which nothing changed is the same object in the next one.
 */
public final class View {
    public static final View EMPTY = new View(Table.empty(), Table.empty(), Table.empty(), List.of(), List.of(), false);

    private final Table<Service> services;
    private final Table<List<Backend>> refused; // by service, where there are any
    private final Table<Integer> targets; // of candidates: how many services have it
    private final List<Backend> strays;
    private final List<Instruction> instructions;
    private final boolean held;

    private View(
            Table<Service> services,
            Table<List<Backend>> refused,
            Table<Integer> targets,
            List<Backend> strays,
            List<Instruction> instructions,
            boolean held) {
        this.services = services;
        this.refused = refused;
        this.targets = targets;
        this.strays = strays;
        this.instructions = instructions;
        this.held = held;
    }

    /**
     * A view with these services.
     *
     * @param strays znodes under names that are no host names, and orders that cannot be read
     * @param instructions what the orders ask of this agent
     * @param held whether failures are not believed because nearly all backends are silent from this host
     */
    public static View of(
            Map<String, Service> services, List<Backend> strays, List<Instruction> instructions, boolean held) {
        return EMPTY.next(Table.copyOf(services), strays, instructions, held);
    }

    /** The view after this one; what follows from its services is worked out for those only that are others. */
    View next(Table<Service> after, List<Backend> nextStrays, List<Instruction> nextInstructions, boolean nextHeld) {
        Table.Edit<List<Backend>> nextRefused = refused.edit();
        Table.Edit<Integer> nextTargets = targets.edit();
        for (String name : after.changedSince(services)) {
            count(services.get(name), -1, nextTargets);
            count(after.get(name), 1, nextTargets);
            Service service = after.get(name);
            List<Backend> out = service == null ? List.of() : service.refused();
            if (out.isEmpty()) {
                nextRefused.remove(name);
            } else {
                nextRefused.put(name, out);
            }
        }
        return new View(
                after,
                nextRefused.done(),
                nextTargets.done(),
                List.copyOf(nextStrays),
                List.copyOf(nextInstructions),
                nextHeld);
    }

    private static void count(@Nullable Service service, int by, Table.Edit<Integer> targets) {
        if (service == null) {
            return;
        }
        service.candidates().stream().map(Candidate::target).distinct().forEach(target -> {
            Integer before = targets.get(target);
            int now = (before == null ? 0 : before) + by;
            if (now == 0) {
                targets.remove(target);
            } else {
                targets.put(target, now);
            }
        });
    }

    /** By name. */
    public Table<Service> services() {
        return services;
    }

    /** The addresses of those whose health is followed. */
    Table<Integer> targets() {
        return targets;
    }

    public List<Instruction> instructions() {
        return instructions;
    }

    /** Whether failures are not believed because nearly all backends are silent from this host. */
    public boolean held() {
        return held;
    }

    /** Nodes that were rejected: malformed or forbidden, and orders that cannot be read. */
    public List<Backend> refused() {
        List<Backend> all = new ArrayList<>(strays);
        refused.values().forEach(all::addAll);
        return all;
    }

    /** Those whose health is followed and that are reached at that address, under the service of that key in the maps. */
    public List<Candidate> candidates(String serviceKey, String target) {
        String name = serviceKey.startsWith("=") ? serviceKey.substring(1) : serviceKey;
        return service(name).stream()
                .flatMap(service -> service.candidates().stream())
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

    /** Whether that order is in force, and nobody is sent to the backend that it takes out. */
    public boolean isOut(OrderNode.Key order, String service, Target target) {
        boolean inForce = instructions.stream().anyMatch(each -> each.key().equals(order) && each.inForce());
        return inForce && !routes(service, target);
    }

    /** Whether that service's requests may go there, under whichever id. */
    public boolean routes(String service, Target target) {
        return service(service).stream()
                .flatMap(each -> each.routable().stream())
                .anyMatch(backend -> backend.target().equals(target));
    }
}
