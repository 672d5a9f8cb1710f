package io.rollcall.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InstanceCodecFuzzTest {
    private static final byte[] SOUND =
            ("{\"address\":\"10.0.0.1\",\"port\":80,\"enabled\":true,\"payload\":{\"metadata\":{\"instance_status\":\"UP\"}},"
                            + "\"rollcall\":{\"state\":\"up\",\"weight\":1,\"metadata\":{\"k\":\"v\"}}}")
                    .getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverIsReadIsABackendOrRefusedWithOneShortLine(long seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            try {
                InstanceCodec.decode("shop", "b-1", mutate(random));
            } catch (MalformedNodeException e) {
                refused++;
                assertThat(String.valueOf(e.getMessage()))
                        .isNotBlank()
                        .hasSizeLessThan(400)
                        .doesNotContain("\n", "\u001b");
            }
        }
        assertThat(refused).as("mutations that hurt").isBetween(1_000, 19_999);
    }

    private static byte[] mutate(Random random) {
        byte[] data = SOUND.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(data.length);
            switch (random.nextInt(3)) {
                case 0 -> data[at] = (byte) random.nextInt();
                case 1 -> data[at] = (byte) "{}[]\",:0189eE.-+ntfu\\ \n\u001b".charAt(random.nextInt(24));
                default -> data = java.util.Arrays.copyOf(data, Math.max(1, at));
            }
        }
        return data;
    }
}
