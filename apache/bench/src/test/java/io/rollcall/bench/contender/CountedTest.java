package io.rollcall.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountedTest {
    @TempDir
    Path directory;

    @Test
    void system_calls_are_read_with_and_without_errors() throws IOException {
        Path table = Files.writeString(directory.resolve("strace"), """
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 46.15    0.008640           3      2160       720 read
                  0.00    0.000000           0         7           newfstatat
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.018722           4      2167       720 total
                """);

        assertThat(Counted.SYSTEM_CALLS.read(table))
                .containsEntry("system calls", 2167.0)
                .containsEntry("system calls: read", 2160.0)
                .containsEntry("system calls: newfstatat", 7.0)
                .hasSize(3);
    }
}
