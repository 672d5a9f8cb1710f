package io.rollcall.agent;

import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Verdict;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.HostNames;
import io.rollcall.agent.view.Patient;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Node;
import io.rollcall.registry.Paths;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What happened between two views, for the journal: by service, and what led to something before that. */
final class Happenings {
    private final Instant now;
    private final List<Event> events = new ArrayList<>();

    private Happenings(Instant now) {
        this.now = now;
    }

    /** @param held nodes that are gone from the registry and are held from now on */
    static List<Event> between(View before, View after, List<Node> held, Instant now) {
        Happenings all = new Happenings(now);
        all.everywhere(before.held(), after.held());
        for (String name : new TreeSet<>(after.services().changedSince(before.services()))) {
            all.service(name, before.services().get(name), after.services().get(name));
        }
        held.forEach(node -> all.add(
                HostNames.normal(node.service()).orElse(node.service()),
                Paths.idOf(node.name()),
                "hold",
                "gone from the registry with many others; its probes pass"));
        return all.events;
    }

    private void everywhere(boolean wasHeld, boolean isHeld) {
        if (isHeld && !wasHeld) {
            add(Event.ALL, Event.ALL, "hold", "nearly all backends fell silent at once: it may be this host");
        } else if (wasHeld && !isHeld) {
            add(Event.ALL, Event.ALL, "release", "probes are believed again");
        }
    }

    private void service(String name, @Nullable Service then, @Nullable Service now) {
        Map<String, Known> old = byId(then);
        Map<String, Known> young = byId(now);
        Set<String> ids = new TreeSet<>(old.keySet());
        ids.addAll(young.keySet());
        for (String id : ids) {
            Known.between(old.get(id), young.get(id)).ifPresent(each -> add(name, id, each.what(), each.why()));
        }
        boolean panicked = then != null && then.wellness().panic();
        if (now != null && now.wellness().panic()) {
            if (!panicked) {
                add(name, Event.ALL, "panic", panic(now));
            }
        } else if (panicked) {
            add(name, Event.ALL, "calm", calm(now));
        }
    }

    private static String panic(Service service) {
        List<Patient> patients = patients(service);
        long sent = patients.stream()
                .filter(patient -> patient.verdict() instanceof Verdict.Send)
                .count();
        String last = patients.stream()
                .filter(patient -> patient.condition() instanceof Condition.Unfit)
                .max(Comparator.comparingLong(
                        (Patient patient) -> patient.condition().since()))
                .map(patient -> "; the last was " + patient.candidate().id() + ": "
                        + ((Condition.Unfit) patient.condition()).failure().reason())
                .orElse("");
        return "none of " + patients.size() + " is fit, so " + (sent == patients.size() ? "all get" : sent + " get")
                + " requests all the same" + last;
    }

    private static String calm(@Nullable Service service) {
        List<Patient> patients = service == null ? List.of() : patients(service);
        long fit = patients.stream()
                .filter(patient -> patient.condition() instanceof Condition.Fit)
                .count();
        return fit > 0
                ? fit + " of " + patients.size() + " fit"
                : patients.isEmpty() ? "nobody is left" : "nobody is known to be unfit";
    }

    private static List<Patient> patients(Service service) {
        return List.copyOf(service.wellness().patients().values());
    }

    private static Map<String, Known> byId(@Nullable Service service) {
        Map<String, Known> byId = new HashMap<>();
        if (service != null) {
            for (Backend backend : service.backends()) {
                Optional<Patient> patient = service.patient(backend);
                byId.merge(
                        backend.id(),
                        new Known(backend, patient),
                        (a, b) -> a.backend().czxid() > b.backend().czxid() ? a : b);
            }
        }
        return byId;
    }

    private void add(String service, String backend, String what, String why) {
        events.add(new Event(now, service, backend, what, why));
    }
}
