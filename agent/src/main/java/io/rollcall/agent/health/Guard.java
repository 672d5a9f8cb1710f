package io.rollcall.agent.health;

import io.rollcall.agent.health.Condition.Fit;
import io.rollcall.agent.health.Condition.Fresh;
import io.rollcall.agent.health.Condition.Unfit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether to act on what is known of a service's candidates; a pure function, so that nothing that it held back is lost.
 *
 * <ul>
 *   <li>Nobody is fit: all get requests who may serve them; if their connections are refused everywhere, all. A wrong judgement
 *       then costs nothing that was not lost already.
 *   <li>Somebody is: those whose connections are refused are out, whatever their number; those with other failures only up to a
 *       share of the service, the longest unfit first; new ones wait for their first probe.
 * </ul>
 */
public final class Guard {
    private Guard() {}

    /**
     * Judges the candidates of one service.
     *
     * @param most per cent of them that other than HARD failures may take out
     */
    public static Ruling rule(Collection<Candidate> service, Conditions conditions, int most) {
        Map<Candidate, Verdict> verdicts = new HashMap<>();
        List<Candidate> others = new ArrayList<>();
        List<Candidate> hard = new ArrayList<>();
        int fit = 0;
        int fresh = 0;
        for (Candidate candidate : service) {
            Condition condition = conditions.of(candidate);
            if (condition instanceof Fit well) {
                fit++;
                verdicts.put(candidate, new Verdict.Send(well.share(), ""));
            } else if (condition instanceof Fresh young) {
                fresh++;
                verdicts.put(candidate, new Verdict.Await(awaiting(young)));
            } else if (condition instanceof Unfit unfit) {
                if (conditions.disbelieved(unfit)) {
                    fit++;
                    verdicts.put(
                            candidate,
                            new Verdict.Send(
                                    Fit.FULL,
                                    "held: nearly all backends are silent from here; "
                                            + unfit.failure().reason()));
                } else {
                    (unfit.failure().isHard() ? hard : others).add(candidate);
                }
            }
        }
        if (fit == 0) {
            return openToAll(service, conditions);
        }
        hard.forEach(candidate -> verdicts.put(candidate, new Verdict.Eject(reason(candidate, conditions))));
        int room = Math.max(0, (service.size() - fresh) * most / 100 - hard.size());
        others.sort(Comparator.comparingLong(
                        (Candidate candidate) -> conditions.of(candidate).since())
                .thenComparing(Candidate::id));
        for (int i = 0; i < others.size(); i++) {
            String reason = reason(others.get(i), conditions);
            verdicts.put(
                    others.get(i),
                    i < room
                            ? new Verdict.Eject(reason)
                            : new Verdict.Send(
                                    Fit.FULL, "no more than " + most + " % are ejected (eject.max); " + reason));
        }
        return new Ruling(verdicts, false);
    }

    private static Ruling openToAll(Collection<Candidate> service, Conditions conditions) {
        boolean some = service.stream().anyMatch(candidate -> mayServe(conditions.of(candidate)));
        Map<Candidate, Verdict> verdicts = new HashMap<>();
        boolean panic = false;
        for (Candidate candidate : service) {
            Condition condition = conditions.of(candidate);
            panic |= condition instanceof Unfit;
            String why = condition instanceof Fresh young ? awaiting(young) : reason(candidate, conditions);
            if (!some || mayServe(condition)) {
                verdicts.put(candidate, new Verdict.Send(Fit.FULL, "nobody is fit; " + why));
            } else {
                verdicts.put(candidate, condition instanceof Fresh ? new Verdict.Await(why) : new Verdict.Eject(why));
            }
        }
        return new Ruling(verdicts, panic);
    }

    /** It served before and accepts connections, for all that is known; or nobody has tried it yet. */
    private static boolean mayServe(Condition condition) {
        return condition instanceof Unfit unfit
                ? !unfit.failure().isHard()
                : condition instanceof Fresh fresh && fresh.trouble().isEmpty();
    }

    private static String awaiting(Fresh fresh) {
        return "not passed a probe yet" + (fresh.trouble().isEmpty() ? "" : ": " + fresh.trouble());
    }

    private static String reason(Candidate candidate, Conditions conditions) {
        return conditions.of(candidate) instanceof Unfit unfit ? unfit.failure().reason() : "";
    }
}
