package io.rollcall.agent.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.HealthStatus;
import io.rollcall.agent.health.Verdict;
import io.rollcall.agent.traffic.TrafficReport;
import io.rollcall.agent.view.Patient;
import io.rollcall.agent.view.View;
import java.util.Locale;

/** What is known of health, as JSON; ages and remaining times in milliseconds. */
final class HealthReports {
    private static final long MILLI = 1_000_000L;

    private HealthReports() {}

    static void all(ObjectNode json, HealthStatus health, View view) {
        json.put("probing", health.probing())
                .put("followed", health.conditions().size())
                .put("probes", health.probes())
                .put("held", view.held())
                .put("absentees", health.held().size())
                .put("problem", health.problem());
    }

    /** How a backend is that would get requests if it is fit. */
    static void patient(ObjectNode own, Patient patient, HealthStatus health) {
        Condition condition = health.conditions().of(patient.candidate());
        own.put(
                "probe",
                patient.candidate().path().isEmpty()
                        ? "tcp"
                        : "GET " + patient.candidate().path());
        if (condition instanceof Condition.Fit fit) {
            own.put("condition", "fit").put("share", fit.share());
            fit.lately(health.nanos())
                    .ifPresent(out -> own.put("ejections", out.ejections())
                            .put("lastSource", word(out.failure().source()))
                            .put("lastError", out.failure().reason()));
        } else if (condition instanceof Condition.Fresh fresh) {
            own.put("condition", "new").put("error", fresh.trouble());
        } else if (condition instanceof Condition.Unfit unfit) {
            own.put("condition", "unfit")
                    .put("kind", word(unfit.failure().kind()))
                    .put("source", word(unfit.failure().source()))
                    .put("error", unfit.failure().reason())
                    .put("ejections", unfit.ejections())
                    .put("remainingMillis", Math.max(0, (unfit.until() - health.nanos()) / MILLI));
        }
        own.put("forMillis", Math.max(0, (health.nanos() - condition.since()) / MILLI));
        if (patient.verdict() instanceof Verdict.Send send && !send.despite().isEmpty()) {
            own.put("despite", send.despite());
        }
    }

    static void traffic(ObjectNode json, TrafficReport report) {
        ObjectNode own = json.putObject("traffic");
        own.put("perSecond", report.perSecond());
        for (int i = 0; i < report.classes().size(); i++) {
            own.put((i + 1) + "xx", report.classes().get(i));
        }
        own.put("tries", report.tries())
                .put("connectFailures", report.connectFailures())
                .put("gatewayErrors", report.gatewayErrors())
                .put("p50Micros", report.p50())
                .put("p99Micros", report.p99());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
