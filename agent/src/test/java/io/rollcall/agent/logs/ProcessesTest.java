package io.rollcall.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which processes are httpd's, and since when. */
class ProcessesTest {
    @TempDir
    Path proc;

    private void process(int pid, String name, char state, int parent, int uid, long start) throws IOException {
        Path directory = Files.createDirectory(proc.resolve(Integer.toString(pid)));
        Files.writeString(
                directory.resolve("stat"),
                pid + " (" + name + ") " + state + " " + parent + " 0".repeat(17) + " " + start + " 0 0\n");
        Files.writeString(directory.resolve("status"), "Name:\t" + name + "\nUid:\t0\t" + uid + "\t0\t0\n");
    }

    @Test
    void theChildrenServeAndTheParentDoesNot() throws IOException {
        process(10, "apache2", 'S', 1, 33, 100);
        process(11, "apache2", 'S', 10, 33, 200);
        process(12, "apache2", 'S', 10, 33, 300);
        process(13, "apache2", 'Z', 10, 33, 300);
        process(14, "apache2", 'S', 10, 48, 300);
        process(15, "java (apache2) x", 'S', 10, 33, 300);
        Files.createDirectory(proc.resolve("16"));
        assertThat(new Processes.Kernel(proc, OptionalInt.of(33), OptionalLong.empty()).serving())
                .isEqualTo(Map.of(11, 200L, 12, 300L));
        assertThat(new Processes.Kernel(proc, OptionalInt.empty(), OptionalLong.empty()).serving())
                .containsOnlyKeys(11, 12, 14);
        assertThat(new Processes.Kernel(proc.resolve("none"), OptionalInt.empty(), OptionalLong.of(10)).serving())
                .isEmpty();
    }

    @Test
    void theClockIsThatOfProcesses() throws IOException, InterruptedException {
        Processes processes = Processes.of(OptionalInt.empty(), OptionalLong.empty());
        long before = processes.ticks();
        Process process = new ProcessBuilder("sleep", "0").start();
        assertThat(process.waitFor()).isZero();
        assertThat(before).isPositive().isLessThanOrEqualTo(processes.ticks());
    }
}
