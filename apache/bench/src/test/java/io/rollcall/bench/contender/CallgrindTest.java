package io.rollcall.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallgrindTest {
    private static final String RUN = """
            version: 1
            events: Ir
            summary: 151

            ob=(1) /usr/sbin/apache2
            fl=(1) ???
            fn=(1) ap_process_request_internal
            0 10
            cob=(2) /usr/lib/apache2/modules/mod_rewrite.so
            cfi=(1)
            cfn=(2) 0x0000000000008840
            calls=3 0
            +5 141

            ob=(2)
            fn=(2)
            0 20
            cfn=(3) 0x0000000000008840'2
            calls=1 0
            0 71
            cob=(3) /usr/lib/x86_64-linux-gnu/libapr-1.so.0.7.2
            cfn=(4) apr_stat
            calls=1 0
            0 50

            fn=(3)
            0 21
            cob=(3)
            cfn=(4)
            calls=1 0
            0 50

            ob=(3)
            fn=(4)
            -3 60
            * 40
            """;

    @TempDir
    Path directory;

    private Callgrind run(String text) throws IOException {
        return Callgrind.read(Files.writeString(directory.resolve("callgrind.out"), text));
    }

    @Test
    void an_object_file_has_the_instructions_of_its_functions_without_what_they_call() throws IOException {
        Callgrind run = run(RUN);

        assertThat(run.own())
                .containsEntry("apache2", 10L)
                .containsEntry("mod_rewrite", 41L)
                .containsEntry("libapr-1", 100L);
        assertThat(run.total()).isEqualTo(151);
    }

    @Test
    void a_function_has_what_all_that_call_it_gave_it() throws IOException {
        assertThat(run(RUN).of("apr_stat")).isEqualTo(100);
        assertThat(run(RUN).from("mod_rewrite", Pattern.compile("apr_.*"))).isEqualTo(100);
        assertThat(run(RUN).from("apache2", Pattern.compile("apr_.*"))).isZero();
    }

    @Test
    void what_a_function_calls_of_itself_does_not_count_twice() throws IOException {
        assertThat(run(RUN).of("0x0000000000008840")).isEqualTo(141);
    }

    @Test
    void an_httpd_whose_functions_have_no_names_has_no_profile() throws IOException {
        assertThat(Spent.told(run(RUN))).isFalse();
    }

    @Test
    void a_file_without_a_count_is_a_failure() {
        assertThatThrownBy(() -> run("version: 1\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no count");
    }
}
