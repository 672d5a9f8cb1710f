package io.rollcall.agent;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Health;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.view.Absentees;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.View;
import io.rollcall.agent.view.ViewBuilder;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.OrderNode;
import java.time.Instant;
import java.util.List;
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
    private volatile Set<String> held = Set.of();
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
        return held;
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
        health.follow(view.candidates(), false, !registryRead);
        registryRead |= read.isPresent();
        Set<String> heldNow = absentees.held();
        journal.accept(Happenings.between(before, held, view, heldNow, now));
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
        health.follow(view.candidates(), true, true);
        return view;
    }
}
