package io.rollcall.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.deploy.stage.RequestLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend is killed at 100 and gone at 110, on both clocks; the new name appeared at 50. */
class VerdictTest {
    private static final String VICTIM = "127.0.0.1:4001";
    private static final String OTHER = "127.0.0.1:4002";
    private static final Verdict VERDICT =
            new Verdict(new Verdict.Kill(VICTIM, 100, 110, 100, 110), "news.example.com", 50);

    @Test
    void a_failure_under_way_while_the_process_died_is_explained() {
        Verdict.Counts counts = judge(failure("shop.example.com", 98, 105, 502), logged(98, 105, 502, VICTIM));

        assertThat(counts.inFlight()).isEqualTo(1);
        assertThat(counts.clientFailures()).isEmpty();
        assertThat(counts.logFailures()).isEmpty();
    }

    @Test
    void a_failure_that_began_after_the_process_was_gone_is_not() {
        Verdict.Counts counts = judge(failure("shop.example.com", 111, 115, 503), logged(111, 115, 503, VICTIM));

        assertThat(counts.inFlight()).isZero();
        assertThat(counts.clientFailures()).hasSize(1);
        assertThat(counts.logFailures()).hasSize(1);
    }

    @Test
    void a_failure_at_another_backend_is_not_even_while_the_process_died() {
        Verdict.Counts counts = judge(failure("shop.example.com", 98, 105, 502), logged(98, 105, 502, OTHER));

        assertThat(counts.inFlight()).isZero();
        assertThat(counts.logFailures()).hasSize(1);
    }

    @Test
    void a_failure_that_only_httpd_saw_counts() {
        Verdict.Counts counts = VERDICT.judge(List.of(), List.of(logged(20, 25, 502, VICTIM)));

        assertThat(counts.logFailures()).hasSize(1);
    }

    @Test
    void a_404_is_expected_until_the_new_name_was_first_answered() {
        assertThat(judge(failure("news.example.com", 20, 30, 404), logged(20, 30, 404, "-"))
                        .clientFailures())
                .isEmpty();
        assertThat(judge(failure("news.example.com", 51, 55, 404), logged(51, 55, 404, "-"))
                        .clientFailures())
                .hasSize(1);
        assertThat(judge(failure("shop.example.com", 20, 30, 404), logged(20, 30, 404, "-"))
                        .clientFailures())
                .hasSize(1);
    }

    private static Verdict.Counts judge(Exchange failure, RequestLog.Entry logged) {
        return VERDICT.judge(List.of(failure), List.of(logged));
    }

    private static Exchange failure(String host, long asked, long ended, int status) {
        return new Exchange(Ask.of("GET", host, "/"), asked, ended, status, "", "", "status " + status);
    }

    private static RequestLog.Entry logged(long begin, long end, int status, String backend) {
        return new RequestLog.Entry(
                begin, end, status, "GET", "shop.example.com", "shop.example.com", backend, "1", "-");
    }
}
