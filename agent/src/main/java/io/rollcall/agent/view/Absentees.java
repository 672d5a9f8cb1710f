package io.rollcall.agent.view;

import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Paths;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Backends that are gone from the registry without having left. One alone goes at once: its session ended. When many go within
 * seconds it is rather the registry that lost them: an ensemble that comes back from an outage ends old sessions when all seems
 * well again, and somebody may have wiped the tree. Then each stays for as long as its probes pass and nobody else has its id, but
 * never for good. Used by one thread.
 */
public final class Absentees {
    private static final long WINDOW = 5_000_000_000L;
    private static final int MANY = 3;

    private final Paths paths;
    private final boolean probing;
    private final Deque<Absentee> recent = new ArrayDeque<>();
    private final Held held;
    private Optional<Roll> before = Optional.empty();

    /** Holds nobody where nothing is probed: there is nothing that speaks for them. */
    public Absentees(Paths paths, boolean probing) {
        this.paths = paths;
        this.probing = probing;
        this.held = new Held(paths);
    }

    /** What was last known of the roll, before the registry was read. */
    public void restored(Roll roll) {
        before = Optional.of(roll);
    }

    /** Those that are held, by path. */
    public Table<Node> held() {
        return held.nodes();
    }

    /**
     * What is to be believed.
     *
     * @param read what the registry says now
     * @param last the view of what was believed the last time
     */
    public Facts believe(Facts read, View last, Conditions conditions, long now) {
        Roll roll = read.roll();
        if (!probing) {
            return read;
        }
        recent.removeIf(each -> now - each.lostAt() > WINDOW || each.isBack(roll));
        held.review(roll, conditions, now);
        before.ifPresent(old -> recent.addAll(lost(old, roll, last, now)));
        before = Optional.of(roll);
        if (many(last)) {
            recent.stream().filter(each -> !each.isDead(conditions)).forEach(held::add);
            recent.clear();
        }
        Roll believed = held.with(roll);
        return held.nodes().isEmpty() ? read : new Facts(believed, read.orders());
    }

    private List<Absentee> lost(Roll old, Roll roll, View last, long now) {
        List<Absentee> lost = new ArrayList<>();
        for (String service : roll.services().changedSince(old.services())) {
            for (Node node :
                    old.services().getOrDefault(service, new TreeMap<>()).values()) {
                Optional<Patient> patient = last.service(service)
                        .map(each -> each.wellness().patients().get(path(node)));
                if (patient.isPresent() && node(roll, node).isEmpty()) {
                    Absentee absentee = new Absentee(node, patient.get().candidate(), now);
                    if (!absentee.isBack(roll)) {
                        lost.add(absentee);
                    }
                }
            }
        }
        return lost;
    }

    /** At least three, and a third of all; or everybody, if that is more than one. */
    private boolean many(View last) {
        Set<String> gone =
                recent.stream().map(each -> each.candidate().target()).collect(Collectors.toSet());
        long all = last.targets().size()
                + gone.stream()
                        .filter(target -> !last.targets().containsKey(target))
                        .count();
        boolean part = gone.size() >= MANY && 3L * gone.size() >= all;
        boolean whole = gone.size() > 1 && gone.size() == all;
        return part || whole;
    }

    private static Optional<Node> node(Roll roll, Node node) {
        return Optional.ofNullable(roll.services().get(node.service())).map(service -> service.get(node.name()));
    }

    private String path(Node node) {
        return paths.node(node.service(), node.name());
    }
}
