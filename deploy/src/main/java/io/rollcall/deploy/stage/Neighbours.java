package io.rollcall.deploy.stage;

import io.rollcall.agent.loop.Loop;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import io.rollcall.registry.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * So many other names that the agent has them in the hashed map, some of which come and go all the time, so that it writes the hashed
 * map again and again: what is changed in between stands in the text beside it.
 */
final class Neighbours implements AutoCloseable {
    private static final int NAMES = 250;

    /** Their lines are more than the agent leaves beside a hashed map. */
    private static final int MOVING = 60;

    private static final Duration TURN = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Listener listener = new Listener();
    private final Registrar registrar;
    private final List<Registration> all = new ArrayList<>();
    private final Loop moving = new Loop("neighbours");
    private int turn; // by moving

    private Neighbours(Registrar registrar) throws IOException {
        this.registrar = registrar;
    }

    /** Returns when there is a hashed map. */
    static Neighbours of(AgentProcess agent) throws IOException {
        Neighbours neighbours = new Neighbours(Registrar.connect(agent.zookeeper()));
        try {
            neighbours.settle(agent);
        } catch (IOException e) {
            neighbours.close();
            throw e;
        }
        return neighbours;
    }

    private void settle(AgentProcess agent) throws IOException {
        for (int i = 0; i < NAMES; i++) {
            String name = "neighbour-" + i + ".one-of-many-names-that-only-make-the-maps-long.example.com";
            all.add(registrar.register(Backend.of(name, listener.port())
                    .address(Listener.address(i))
                    .linger(Duration.ZERO)
                    .build()));
        }
        if (!Waiting.until(PATIENCE, () -> hashed(agent))) {
            throw new IOException("no hashed map after " + PATIENCE);
        }
        // A name without a backend is as long, and costs no probes.
        all.subList(MOVING, NAMES).forEach(one -> one.setState(State.DOWN));
        moving.every(TURN, this::move);
    }

    private void move() {
        all.get(turn % MOVING).setState(turn / MOVING % 2 == 0 ? State.DOWN : State.UP);
        turn++;
    }

    private static boolean hashed(AgentProcess agent) {
        try {
            return Files.size(agent.maps().resolve("names.pag")) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        moving.close(TURN);
        registrar.close();
        listener.close();
    }
}
