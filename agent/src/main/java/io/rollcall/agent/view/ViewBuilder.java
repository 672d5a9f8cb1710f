package io.rollcall.agent.view;

import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Paths;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges what the registry says and what health knows: from facts, policy and the names known before to the view.
 *
 * <p>The outcome depends on the arguments alone. What was built last is remembered only so that the work depends on what differs from
 * then: a service of which no node, order or condition differs is the same object in both views. The way of a service:
 * <pre>
 * nodes --Admission--> --Triage, before orders--> admitted --OrderBook--> --Triage, after orders--> Service
 * </pre>
 * Used by one thread.
 */
public final class ViewBuilder {
    /** A view and the names that it makes known. */
    public record Built(View view, KnownNames known) {}

    /** Looking at all names for those to forget takes time; one is forgotten this much later at most. */
    private static final Duration BETWEEN_SCANS = Duration.ofMinutes(1);

    private final Admission admission;
    private final Pattern publishNames;
    private final Duration forgetAfter;
    private final Settings health;

    // What the last view was made of, and on the way.
    private Roll roll = Roll.EMPTY;
    private Conditions conditions = Conditions.NONE;
    private Orders orders = Orders.NONE;
    private Set<OrderNode.Key> settled = Set.of();
    private KnownNames known = KnownNames.NONE;
    private final Map<String, Set<String>> written = new HashMap<>(); // by compared form: other spellings in the tree
    private final Map<String, List<Backend>> strays = new TreeMap<>(); // by name in the tree
    private Table<List<Backend>> admitted = Table.empty();
    private OrderBook book = OrderBook.EMPTY;
    private View view = View.EMPTY;
    private @Nullable Instant scanned;
    private boolean halfway; // a view was begun and, because something was thrown, not done

    public ViewBuilder(
            Paths paths, AddressPolicy addresses, Pattern publishNames, Duration forgetAfter, Settings health) {
        this.admission = new Admission(paths, addresses);
        this.publishNames = publishNames;
        this.forgetAfter = forgetAfter;
        this.health = health;
    }

    /**
     * The view of these facts.
     *
     * @param nextConditions how the backends are
     * @param nextSettled orders that this agent has said it will not go back on
     */
    public Built build(
            Facts facts, Conditions nextConditions, Set<OrderNode.Key> nextSettled, KnownNames before, Instant now) {
        if (halfway) {
            forget();
        }
        halfway = true;
        Set<String> names = changedNames(facts.roll());
        names.addAll(changedNames(nextConditions));
        roll = facts.roll();
        conditions = nextConditions;
        Triage triage = new Triage(health, conditions);
        admitted = admit(names, triage);
        names.addAll(changedNames(before, names, now));
        names.addAll(changedNames(facts.orders(), nextSettled, names));
        orders = facts.orders();
        settled = Set.copyOf(nextSettled);

        Table.Edit<Service> services = view.services().edit();
        for (String name : names) {
            List<Backend> backends = admitted.get(name);
            boolean isKnown = known.since().containsKey(name);
            if (backends == null && !isKnown) {
                services.remove(name);
                continue;
            }
            Service service = service(name, isKnown, backends == null ? List.of() : backends, triage);
            if (!service.equals(services.get(name))) {
                services.put(name, service);
            }
        }
        view = view.next(
                services.done(),
                allStrays(),
                book.instructions(),
                conditions.heldSince().isPresent());
        halfway = false;
        return new Built(view, known);
    }

    /** Goes on from nothing. */
    private void forget() {
        roll = Roll.EMPTY;
        conditions = Conditions.NONE;
        orders = Orders.NONE;
        settled = Set.of();
        known = KnownNames.NONE;
        written.clear();
        strays.clear();
        admitted = Table.empty();
        book = OrderBook.EMPTY;
        view = View.EMPTY;
        scanned = null;
    }

    private Service service(String name, boolean isKnown, List<Backend> backends, Triage triage) {
        Triage.Treated treated = triage.afterOrders(name, book.obeyed(name, backends));
        return new Service(name, publishNames.matcher(name).matches(), isKnown, treated.backends(), treated.wellness());
    }

