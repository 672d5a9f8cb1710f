package io.rollcall.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.report.Results.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results with what they were measured on: {@code results.json}, {@code README.md} and the plots.
 *
 * @param machine facts by their names
 */
public record Report(Results results, List<Contender> contenders, Map<String, String> machine) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads what an earlier run has written. */
    public static Report of(Path json) throws IOException {
        JsonNode root = JSON.readTree(json.toFile());
        Results results = new Results();
        for (JsonNode figure : root.path("figures")) {
            Subject key = new Subject(
                    figure.path("scenario").asText(),
                    figure.path("contender").asText(),
                    figure.path("names").asInt(),
                    figure.path("changes").asInt(),
                    figure.path("metric").asText());
            figure.path("values").forEach(value -> results.add(key, value.asDouble()));
        }
        root.path("notes").forEach(note -> results.note(note.asText()));
        Map<String, String> machine = new LinkedHashMap<>();
        root.path("machine")
                .properties()
                .forEach(fact -> machine.put(fact.getKey(), fact.getValue().asText()));
        List<Contender> contenders = new ArrayList<>();
        root.path("contenders").forEach(name -> Contenders.named(name.asText()).ifPresent(contenders::add));
        return new Report(results, contenders, machine);
    }

    /** The same, with how long the run has taken. */
    public Report took(Duration time) {
        Map<String, String> more = new LinkedHashMap<>(machine);
        more.put("took", time.toMinutes() + " minutes");
        return new Report(results, contenders, more);
    }

    /** Writes all of it into a directory, which is made if it is not there. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("results.json"), json());
        Files.writeString(directory.resolve("README.md"), new Markdown(this).text());
        for (Map.Entry<String, String> plot : new Plots(this).all().entrySet()) {
            Files.writeString(directory.resolve(plot.getKey()), plot.getValue());
        }
    }

    private String json() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode facts = root.putObject("machine");
        machine.forEach(facts::put);
        ArrayNode names = root.putArray("contenders");
        contenders.forEach(contender -> names.add(contender.name()));
        ArrayNode notes = root.putArray("notes");
        results.notes().forEach(notes::add);
        StringBuilder figures = new StringBuilder();
        for (Map.Entry<Subject, List<Double>> entry : results.all().entrySet()) {
            Subject key = entry.getKey();
            ObjectNode figure = JSON.createObjectNode()
                    .put("scenario", key.scenario())
                    .put("contender", key.contender())
                    .put("names", key.names())
                    .put("changes", key.changes())
                    .put("metric", key.metric());
            ArrayNode values = figure.putArray("values");
            entry.getValue().forEach(value -> values.add(Math.round(value * 1000) / 1000.0));
            figures.append(figures.isEmpty() ? "\n" : ",\n").append(figure);
        }
        // A figure a line, so that two runs can be compared by their text.
        String head = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        return head.substring(0, head.lastIndexOf('}')).stripTrailing() + ",\n  \"figures\" : [" + figures + "\n]\n}\n";
    }
}
