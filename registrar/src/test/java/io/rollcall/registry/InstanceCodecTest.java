package io.rollcall.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InstanceCodecTest {
    private static final Instance SHOP = new Instance(
            "shop.example.com",
            "10.0.0.5-8080",
            "10.0.0.5",
            8080,
            "http",
            "/health",
            State.UP,
            3,
            "i1",
            "42",
            "a",
            1,
            Map.of("k", "v"));

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        byte[] data = InstanceCodec.encode(SHOP, "10.0.0.5-8080~7");
        assertThat(InstanceCodec.decode("shop.example.com", "10.0.0.5-8080~7", data))
                .isEqualTo(SHOP);
    }

    @Test
    void theJsonIsCuratorsWithOurFieldsBeside() {
        assertThat(new String(InstanceCodec.encode(SHOP, "10.0.0.5-8080~7"), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"name\":\"shop.example.com\",\"id\":\"10.0.0.5-8080~7\",\"address\":\"10.0.0.5\",\"port\":8080,"
                                + "\"sslPort\":null,\"payload\":null,\"registrationTimeUTC\":1,\"serviceType\":\"DYNAMIC\","
                                + "\"uriSpec\":null,\"enabled\":true,\"rollcall\":{\"id\":\"10.0.0.5-8080\",\"incarnation\":\"i1\","
                                + "\"state\":\"up\",\"weight\":3,\"version\":\"42\",\"zone\":\"a\",\"scheme\":\"http\",\"probe\":\"/health\","
                                + "\"metadata\":{\"k\":\"v\"}}}");
    }

    @Test
    void aForeignNodeIsTakenAsItIs() throws Exception {
        Instance instance = decode("{\"address\":\"10.0.0.5\",\"port\":80,\"more\":[1,2]}");
        assertThat(instance.id()).isEqualTo("b-1");
        assertThat(instance.state()).isEqualTo(State.UP);
        assertThat(instance.weight()).isEqualTo(1);
        assertThat(instance.probe()).isEmpty();
    }

    @Test
    void springsOutOfServiceIsDown() throws Exception {
        assertThat(decode("{\"address\":\"10.0.0.5\",\"port\":80,\"payload\":{\"@class\":\"x.Y\",\"metadata\":"
                                + "{\"instance_status\":\"OUT_OF_SERVICE\"}}}")
                        .state())
                .isEqualTo(State.DOWN);
        assertThat(decode("{\"address\":\"10.0.0.5\",\"port\":80,\"enabled\":false}")
                        .state())
                .isEqualTo(State.DOWN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                  | expected: a JSON object
            []                                                  | expected: a JSON object
            {                                                   | expected: JSON
            {} trailing                                         | expected: JSON
            {"address":"10.0.0.5","port":70000}                 | port: '70000' (expected: 1..65535)
            {"address":"10.0.0.5","port":"80"}                  | port: "80" (expected: a whole number)
            {"address":"10.0.0.5"}                              | port: '0' (expected: 1..65535)
            {"address":"10.0.0.5","port":80,"port":81}          | Duplicate
            {"port":80}                                         | address: '' (expected
            {"address":"10.0.0.5","port":80,"rollcall":[]}      | rollcall: [] (expected: an object)
            {"address":"10.0.0.5","port":80,"rollcall":{"state":"asleep"}} | 'asleep' (expected: one of up, draining, down, left)
            {"address":"10.0.0.5","port":80,"rollcall":{"weight":101}}     | weight: '101' (expected: 0..100)
            {"address":"10.0.0.5","port":80,"rollcall":{"probe":"health"}}  | probe: 'health' (expected: a path such as /health
            {"address":"10.0.0.5","port":80,"rollcall":{"probe":"/a b"}}    | probe: '/a b' (expected
            {"address":"10.0.0.5","port":80,"rollcall":{"probe":"/\\r\\nX:1"}} | (expected: a path
            {"address":"10.0.0.5","port":80,"rollcall":{"weight":1.5}}     | weight: 1.5 (expected: a whole number)
            """)
    void whatIsNoBackendIsRefusedWithTheReason(String data, String reason) {
        assertThatThrownBy(() -> decode(data))
                .isInstanceOf(MalformedNodeException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void oversizedDeepAndForeignBytesAreRefused() {
        assertThatThrownBy(() -> decode("{\"a\":\"" + "x".repeat(4096) + "\"}"))
                .hasMessageContaining("expected: at most 4096");
        assertThatThrownBy(() -> decode("[".repeat(2000))).hasMessageContaining("nested at most 16");
        assertThatThrownBy(() -> InstanceCodec.decode("s", "b", new byte[] {'{', (byte) 0xff, '}'}))
                .hasMessageContaining("no UTF-8");
    }

    private static Instance decode(String json) throws MalformedNodeException {
        return InstanceCodec.decode("shop", "b-1", json.getBytes(StandardCharsets.UTF_8));
    }
}
