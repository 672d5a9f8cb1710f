package io.rollcall.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** The JSON of an ack. Zxids are in hexadecimal, as zkCli's {@code stat} shows them. */
public final class AckCodec {
    public static final int MAX_BYTES = 8 * 1024;

    private AckCodec() {}

    public static byte[] encode(Ack ack) {
        ObjectNode json = Json.object();
        json.put("stage", ack.stage().word());
        json.put("czxid", "0x" + Long.toHexString(ack.czxid()));
        json.put("mzxid", "0x" + Long.toHexString(ack.mzxid()));
        json.put("evidence", ack.evidence().word());
        json.put("open", ack.open());
        json.put("detail", ack.detail());
        json.put("at", ack.at());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static Ack decode(byte[] data) throws MalformedNodeException {
        JsonNode json = Json.parse(data, MAX_BYTES);
        String stage = Json.text(json, "stage", "");
        String evidence = Json.text(json, "evidence", Ack.Evidence.NONE.word());
        return new Ack(
                zxid(json, "czxid"),
                zxid(json, "mzxid"),
                Ack.Stage.of(stage)
                        .orElseThrow(() -> new MalformedNodeException(
                                "stage: '" + Excerpt.of(stage) + "' (expected: one of " + Ack.Stage.words() + ")")),
                Ack.Evidence.of(evidence)
                        .orElseThrow(() -> new MalformedNodeException("evidence: '" + Excerpt.of(evidence)
                                + "' (expected: requests, registrar, connections or none)")),
                Json.number(json, "open", 0),
                Json.text(json, "detail", ""),
                Json.text(json, "at", ""));
    }

    private static long zxid(JsonNode json, String field) throws MalformedNodeException {
        String text = Json.text(json, field, "");
        try {
            return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : "", 16);
        } catch (NumberFormatException e) {
            throw new MalformedNodeException(
                    field + ": '" + Excerpt.of(text) + "' (expected: a zxid such as 0x1f00000002)");
        }
    }
}
