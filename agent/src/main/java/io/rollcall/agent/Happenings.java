package io.rollcall.agent;

import io.rollcall.agent.health.Verdict;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Patient;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.View;
import io.rollcall.registry.Instance;
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
    private final View before;
    private final View after;
    private final Instant now;
    private final List<Event> events = new ArrayList<>();

    private Happenings(View before, View after, Instant now) {
        this.before = before;
        this.after = after;
        this.now = now;
    }

    /** Those that lack a node in the registry and are held all the same are given by their paths. */
    static List<Event> between(View before, Set<String> heldBefore, View after, Set<String> heldAfter, Instant now) {
        Happenings all = new Happenings(before, after, now);
        all.everywhere();
        Set<String> names = new TreeSet<>(before.services().keySet());
        names.addAll(after.services().keySet());
        names.forEach(name -> all.service(name, heldBefore, heldAfter));
        return all.events;
    }

    private void everywhere() {
        if (after.wellness().held() != before.wellness().held()) {
            if (after.wellness().held()) {
                add(Event.ALL, Event.ALL, "hold", "most backends fell silent at once: it may be this host");
            } else {
                add(Event.ALL, Event.ALL, "release", "probes are believed again");
            }
        }
    }

    private void service(String name, Set<String> heldBefore, Set<String> heldAfter) {
        Service then = before.services().get(name);
        Service now = after.services().get(name);
        boolean panicked = before.wellness().panics().contains(name);
        boolean panics = after.wellness().panics().contains(name);
        if (panics && !panicked) {
            add(name, Event.ALL, "panic", "nobody is fit: all get requests");
        }
        if (then == null || !then.equals(now)) {
            Map<String, Backend> old = byId(then);
            Map<String, Backend> young = byId(now);
            Set<String> ids = new TreeSet<>(old.keySet());
            ids.addAll(young.keySet());
            ids.forEach(id -> backend(name, id, old.get(id), young.get(id), panics || panicked));
            young.forEach((id, backend) -> {
                if (heldAfter.contains(backend.path()) && !heldBefore.contains(backend.path())) {
                    add(name, id, "hold", "gone from the registry with many others; its probes pass");
                }
            });
        } else {
            byId(now).forEach((id, backend) -> {
                if (heldAfter.contains(backend.path()) && !heldBefore.contains(backend.path())) {
                    add(name, id, "hold", "gone from the registry with many others; its probes pass");
                }
            });
        }
        if (panicked && !panics) {
            add(name, Event.ALL, "calm", "somebody is fit");
        }
    }

    private void backend(String name, String id, @Nullable Backend old, @Nullable Backend young, boolean panic) {
        if (old == null && young != null) {
            add(name, id, "join", where(young) + reason(young));
        } else if (old != null && young == null) {
            if (state(old) != State.LEFT) {
                add(name, id, "lost", "gone from the registry without having left");
            }
        } else if (old != null && young != null) {
            changed(name, id, old, young, panic);
        }
    }

    private void changed(String name, String id, Backend old, Backend young, boolean panic) {
        if (!old.incarnation().equals(young.incarnation())) {
            add(name, id, "restart", where(young) + reason(young));
            return;
        }
        Standing was = old.standing();
        Standing is = young.standing();
        if (was.getClass() == is.getClass()) {
            if (ejected(after, young) && !ejected(before, old) && is instanceof Standing.Unwell unwell) {
                add(name, id, "eject", unwell.reason());
            }
        } else if (state(young) == State.LEFT) {
            add(name, id, "leave", "");
        } else if (is instanceof Standing.Unwell unwell) {
            add(name, id, ejected(after, young) ? "eject" : "probe", unwell.reason());
        } else if (is instanceof Standing.Draining draining) {
            add(name, id, "drain", draining.reason());
        } else if (was instanceof Standing.Draining && is instanceof Standing.Routable) {
            add(name, id, "undrain", "");
        } else if (was instanceof Standing.Unwell && is instanceof Standing.Routable && !panic) {
            add(name, id, ejected(before, old) ? "return" : "fit", "its probes pass");
        } else if (!panic) {
            add(
                    name,
                    id,
                    is instanceof Standing.Routable ? "up" : "out",
                    reason(young).strip());
        }
    }

    private static boolean ejected(View view, Backend backend) {
        Patient patient = view.wellness().patients().get(backend.path());
        return patient != null && patient.verdict() instanceof Verdict.Eject;
    }

    private static Map<String, Backend> byId(@Nullable Service service) {
        Map<String, Backend> byId = new HashMap<>();
        if (service != null) {
            service.backends()
                    .forEach(backend -> byId.merge(backend.id(), backend, (a, b) -> a.czxid() > b.czxid() ? a : b));
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
