package io.rollcall.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AckCodecTest {
    private static final Ack ACK = new Ack(
            0x1f00000002L,
            0x1f00000003L,
            Ack.Stage.SWITCHED,
            Ack.Evidence.REQUESTS,
            3,
            "3 requests open",
            "2026-11-22T14:00:00Z");

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        assertThat(AckCodec.decode(AckCodec.encode(ACK))).isEqualTo(ACK);
    }

    @Test
    void zxidsLookAsInZkCli() {
        assertThat(new String(AckCodec.encode(ACK), StandardCharsets.UTF_8)).contains("\"czxid\":\"0x1f00000002\"");
    }

    @Test
    void itCountsOnlyForTheVersionThatItQuotes() {
        assertThat(ACK.quotes(0x1f00000002L, 0x1f00000003L)).isTrue();
        assertThat(ACK.quotes(0x1f00000002L, 0x1f00000004L)).isFalse();
        assertThat(ACK.quotes(0x1f00000001L, 0x1f00000003L)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "{} ! czxid: ''",
                "{\"czxid\":\"7\",\"mzxid\":\"0x1\"} ! czxid: '7' (expected: a zxid",
                "{\"czxid\":\"0x1\",\"mzxid\":\"0x1\",\"stage\":\"done\"} ! stage: 'done' (expected: one of waiting,",
                "{\"czxid\":\"0x1\",\"mzxid\":\"0x1\",\"stage\":\"quiet\",\"evidence\":\"hope\"} ! evidence: 'hope'",
            })
    void whatIsWrongIsNamed(String data, String message) {
        assertThatThrownBy(() -> AckCodec.decode(data.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedNodeException.class)
                .hasMessageContaining(message);
    }
}
