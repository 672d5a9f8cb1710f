package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Guard;
import io.rollcall.agent.health.Ruling;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.health.Verdict;
import io.rollcall.registry.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Takes backends that are not fit out of a view. Once before the orders are obeyed, so that none names a successor that gets no
 * requests; and once more after, because whom an order takes out no longer spares the others. The second time only adds.
 */
final class Triage {
    private static final int WHOLE = 100;

    /** A service's backends with what health did to them. */
    record Treated(List<Backend> backends, Wellness wellness) {}

    private final Settings settings;
    private final Conditions conditions;

    Triage(Settings settings, Conditions conditions) {
        this.settings = settings;
        this.conditions = conditions;
    }

    List<Backend> beforeOrders(String service, List<Backend> backends) {
        if (!settings.probing()) {
            return backends;
        }
        Map<Candidate, Verdict> verdicts = rule(service, backends).verdicts();
        return backends.stream()
                .map(backend -> candidate(service, backend)
                        .map(verdicts::get)
                        .flatMap(Triage::against)
                        .map(reason -> backend.with(out(backend.standing(), reason)))
                        .orElse(backend))
                .toList();
    }

    Treated afterOrders(String service, List<Backend> obeyed) {
        if (!settings.probing()) {
            return new Treated(obeyed, Wellness.NONE);
        }
        Ruling ruling = rule(service, obeyed);
        Map<String, Patient> patients = new HashMap<>();
        Map<Backend, Integer> shares = new HashMap<>(); // of those that start slowly
        List<Backend> result = new ArrayList<>();
        for (Backend backend : obeyed) {
            Optional<Candidate> candidate = candidate(service, backend);
            if (candidate.isEmpty()) {
                result.add(backend);
                continue;
            }
            Verdict verdict = Objects.requireNonNull(ruling.verdicts().get(candidate.get()));
            patients.put(backend.path(), new Patient(candidate.get(), conditions.of(candidate.get()), verdict));
            Backend next = backend;
            if (verdict instanceof Verdict.Send send) {
                next = backend.with(in(backend.standing()));
                if (send.share() < WHOLE) {
                    shares.put(next, send.share());
                }
            }
            result.add(next);
        }
        return new Treated(
                shares.isEmpty()
                        ? result
                        : result.stream().map(each -> weighted(each, shares)).toList(),
                new Wellness(patients, ruling.panic()));
    }

    private Ruling rule(String service, List<Backend> backends) {
        Set<Candidate> candidates = new HashSet<>();
        backends.forEach(backend -> candidate(service, backend).ifPresent(candidates::add));
        return Guard.rule(candidates, conditions, settings.eject().most());
    }

    private Optional<Candidate> candidate(String service, Backend backend) {
        Optional<Target> target = backend.standing() instanceof Standing.Routable routable
                ? Optional.of(routable.target())
                : backend.standing() instanceof Standing.Unwell unwell
                        ? Optional.of(unwell.target())
                        : Optional.empty();
        String path = backend.instance()
                .map(Instance::probe)
                .filter(own -> !own.isEmpty())
                .orElseGet(() -> settings.paths().getOrDefault(service, ""));
        return target.map(
                to -> new Candidate(service, backend.id(), backend.incarnation(), to.host(), to.port(), path));
    }

    private static Optional<String> against(Verdict verdict) {
        if (verdict instanceof Verdict.Await waiting) {
            return Optional.of(waiting.reason());
        }
        return verdict instanceof Verdict.Eject eject ? Optional.of("ejected: " + eject.reason()) : Optional.empty();
    }

    private static Standing out(Standing standing, String reason) {
        return standing instanceof Standing.Routable routable
                ? new Standing.Unwell(routable.target(), routable.weight(), reason)
                : standing;
    }

    private static Standing in(Standing standing) {
        return standing instanceof Standing.Unwell unwell
                ? new Standing.Routable(unwell.target(), unwell.weight())
                : standing;
    }

    /** Where one starts slowly the weights of all are told in hundredths. */
    private static Backend weighted(Backend backend, Map<Backend, Integer> shares) {
        return backend.standing() instanceof Standing.Routable routable
                ? backend.with(new Standing.Routable(
                        routable.target(), routable.weight() * shares.getOrDefault(backend, WHOLE)))
                : backend;
    }
}
