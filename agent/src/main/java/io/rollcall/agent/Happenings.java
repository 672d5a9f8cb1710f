package io.rollcall.agent;

import io.rollcall.agent.health.Verdict;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.HostNames;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Node;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What happened between two views, for the journal. */
final class Happenings {
    private record Known(Backend backend, boolean ejected) {}

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
            add(Event.ALL, Event.ALL, "hold", "most backends fell silent at once: it may be this host");
        } else if (wasHeld && !isHeld) {
            add(Event.ALL, Event.ALL, "release", "probes are believed again");
        }
    }

    private void service(String name, @Nullable Service then, @Nullable Service now) {
        boolean panicked = then != null && then.wellness().panic();
        boolean panics = now != null && now.wellness().panic();
        if (panics && !panicked) {
            add(name, Event.ALL, "panic", "nobody is fit: all get requests");
        }
        Map<String, Known> old = byId(then);
        Map<String, Known> young = byId(now);
        Set<String> ids = new TreeSet<>(old.keySet());
        ids.addAll(young.keySet());
        ids.forEach(id -> backend(name, id, old.get(id), young.get(id), panics || panicked));
        if (panicked && !panics) {
            add(name, Event.ALL, "calm", "somebody is fit");
        }
    }

    private void backend(String name, String id, @Nullable Known old, @Nullable Known young, boolean panic) {
        if (old == null && young != null) {
            add(name, id, "join", where(young.backend()) + reason(young.backend()));
        } else if (old != null && young == null) {
            if (state(old.backend()) != State.LEFT) {
                add(name, id, "lost", "gone from the registry without having left");
            }
        } else if (old != null && young != null) {
            changed(name, id, old, young, panic);
        }
    }

    private void changed(String name, String id, Known then, Known now, boolean panic) {
        Backend old = then.backend();
        Backend young = now.backend();
        if (!old.incarnation().equals(young.incarnation())) {
            add(name, id, "restart", where(young) + reason(young));
            return;
        }
        Standing was = old.standing();
        Standing is = young.standing();
        if (was.getClass() == is.getClass()) {
            if (now.ejected() && !then.ejected() && is instanceof Standing.Unwell unwell) {
                add(name, id, "eject", unwell.reason());
            }
        } else if (state(young) == State.LEFT) {
            add(name, id, "leave", "");
        } else if (is instanceof Standing.Unwell unwell) {
            add(name, id, now.ejected() ? "eject" : "probe", unwell.reason());
        } else if (is instanceof Standing.Draining draining) {
            add(name, id, "drain", draining.reason());
        } else if (was instanceof Standing.Draining && is instanceof Standing.Routable) {
            add(name, id, "undrain", "");
        } else if (was instanceof Standing.Unwell && is instanceof Standing.Routable && !panic) {
            add(name, id, then.ejected() ? "return" : "fit", "its probes pass");
        } else if (!panic) {
            add(
                    name,
                    id,
                    is instanceof Standing.Routable ? "up" : "out",
                    reason(young).strip());
        }
    }

    private static Map<String, Known> byId(@Nullable Service service) {
        Map<String, Known> byId = new HashMap<>();
        if (service != null) {
            service.backends()
                    .forEach(backend -> byId.merge(
                            backend.id(),
                            new Known(
                                    backend,
                                    service.patient(backend)
                                            .filter(patient -> patient.verdict() instanceof Verdict.Eject)
                                            .isPresent()),
                            (a, b) -> a.backend().czxid() > b.backend().czxid() ? a : b));
        }
        return byId;
    }

    private static State state(Backend backend) {
        return backend.instance().map(Instance::state).orElse(State.UP);
    }

    private static String where(Backend backend) {
        return backend.instance()
                .map(instance -> instance.address() + " port " + instance.port())
                .orElse("");
    }

    private static String reason(Backend backend) {
        Standing standing = backend.standing();
        String reason = standing instanceof Standing.Unwell unwell
                ? unwell.reason()
                : standing instanceof Standing.Draining draining
                        ? draining.reason()
                        : standing instanceof Standing.Aside aside
                                ? aside.reason()
                                : standing instanceof Standing.Refused refused ? "rejected: " + refused.reason() : "";
        return reason.isEmpty() ? "" : ", " + reason;
    }

    private void add(String service, String backend, String what, String why) {
        events.add(new Event(now, service, backend, what, why));
    }
}
