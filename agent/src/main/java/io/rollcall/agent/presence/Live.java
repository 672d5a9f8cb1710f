package io.rollcall.agent.presence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who is connected under an agent's id: what stands in its {@code live} node.
 *
 * @param token random, per start of the agent
 * @param boot of the kernel: changes with each, and no two machines share one
 * @param inode device and inode of the state directory: which of the agents under that kernel
 * @param host for people, as are the following
 * @param dir the state directory
 * @param since when the agent came, as ISO 8601
 */
record Live(String token, String boot, String inode, String host, String dir, String since) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** This process, which keeps its state in {@code dir}. */
    static Live here(Path dir, String token, String since) throws IOException {
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        String inode = Files.getAttribute(dir, "unix:dev") + ":" + Files.getAttribute(dir, "unix:ino");
        return new Live(token, boot, inode, AgentId.host(), dir.toString(), since);
    }

    /** What somebody wrote; of what is not ours nothing matches. */
    static Live decode(byte[] data) {
        try {
            JsonNode json = JSON.readTree(data);
            return new Live(
                    json.path("token").asText(),
                    json.path("boot").asText(),
                    json.path("inode").asText(),
                    json.path("host").asText("?"),
                    json.path("dir").asText("?"),
                    json.path("since").asText("?"));
        } catch (IOException e) {
            return new Live("", "", "", "?", "?", "?");
        }
    }

    byte[] encode() {
        return JSON.createObjectNode()
                .put("token", token)
                .put("boot", boot)
                .put("inode", inode)
                .put("host", host)
                .put("dir", dir)
                .put("since", since)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether it is what an earlier session of this agent left: of this process, or of one that had the same directory under the same
     * kernel and is gone, since this process holds the directory's lock.
     */
    boolean predecessorOf(Live other) {
        return token.equals(other.token) || (boot.equals(other.boot) && inode.equals(other.inode));
    }
}
