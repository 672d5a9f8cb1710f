package io.rollcall.agent.health;

/**
 * A backend that would get requests if it is fit. The same process, asked in the same way, is the same candidate; a restarted one is
 * another.
 *
 * @param service in its compared form
 * @param incarnation of the process; empty for those of other writers
 * @param host IP literal that the address policy has accepted, in brackets if IPv6
 * @param path to ask for; empty to connect only
 */
public record Candidate(String service, String id, String incarnation, String host, int port, String path) {
    /** In the form that the maps have it. */
    public String target() {
        return host + ":" + port;
    }

    /** What is probed: services that share a server share its probes, as far as the question is the same. */
    Subject subject() {
        return new Subject(host, port, path, path.isEmpty() ? "" : service);
    }
}
