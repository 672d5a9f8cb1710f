package io.rollcall.deploy.stage;

import io.rollcall.apache.Httpd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** One front end of {@link Fronts}: an httpd and an agent in a network namespace of their own. The agent can be killed and started anew. */
public final class Front implements AutoCloseable {
    private final int number;
    private final Namespace namespace;
    private final Place place;
    private final Httpd httpd;
    // Replaced by restartAgent.
    private volatile AgentProcess agent;
    private final Agents agents;

    /** How an agent of this front end is started. */
    interface Agents {
        AgentProcess start() throws IOException;
    }

    Front(int number, Namespace namespace, Place place, AgentProcess agent, Httpd httpd, Agents agents) {
        this.number = number;
        this.namespace = namespace;
        this.place = place;
        this.agent = agent;
        this.httpd = httpd;
        this.agents = agents;
    }

    public int number() {
        return number;
    }

    public InetSocketAddress address() {
        return httpd.address();
    }

    public Httpd httpd() {
        return httpd;
    }

    public AgentProcess agent() {
        return agent;
    }

    public Namespace namespace() {
        return namespace;
    }

    public Place place() {
        return place;
    }

    public Path maps() {
        return agent.maps();
    }

    public void killAgent() throws InterruptedException {
        agent.kill();
    }

    public void restartAgent() throws IOException {
        agent = agents.start();
    }

    @Override
    public void close() throws IOException {
        httpd.close();
        agent.close();
    }
}
