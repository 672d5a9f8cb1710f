package io.rollcall.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatusTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            false |                                           | 120 declared; the share of requests on them is unknown: needs httpd.logs
            true  |                                           | no requests lately; 120 declared
            true  | "read":118                                | no requests lately; httpd has read 118 of 120
            true  | "read":118,"share":0.97,"shareOfOthers":0.03 | 97 % of requests on declared workers; httpd has read 118 of 120
            true  | "read":118,"share":0.9,"shareOfOthers":0.06 | 90 % of requests on declared workers, 4 % unknown; httpd has read 118 of 120
            true  | "share":0.5,"shareOfOthers":0             | 50 % of requests on declared workers, 50 % unknown; 120 declared
            true  | "share":0,"shareOfOthers":0               | unknown until httpd reloads: what it has read is older than what this agent knows of; 120 declared
            true  | "read":0,"share":0,"shareOfOthers":1      | 0 % of requests on declared workers; httpd has read 0 of 120
            """)
    void theShareOfRequestsOnDeclaredWorkersIsToldAsFarAsItIsKnown(boolean followed, String more, String line)
            throws IOException {
        String json =
                "{\"workers\":{\"declared\":120,\"followed\":" + followed + (more == null ? "" : "," + more) + "}}";
        assertThat(StatusText.of(new ObjectMapper().readTree(json)).lines()).contains("workers    " + line);
    }

    @ParameterizedTest
    @CsvSource({"snapshot, false, true", "snapshot, true, false", "registry, true, false"})
    void whatIsNotPublishedIsSaidNotToBe(String view, boolean made, boolean said) throws IOException {
        String json = "{\"view\":\"" + view + "\",\"maps\":{\"made\":" + made + "}}";
        assertThat(StatusText.of(new ObjectMapper().readTree(json)).contains("not published"))
                .isEqualTo(said);
    }
}
