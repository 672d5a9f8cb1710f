package io.rollcall.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

final class HealthTextTest {
    @Test
    void whoIsFitAgainTellsWhyItWasNot() throws JsonProcessingException {
        assertThat(full("""
                {"health": {"condition": "fit", "share": 30, "forMillis": 3000, "probe": "tcp",
                            "ejections": 5, "lastSource": "traffic", "lastError": "3 of 4 were 503"}}
                """)).isEqualTo("fit, 30 % for 3 s, tcp, after ejection 5, traffic: 3 of 4 were 503");
    }

    @Test
    void failedConnectionsAreTold() throws JsonProcessingException {
        assertThat(full("""
                {"health": {"condition": "fit", "share": 100, "forMillis": 3000, "probe": "tcp"},
                 "traffic": {"perSecond": 2, "5xx": 0, "p50Micros": 1000, "p99Micros": 2000, "connectFailures": 7}}
                """))
                .isEqualTo("fit for 3 s, tcp; 2.0 requests/s, 0 % 5xx, p50 1.0 ms, p99 2.0 ms,"
                        + " 7 failed connections since the agent started");
    }

    private static String full(String json) throws JsonProcessingException {
        return HealthText.full(new ObjectMapper().readTree(json));
    }
}
