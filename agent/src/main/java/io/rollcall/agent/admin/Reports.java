package io.rollcall.agent.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.agent.drain.OrderReport;
import io.rollcall.agent.logs.LogsStatus;
import io.rollcall.agent.traffic.DeclaredReport;
import io.rollcall.agent.traffic.Traffic;
import io.rollcall.agent.traffic.TrafficReport;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Instruction;
import io.rollcall.agent.view.Patient;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.View;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The agent's answers as JSON; times are ISO 8601, ages are in milliseconds. */
final class Reports {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Services in one answer: it is made in memory, and of 100,000 it would take all that the agent has. */
    private static final int MOST = 5000;

    private Reports() {}

    static ObjectNode status(AgentStatus status, Instant now) {
        ObjectNode json = JSON.createObjectNode();
        json.put("started", time(status.startedAt()));
        json.putObject("zookeeper")
                .put("connect", status.zookeeper())
                .put("state", status.connection().state())
                .put("since", time(status.connection().since()))
                .put("sweeps", status.watch().sweeps())
                .put(
                        "differences",
                        status.watch().differences() + status.orders().differences())
                .put("problem", status.watch().problem() + status.orders().problem());
        json.putObject("agent")
                .put("id", status.presence().id())
                .put("problem", status.presence().problem());
        json.put("view", status.source());
        ObjectNode maps = json.putObject("maps");
        maps.put("dir", status.mapsDir());
        maps.put("publications", status.publication().publications());
        maps.put("made", status.publication().made());
        age(maps, "changedMillisAgo", status.publication().changedAt(), now);
        age(maps, "ageMillis", status.publication().checkedAt(), now);
        maps.put("problem", status.publication().problem());
        status.requestLogs().ifPresent(logs -> json.set("requestLogs", requestLogs(logs)));
        workers(json.putObject("workers"), status);
        ArrayNode orders = json.putArray("orders");
        status.drains().forEach(report -> orders.add(order(report)));
        HealthReports.all(json.putObject("health"), status.health(), status.view());
        ArrayNode services = json.putArray("services");
        status.view().services().sorted().values().stream()
                .limit(MOST)
                .forEach(service -> services.add(service(service, status)));
        json.put("moreServices", Math.max(0, status.view().services().size() - MOST));
        ArrayNode refused = json.putArray("rejected");
        status.view().refused().stream()
                .limit(2 * MOST)
                .forEach(backend -> refused.add(backend(backend, Optional.empty(), status)));
        return json;
    }

    /** What is not known is left out. */
    private static void workers(ObjectNode json, AgentStatus status) {
        DeclaredReport report = status.declared();
        json.put("declared", report.written())
                .put("followed", status.requestLogs().isPresent());
        report.read().ifPresent(read -> json.put("read", read));
        if (!report.none()) {
            json.put("share", report.declared()).put("shareOfOthers", report.generic());
        }
    }

    private static ObjectNode requestLogs(LogsStatus logs) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode files = json.putArray("files");
        logs.files().forEach(files::add);
        return json.put("lines", logs.lines())
                .put("linesPerSecond", logs.linesPerSecond())
                .put("behindBytes", logs.behind())
                .put("gaps", logs.gaps())
                .put("open", logs.open())
                .put("problem", logs.problem());
    }

    /** The orders to backends of one service. */
    static ArrayNode orders(AgentStatus status, String service) {
        ArrayNode orders = JSON.createArrayNode();
        status.drains().stream()
                .filter(report -> report.instruction().node().service().equals(service))
                .forEach(report -> orders.add(order(report)));
        return orders;
    }

    private static ObjectNode order(OrderReport report) {
        Instruction instruction = report.instruction();
        ObjectNode json = JSON.createObjectNode();
        json.put("service", instruction.node().service());
        json.put("backend", instruction.node().id());
        json.put("action", instruction.order().action().word());
        json.put("incarnation", instruction.order().incarnation());
        json.put("by", instruction.order().by());
        json.put("at", instruction.order().at());
        json.put("stage", report.ack().stage().word());
        json.put("evidence", report.ack().evidence().word());
        json.put("open", report.ack().open());
        json.put("detail", report.ack().detail());
        json.put("since", report.ack().at());
        return json;
    }

    static ObjectNode service(Service service, AgentStatus status) {
        ObjectNode json = JSON.createObjectNode();
        json.put("name", service.name());
        json.put("known", service.known());
        json.put("answersToHost", service.hosted());
        json.put("routable", service.routable().size());
        json.put("panic", service.wellness().panic());
        json.put("published", status.publication().made());
        ArrayNode backends = json.putArray("backends");
        service.backends().forEach(backend -> {
            ObjectNode own = backend(backend, service.patient(backend), status);
            TrafficReport report = own.has("target")
                    ? status.traffic()
                            .get(new Traffic.Key(
                                    service.key(), own.path("target").asText()))
                    : null;
            if (report != null) {
                HealthReports.traffic(own, report);
            }
            backends.add(own);
        });
        return json;
    }

    /** A name that no backend has: with the names that end alike, since a missing {@code www.} is the usual slip. */
    static ObjectNode unknown(String name, View view) {
        ObjectNode json = JSON.createObjectNode();
        json.put("name", name);
        json.put("known", false);
        json.put("routable", 0);
        json.putArray("backends");
        ArrayNode similar = json.putArray("similar");
        String tail = name.substring(name.indexOf('.') + 1);
        view.services().sorted().keySet().stream()
                .filter(other -> other.endsWith(tail) || name.endsWith(other))
                .limit(5)
                .forEach(similar::add);
        return json;
    }

    private static ObjectNode backend(Backend backend, Optional<Patient> patient, AgentStatus status) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", backend.id());
        json.put("path", backend.path());
        backend.instance().ifPresent(instance -> {
            json.put("address", instance.address());
            json.put("port", instance.port());
            json.put("state", instance.state().word());
            json.put("weight", instance.weight());
            json.put("version", instance.version());
            json.put("zone", instance.zone());
        });
        Standing standing = backend.standing();
        if (standing instanceof Standing.Routable routable) {
            json.put("routable", true).put("target", routable.target().toString());
        } else if (standing instanceof Standing.Draining draining) {
            json.put("routable", false)
                    .put("draining", true)
                    .put("target", draining.target().toString());
            json.put("reason", draining.reason());
        } else if (standing instanceof Standing.Unwell unwell) {
            json.put("routable", false).put("target", unwell.target().toString());
            json.put("reason", unwell.reason());
        } else if (standing instanceof Standing.Aside aside) {
            json.put("routable", false).put("reason", aside.reason());
        } else if (standing instanceof Standing.Refused refused) {
            json.put("routable", false).put("rejected", true).put("reason", refused.reason());
        }
        if (status.health().held().contains(backend.path())) {
            json.put("absent", true);
        }
        patient.ifPresent(each -> HealthReports.patient(json.putObject("health"), each, status.health()));
        return json;
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static void age(ObjectNode json, String field, Optional<Instant> at, Instant now) {
        at.ifPresentOrElse(then -> json.put(field, Duration.between(then, now).toMillis()), () -> json.putNull(field));
    }
}
