package io.rollcall.agent;

import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Condition.Fit;
import io.rollcall.agent.health.Condition.Fresh;
import io.rollcall.agent.health.Condition.Unfit;
import io.rollcall.agent.health.Verdict;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Patient;
import io.rollcall.agent.view.Standing;
import io.rollcall.registry.Instance;
import io.rollcall.registry.State;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one backend at one moment, and what happened to it between two.
 *
 * @param patient empty if its health does not count: it would get nothing even if it were fit
 */
record Known(Backend backend, Optional<Patient> patient) {
    /** For the journal: one word, and why; may be empty. */
    record Happening(String what, String why) {}

    /** At most one thing; null for one who is not there. */
    static Optional<Happening> between(@Nullable Known then, @Nullable Known now) {
        if (then == null && now != null) {
            return happened("join", now.where() + now.reason());
        }
        if (then != null && now == null) {
            return then.state() == State.LEFT
                    ? Optional.empty()
                    : happened("lost", "gone from the registry without having left");
        }
        return then == null || now == null ? Optional.empty() : now.since(then);
    }

    private Optional<Happening> since(Known then) {
        if (!then.backend.incarnation().equals(backend.incarnation())) {
            return happened("restart", where() + reason());
        }
        if (then.patient.isPresent() && patient.isPresent()) {
            return health(then.patient.get(), patient.get());
        }
        Standing was = then.backend.standing();
        Standing is = backend.standing();
        if (then.patient.isEmpty() && was.getClass() == is.getClass()) {
            return Optional.empty();
        }
        String why = reason().isEmpty() ? "" : reason().substring(2);
        if (state() == State.LEFT) {
            return happened("leave", "");
        }
        if (is instanceof Standing.Draining) {
            return happened("drain", why);
        }
        if (is instanceof Standing.Routable || is instanceof Standing.Unwell) {
            return happened(was instanceof Standing.Draining ? "undrain" : "up", why);
        }
        return happened("out", why);
    }

    /** By its condition first: whether it is sent to also depends on the others. */
    private static Optional<Happening> health(Patient then, Patient now) {
        Condition was = then.condition();
        Condition is = now.condition();
        if (is instanceof Fit) {
            boolean waited = was instanceof Fresh fresh
                    && (then.verdict() instanceof Verdict.Await
                            || !fresh.trouble().isEmpty());
            return was instanceof Unfit || waited
                    ? happened(waited ? "fit" : "return", "its probes pass")
                    : Optional.empty();
        }
        boolean news = is instanceof Unfit
                ? !(was instanceof Unfit)
                : is instanceof Fresh young
                        && !young.trouble().isEmpty()
                        && was instanceof Fresh old
                        && old.trouble().isEmpty();
        boolean moved = now.verdict().getClass() != then.verdict().getClass();
        if (now.verdict() instanceof Verdict.Eject eject) {
            return news || moved ? happened("eject", eject.reason()) : Optional.empty();
        }
        if (now.verdict() instanceof Verdict.Await waiting) {
            return news || moved ? happened("probe", waiting.reason()) : Optional.empty();
        }
        String despite = now.verdict() instanceof Verdict.Send send ? send.despite() : "";
        if (is instanceof Unfit) {
            return news || moved ? happened("unfit", "gets requests all the same: " + despite) : Optional.empty();
        }
        return news ? happened("probe", "gets requests all the same: " + despite) : Optional.empty();
    }

    private static Optional<Happening> happened(String what, String why) {
        return Optional.of(new Happening(what, why));
    }

    private State state() {
        return backend.instance().map(Instance::state).orElse(State.UP);
    }

    private String where() {
        return backend.instance()
                .map(instance -> instance.address() + " port " + instance.port())
                .orElse("");
    }

    private String reason() {
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
}
