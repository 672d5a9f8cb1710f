package io.rollcall.agent;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Health;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.publish.FormerRoutes;
import io.rollcall.agent.table.Table;
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
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

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
    private final AgentConfig config;
    private Optional<View> last = Optional.empty();
    private View told = View.EMPTY; // what the journal knows of
    private Table<Node> toldHeld = Table.empty();
    private Conditions first = Conditions.NONE; // who was out, for as long as health has not begun
    private volatile Table<Node> held = Table.empty();
    private boolean registryRead;
    private boolean beginning = true; // nothing of the registry was told yet

    Judge(
            AgentConfig config,
            Health health,
            Optional<Facts> restored,
            Consumer<List<Event>> journal,
            LongSupplier clock) {
        this.config = config;
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
        Conditions conditions = conditions();
        Facts facts = read.map(all -> absentees.believe(all, before, conditions, clock.getAsLong()))
                .or(() -> restored)
                .orElse(Facts.NONE);
        ViewBuilder.Built built = builder.build(facts, conditions, settled, known, now);
        View view = built.view();
        follow(before, view, !registryRead);
        registryRead |= read.isPresent();
        Table<Node> holding = absentees.held();
        if (!added(held, holding).isEmpty()) {
            health.alarm(); // only its probes speak for one who is held
        }
        held = holding;
        last = Optional.of(view);
        return new Judged(facts, view, built.known());
    }

    /** Httpd has it. What it does not have has not happened, and is not told. */
    void published(View view) {
        boolean first =
                beginning && told.services().isEmpty() && !view.services().isEmpty();
        Instant now = Instant.now();
        journal.accept(first ? List.of(begun(view, now)) : Happenings.between(told, view, added(toldHeld, held), now));
        beginning &= !registryRead;
        told = view;
        toldHeld = held;
    }

    /** Of those of the snapshot the ones that had requests are fit until shown otherwise; the others were out, and are to pass a probe. */
    private View begin(Set<OrderNode.Key> settled, KnownNames known, Instant now) {
        if (restored.isEmpty()) {
            return View.EMPTY;
        }
        View all = builder.build(restored.get(), health.conditions(), settled, known, now)
                .view();
        absentees.restored(restored.get().roll());
        Optional<FormerRoutes> routes = FormerRoutes.read(config.mapsDir());
        Map<String, Set<Candidate>> trusted = new HashMap<>();
        Map<Candidate, Condition> out = new HashMap<>();
        all.services().forEach((name, service) -> {
            Set<Candidate> candidates = service.candidates();
            Set<Candidate> routed = candidates;
            if (routes.isPresent()) {
                FormerRoutes former = routes.get();
                routed = candidates.stream()
                        .filter(each -> former.have(service.key(), each.target()))
                        .collect(Collectors.toUnmodifiableSet());
            }
            trusted.put(name, routed);
            for (Candidate each : candidates) {
                if (!routed.contains(each)) {
                    out.put(each, new Condition.Fresh(clock.getAsLong(), ""));
                }
            }
        });
        health.follow(trusted, true, true);
        if (!out.isEmpty()) {
            follow(View.EMPTY, all, true);
        }
        if (config.health().probing() && config.health().firstRequired()) {
            first = Conditions.of(out, health.conditions().unknown(), OptionalLong.empty());
        }
        View view =
                builder.build(restored.get(), conditions(), settled, known, now).view();
        told = view;
        return view;
    }

    private Conditions conditions() {
        Conditions now = health.conditions();
        if (first.size() > 0 && now.size() == 0) {
            return first;
        }
        first = Conditions.NONE;
        return now;
    }

    /** One line, for there may be very many of them, and nothing happened to them. */
    private static Event begun(View view, Instant now) {
        long backends = view.services().values().stream()
                .mapToLong(service -> service.backends().size())
                .sum();
        String what = view.services().size() + " services with " + backends + " backends were there";
        return new Event(now, Event.ALL, Event.ALL, "start", what);
    }

    private void follow(View before, View view, boolean early) {
        Map<String, Set<Candidate>> changed = new HashMap<>();
        for (String name : view.services().changedSince(before.services())) {
            Service service = view.services().get(name);
            changed.put(name, service == null ? Set.of() : service.candidates());
        }
        health.follow(changed, false, early);
    }

    private static List<Node> added(Table<Node> before, Table<Node> now) {
        return now.changedSince(before).stream()
                .filter(path -> !before.containsKey(path))
                .flatMap(path -> Optional.ofNullable(now.get(path)).stream())
                .toList();
    }
}