    /** The services of which any node changed, in their compared form. */
    private Set<String> changedNames(Roll next) {
        Set<String> names = new LinkedHashSet<>(); // in the order in which the tables have them
        for (String service : next.services().changedSince(roll.services())) {
            NavigableMap<String, Node> nodes = next.services().get(service);
            Optional<String> name = HostNames.normal(service);
            if (name.isEmpty()) {
                strays.remove(service);
                if (nodes != null) {
                    strays.put(
                            service,
                            nodes.values().stream().map(admission::stray).toList());
                }
                continue;
            }
            names.add(name.get());
            if (!service.equals(name.get())) {
                spelled(name.get(), service, nodes != null);
            }
        }
        return names;
    }

    private void spelled(String name, String otherwise, boolean there) {
        Set<String> spellings = new TreeSet<>(written.getOrDefault(name, Set.of()));
        if (there) {
            spellings.add(otherwise);
        } else {
            spellings.remove(otherwise);
        }
        if (spellings.isEmpty()) {
            written.remove(name);
        } else {
            written.put(name, Set.copyOf(spellings));
        }
    }

    /** Those whose candidates are otherwise; all, if the same condition means something else now. */
    private Set<String> changedNames(Conditions next) {
        return next.meansTheSameAs(conditions)
                ? next.services().changedSince(conditions.services())
                : admitted.keySet();
    }

    private Table<List<Backend>> admit(Set<String> names, Triage triage) {
        Table.Edit<List<Backend>> edit = admitted.edit();
        for (String name : names) {
            List<Node> nodes = new ArrayList<>();
            Set<String> spellings = new TreeSet<>(written.getOrDefault(name, Set.of()));
            spellings.add(name);
            for (String spelling : spellings) {
                NavigableMap<String, Node> below = roll.services().get(spelling);
                nodes.addAll(below == null ? List.of() : below.values());
            }
            if (nodes.isEmpty()) {
                edit.remove(name);
            } else {
                edit.put(name, triage.beforeOrders(name, admission.judge(nodes)));
            }
        }
        return edit.done();
    }

    /** Names that became known or are no longer. The caller may have forgotten some: so what it knows is held against the last. */
    private Set<String> changedNames(KnownNames before, Set<String> changed, Instant now) {
        Set<String> names = new LinkedHashSet<>(changed);
        names.addAll(before.since().changedSince(known.since()));
        Set<String> present = new HashSet<>();
        for (String name : names) {
            if (admitted.getOrDefault(name, List.of()).stream().anyMatch(ViewBuilder::makesKnown)) {
                present.add(name);
            }
        }
        KnownNames next = before.update(names, present, now);
        if (isTimeToForget(now)) {
            next = next.forget(now, forgetAfter);
            scanned = now;
        }
        Set<String> different = next.since().changedSince(known.since());
        known = next;
        return different;
    }

    private boolean isTimeToForget(Instant now) {
        Duration pause = forgetAfter.compareTo(BETWEEN_SCANS) < 0 ? forgetAfter : BETWEEN_SCANS;
        return scanned == null || now.isBefore(scanned) || !now.isBefore(scanned.plus(pause));
    }

    /** Reads the orders anew if any of them, or of the services that they are about, changed; those are named then. */
    private Set<String> changedNames(Orders next, Set<OrderNode.Key> nextSettled, Set<String> changed) {
        boolean same = next.services().equals(orders.services()) && nextSettled.equals(settled);
        if (same && book.ordered().stream().noneMatch(changed::contains)) {
            return Set.of();
        }
        Set<String> names = new HashSet<>(book.ordered());
        book = OrderBook.of(next, admitted, nextSettled);
        names.addAll(book.ordered());
        return names;
    }

    private List<Backend> allStrays() {
        List<Backend> all = new ArrayList<>();
        strays.values().forEach(all::addAll);
        book.malformed().forEach(order -> all.add(admission.stray(order)));
        return all;
    }

    private static boolean makesKnown(Backend backend) {
        return !(backend.standing() instanceof Standing.Refused);
    }
}
