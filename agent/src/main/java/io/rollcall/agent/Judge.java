package io.rollcall.agent;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Health;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.view.Absentees;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.View;
import io.rollcall.agent.view.ViewBuilder;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * From what the registry says to the view, with what this host knows of the backends' health; and tells health whom to follow. Used
 * by the publishing thread.
 */
final class Judge {
    private final ViewBuilder builder;
    private final Health health;
    private final Absentees absentees;
    private final Consumer<List<Event>> journal;
    private final LongSupplier clock;
    private final Optional<Facts> restored;
    private Optional<View> last = Optional.empty();
    private volatile Map<String, Node> held = Map.of();
    private boolean registryRead;

    Judge(
            AgentConfig config,
            Health health,
            Optional<Facts> restored,
            Consumer<List<Event>> journal,
            LongSupplier clock) {
        this.builder = new ViewBuilder(
                config.paths(), config.addresses(), config.publishNames(), config.forgetAfter(), config.health());
        this.health = health;
        this.absentees = new Absentees(config.paths(), config.health().probing());
        this.journal = journal;
        this.clock = clock;
        this.restored = restored;
    }

    /** The paths of those that are gone and held. Any thread may ask. */
    Set<String> held() {
        return held.keySet();
    }

    /** What is believed and the view of it. */
    record Judged(Facts facts, View view, KnownNames known) {}

    Judged judge(Optional<Facts> read, Set<OrderNode.Key> settled, KnownNames known, Instant now) {
        View before = last.orElseGet(() -> begin(settled, known, now));
        Conditions conditions = health.conditions();
        Facts facts = read.map(all -> absentees.believe(all, before, conditions, clock.getAsLong()))
                .or(() -> restored)
                .orElse(Facts.NONE);
        ViewBuilder.Built built = builder.build(facts, conditions, settled, known, now);
        View view = built.view();
        follow(before, view, false, !registryRead);
        registryRead |= read.isPresent();
        Map<String, Node> heldNow = absentees.held();
        journal.accept(Happenings.between(before, view, added(held, heldNow), now));
        held = heldNow;
        last = Optional.of(view);
        return new Judged(facts, view, built.known());
    }

    /** Those of the snapshot had requests before, and are fit until shown otherwise. */
    private View begin(Set<OrderNode.Key> settled, KnownNames known, Instant now) {
        if (restored.isEmpty()) {
            return View.EMPTY;
        }
        View view = builder.build(restored.get(), health.conditions(), settled, known, now)
                .view();
        absentees.restored(restored.get().roll());
        follow(View.EMPTY, view, true, true);
        return view;
    }

    private void follow(View before, View view, boolean trusted, boolean early) {
        Map<String, Set<Candidate>> changed = new HashMap<>();
        for (String name : view.services().changedSince(before.services())) {
            Service service = view.services().get(name);
            changed.put(name, service == null ? Set.of() : service.candidates());
        }
        health.follow(changed, trusted, early);
    }

    private static List<Node> added(Map<String, Node> before, Map<String, Node> now) {
        return now.entrySet().stream()
                .filter(each -> !before.containsKey(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
