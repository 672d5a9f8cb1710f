package io.rollcall.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrderCodecTest {
    private static final Order HANDOVER = new Order(
            Order.Action.DRAIN,
            "i1",
            "10.0.0.5:8080",
            List.of(new Order.Successor("b", "i2")),
            "root@web1",
            "2026-11-22T14:00:00Z",
            Duration.ofHours(1));

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        assertThat(OrderCodec.decode(OrderCodec.encode(HANDOVER))).isEqualTo(HANDOVER);
    }

    @Test
    void theActionIsEnough() throws Exception {
        Order order = decode("{\"action\":\"drain\"}");
        assertThat(order.action()).isEqualTo(Order.Action.DRAIN);
        assertThat(order.incarnation()).isEmpty();
        assertThat(order.to()).isEmpty();
        assertThat(order.deadline()).isEqualTo(Order.DEFAULT_DEADLINE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'' ! JSON",
                "[] ! a JSON object",
                "{} ! action: '' (expected: drain or prepare)",
                "{\"action\":\"stop\"} ! action: 'stop'",
                "{\"action\":7} ! action: 7 (expected: a string)",
                "{\"action\":\"drain\",\"to\":\"b\"} ! to: \"b\" (expected: an array",
                "{\"action\":\"drain\",\"to\":[{}]} ! to.id: ''",
                "{\"action\":\"drain\",\"to\":[7]} ! to.id: ''",
                "{\"action\":\"drain\",\"deadlineSeconds\":0} ! deadlineSeconds: '0' (expected: 1..",
                "{\"action\":\"drain\",\"deadlineSeconds\":\"soon\"} ! deadlineSeconds: \"soon\"",
            })
    void whatIsWrongIsNamed(String data, String message) {
        assertThatThrownBy(() -> decode(data))
                .isInstanceOf(MalformedNodeException.class)
                .hasMessageContaining(message);
    }

    private static Order decode(String data) throws MalformedNodeException {
        return OrderCodec.decode(data.getBytes(StandardCharsets.UTF_8));
    }
}
