package io.rollcall.deploy.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.deploy.stage.Place;
import io.rollcall.drain.Drain;
import io.rollcall.drain.Drains;
import io.rollcall.drain.Progress;
import io.rollcall.drain.RefusedException;
import io.rollcall.drain.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Hands a backend's requests over to another, and says when the first may be stopped. */
interface Hand {
    Duration PATIENCE = Duration.ofMinutes(2);
    int NO_ZOOKEEPER = 3;
    int TRIES = 3;

    /**
     * What came of it.
     *
     * @param quiet whether it was told that the backend may be stopped
     * @param exit status of the command; 0 or 1 where there was none
     * @param evidence what the answer rests on, each kind once
     * @param text all that was said
     * @param again how often it had to be asked again, because ZooKeeper was not reached in time
     */
    record Answer(boolean quiet, int exit, String evidence, String text, int again) {}

    Answer handover(String service, String from, String to) throws IOException, InterruptedException;

    /** From Java. */
    static Hand inJava(Drains drains) {
        return (service, from, to) -> {
            try {
                long begin = System.nanoTime();
                Queue<String> story = new ConcurrentLinkedQueue<>();
                Drain drain = drains.handover(service, from, to);
                drain.onProgress(progress -> story.add(String.format(
                        Locale.ROOT, "%n    %6.3f s  %s", (System.nanoTime() - begin) / 1e9, progress.verdict())));
                Answer answer = answer(drain.await(PATIENCE));
                return new Answer(
                        answer.quiet(), answer.exit(), answer.evidence(), answer.text() + String.join("", story), 0);
            } catch (RefusedException e) {
                return new Answer(false, 1, "", String.valueOf(e.getMessage()), 0);
            }
        };
    }

    static Answer answer(Progress progress) {
        TreeSet<String> evidence = new TreeSet<>();
        if (progress.verdict() instanceof Verdict.Quiet quiet) {
            quiet.proofs().forEach(proof -> evidence.add(proof.evidence().word()));
        }
        return new Answer(
                progress.isQuiet(),
                progress.isQuiet() ? 0 : 1,
                String.join(" and ", evidence),
                progress.verdict().toString(),
                0);
    }

    /** By the command, as a monitor that is a shell script does. */
    static Hand byCommand(Place place, String zookeeper) {
        return (service, from, to) -> {
            String[] words = {
                "handover", service, "--zookeeper", zookeeper, "--from", from, "--to", to, "--timeout", "2m", "--json"
            };
            Answer said = Command.run(place, words);
            int again = 0;
            while (said.exit() == NO_ZOOKEEPER && again < TRIES) { // as docs/rolling.sh does
                again++;
                said = Command.run(place, words);
            }
            String evidence = said.quiet() ? Command.evidence(said.text()) : "";
            return new Answer(said.quiet(), said.exit(), evidence, said.text(), again);
        };
    }

    /** The command of the distribution. */
    final class Command {
        private static final ObjectMapper JSON = new ObjectMapper();

        private Command() {}

        static Answer run(Place place, String... words) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>();
            command.add(place.distribution().resolve("bin/rollcall").toString());
            command.addAll(List.of(words));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return new Answer(process.exitValue() == 0, process.exitValue(), "", text, 0);
        }

        /** From what the command said with {@code --json}: its last line. */
        static String evidence(String text) throws IOException {
            TreeSet<String> evidence = new TreeSet<>();
            String json = text.strip();
            JsonNode root = JSON.readTree(json.substring(json.lastIndexOf('\n') + 1));
            for (JsonNode backend : root.path("backends")) {
                for (JsonNode agent : backend.path("agents")) {
                    evidence.add(agent.path("evidence").asText());
                }
            }
            return String.join(" and ", evidence);
        }
    }
}
