package io.rollcall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.report.Results.Subject;
import io.rollcall.bench.scenario.Departures;
import io.rollcall.bench.scenario.Quiet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path directory;

    private final Results results = new Results();

    private Report report() {
        List<Contender> contenders = Stream.of("static", "rollcall-maps")
                .map(name -> Contenders.named(name).orElseThrow())
                .toList();
        return new Report(results, contenders, Map.of("command", "apache/bench/run", "when", "today"));
    }

    private void rates(String contender, int names, int changes, double... values) {
        for (double value : values) {
            results.add(new Subject("routing", contender, names, changes, "requests/s"), value);
        }
    }

    @Test
    void a_rate_is_told_with_its_spread_and_of_the_reference() {
        rates("static", 10, 0, 20_000, 21_000, 19_000);
        rates("rollcall-maps", 10, 0, 19_000, 18_000, 22_000);
        rates("rollcall-maps", 10, 10, 15_000);

        assertThat(new Markdown(report()).text())
                .contains("| 20,000 (19,000–21,000) [1.00] | – | 0 | 0 | 0 | 0 |")
                .contains("| 19,000 (18,000–22,000) [0.95] | 15,000 [0.75] | 0 | 0 | 0 | 0 |")
                .contains("of its own at 1 name | at least 0.80 | – | not measured |");
    }

    @Test
    void a_ratio_of_figures_taken_side_by_side_is_formed_in_each_round() {
        for (double mood : new double[] {1, 2, 10}) { // of the machine
            sideBySide("static", 100 * mood);
            sideBySide("rollcall-maps", 97 * mood);
        }
        sideBySide("rollcall-hashed", 10); // its other rounds failed

        assertThat(new Markdown(report()).text())
                .contains(
                        "text map, declared workers, 1 name: requests/s, of static `ProxyPass` | at least 0.95 | 0.97 | yes |")
                .contains(
                        "hashed map, declared workers, 1 name: requests/s, of static `ProxyPass` | at least 0.95 | – |")
                .contains("| 194 (97–970) [0.97] |");
    }

    private void sideBySide(String contender, double value) {
        results.add(new Subject("side-by-side", contender, 10, 0, "requests/s"), value);
    }

    @Test
    void what_a_request_executes_beyond_the_reference_is_told_by_its_parts() {
        counted("static", "instructions", 70_000);
        counted("static", "instructions: maps", 0.5);
        counted("static", "instructions in libapr-1", 20_000);
        counted("static", "system calls: read", 3);
        counted("static", "system calls: writev", 2);
        counted("rollcall-maps", "instructions", 77_000);
        counted("rollcall-maps", "instructions: maps", 2_500);
        counted("rollcall-maps", "instructions: access log", 400);
        counted("rollcall-maps", "instructions in libapr-1", 21_000);
        counted("rollcall-maps", "instructions in mod_unique_id", 400);
        counted("rollcall-maps", "system calls: read", 3.1);
        counted("rollcall-maps", "system calls: writev", 2);
        counted("rollcall-maps", "system calls: newfstatat", 1);

        assertThat(new Markdown(report()).text())
                .contains("| Rollcall, maps, declared workers | 1 of 10 | 77,000 [1.10] | – |")
                .contains(
                        "| Rollcall, maps, declared workers | 1 of 10 | +0 | +0 | +2,500 | +0 | +0 | +0 | +0 | +400 | +0 |")
                .contains("| contender | names | libapr-1 |\n")
                .contains("| Rollcall, maps, declared workers | 1 of 10 | +1,000 |")
                .contains("| contender | names | newfstatat |\n")
                .contains("| Rollcall, maps, declared workers | 1 of 10 | 1 |");
    }

    private void counted(String contender, String metric, double value) {
        results.add(new Subject("instructions", contender, 10, 0, metric), value);
    }

    @Test
    void one_request_of_rollcalls_that_failed_is_told() {
        results.add(new Subject("routing", "rollcall-maps", 1000, 10, "failed"), 1);
        results.add(new Subject("routing", "static", 1000, 10, "failed"), 7);

        assertThat(new Markdown(report()).text())
                .contains("answered by the wrong backend, or cut) | at most 0 | 1 | **no**: [");
    }

    @Test
    void what_falls_short_is_told_with_where_one_sees_why() {
        sideBySide("static", 20_000);
        sideBySide("rollcall-maps", 10_000);
        counted("static", "instructions", 70_000);

        assertThat(new Markdown(report()).text())
                .contains(
                        "| at least 0.95 | 0.50 | **no**: [what httpd does for one request](#what-httpd-does-for-one-request) |")
                .contains("\n\n## What httpd does for one request\n\n");
    }

    @Test
    void threads_of_the_agent_are_told_by_what_they_used() {
        thread("snapshot by GC Thread", 2_000);
        thread("from snapshot ms by GC Thread", 1_800);
        thread("from snapshot ms by GC Thread, kernel", 120);
        thread("from snapshot ms by publisher", 2_500);
        thread("from snapshot ms by publisher, kernel", 0);
        thread("from snapshot ms by idler", 0);
        thread("from snapshot ms by idler, kernel", 0);

        assertThat(new Markdown(report()).text())
                .contains(
                        "| from `snapshot.json` alone, 100,000 names, ms | publisher 2,500 (0), GC Thread 1,800 (120) |");
    }

    private void thread(String metric, double value) {
        results.add(new Subject("start-up", "agent", 100_000, 0, metric), value);
    }

    @Test
    void a_cost_that_was_told_of_several_changes_at_once_is_marked() {
        for (String contender : List.of("static", "rollcall-maps")) {
            cost(contender, "server ms", 2);
            cost(contender, "updater ms", 3);
        }
        cost("static", "told/s", 2.5);
        cost("rollcall-maps", "told/s", 9.5);

        assertThat(new Markdown(report()).text())
                .contains("| static `ProxyPass` (reference) | 2 + 3 † |")
                .contains("| Rollcall, maps, declared workers | 2 + 3 |");
    }

    private void cost(String contender, String metric, double value) {
        results.add(new Subject("change-cost", contender, 1_000, 0, metric), value);
    }

    @Test
    void a_figure_of_one_round_has_no_spread() {
        for (double p99 : new double[] {0.5, 0.4, 0.7}) {
            results.add(new Subject("routing", "static", 10, 0, "p99 ms"), p99);
            results.add(new Subject("routing", "rollcall-maps", 10, 0, "p99 ms"), 2 * p99);
        }
        rates("static", 10, 0, 20_000);
        rates("rollcall-maps", 10, 0, 20_000);
        results.add(new Subject("memory", "rollcall-maps", 10, 0, "server MiB"), 14.6);
        results.add(new Subject("memory", "rollcall-maps", 10, 0, "agent MiB"), 94.8);
        results.add(new Subject("agent", "agent", 10, 0, "idle % of a core"), 0.4);

        assertThat(new Markdown(report()).text())
                .contains("| – | 0.50 (0.40–0.70) [1.00] |")
                .contains("| – | 1 (0.80–1.40) [2.00] |")
                .contains("| Rollcall, maps, declared workers | 14.6; agent 94.8 |")
                .contains("a probe a second each, % of a core | 0.40 |");
    }

    @Test
    void what_moves_and_what_is_probed_each_second_has_a_limit() {
        results.add(new Subject("agent", "agent", 1000, 0, "moves % of a core"), 61.6);
        results.add(new Subject("agent", "agent", 1000, 0, "idle % of a core"), 6);

        assertThat(new Markdown(report()).text())
                .contains("moves to another backend once a second: of a core | at most 50 % | 61.6 % | **no**: [")
                .contains("each is probed once a second: of a core | at most 0.50 % | 6 % | **no**: [");
    }

    @Test
    void a_request_that_is_lost_to_a_server_that_ended_is_told_and_those_that_must_be_do_not_count() {
        churn("asked", 150_000);
        churn("failed", 0);
        churn("wrong", 0);
        churn("cut", 1);
        churn("ended", 400);
        churn("at once: asked", 30_000);
        churn("at once: failed", 70);
        churn("at once: wrong", 5);
        churn("at once: cut", 0);

        assertThat(new Markdown(report()).text())
                .contains("2 s after they were left: requests lost (failed, wrong or cut) | at most 0 | 1 | **no**: [")
                .contains("| 150,000 | – | 400 | 0 | 0 | 1 | – | 75 of 30,000 |");
    }

    @Test
    void a_churn_that_lost_nothing_proves_something_only_where_others_lost_and_as_many_changes_were_made() {
        for (String contender : Departures.CONTENDERS) {
            boolean last = contender.equals("rollcall-resolver");
            churn(contender, "changes/s made", last ? 90 : 100);
            churn(contender, "at once: failed", last ? 0 : 3);
            churn(contender, "at once: wrong", 0);
            churn(contender, "at once: cut", last ? 0 : 4);
        }

        assertThat(new Markdown(report()).text())
                .contains("changes/s made, with each of three contenders | at least 95 | 90 | **no**: [")
                .contains("as a proof that losses are seen | at least 1 | 0 | **no**: [");
    }

    @Test
    void a_churn_of_which_a_contender_is_missing_is_not_measured() {
        churn("changes/s made", 100);

        assertThat(new Markdown(report()).text())
                .contains("changes/s made, with each of three contenders | at least 95 | – | not measured |");
    }

    private void churn(String metric, double value) {
        churn("rollcall-maps", metric, value);
    }

    private void churn(String contender, String metric, double value) {
        results.add(new Subject("churn", contender, 1000, 100, metric), value);
    }

    @Test
    void a_busy_machine_makes_the_report_rough() {
        results.add(Quiet.KEY, 80);

        assertThat(new Markdown(report()).text()).contains("**The machine was not quiet: these figures are rough.**");
    }

    @Test
    void so_does_a_hypervisor_that_gives_its_time_to_others() {
        results.add(Quiet.KEY, 0);
        results.add(Quiet.STOLEN, 6.25);

        assertThat(new Markdown(report()).text())
                .contains("**The machine was not quiet: these figures are rough.**")
                .contains("the hypervisor gave 6.25 % to other machines at the median");
    }

    @Test
    void a_report_that_is_made_anew_of_its_results_is_the_same() throws IOException {
        rates("static", 10, 0, 20_000.5);
        rates("rollcall-maps", 1000, 10, 1.25, 2.5);
        results.note("varnish is not measured");
        report().write(directory);
        String before = Files.readString(directory.resolve("README.md"));

        Report.of(directory.resolve("results.json")).write(directory.resolve("again"));

        assertThat(directory.resolve("again/README.md")).hasContent(before);
        assertThat(directory.resolve("again/results.json")).hasSameTextualContentAs(directory.resolve("results.json"));
    }

    @Test
    void plots_are_sound_xml_and_name_every_line() throws Exception {
        rates("static", 10, 0, 20_000);
        rates("static", 1000, 0, 20_000);
        rates("rollcall-maps", 10, 0, 19_000);
        report().write(directory);

        Path plot = directory.resolve("throughput-by-names.svg");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
        assertThat(plot).content().contains("static ProxyPass (reference)", "Rollcall, maps, declared workers");
    }
}
