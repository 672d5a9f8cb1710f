package io.rollcall.bench.contender;

import io.rollcall.bench.Processes;
import io.rollcall.deploy.stage.Place;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * A registry of its own, with an agent, in which each name has two backends: so a weight that changes changes a line of the maps.
 */
public final class Pairs implements AutoCloseable {
    private static final int SESSIONS = 25;

    /** From 1 to so many. */
    private static final int WEIGHTS = 4;

    private final Registry registry;
    private final List<String> addresses;
    private final List<ZooKeeper> sessions = new ArrayList<>();
    private final int[] weights;
    private final Answers answers = new Answers();

    private Pairs(Registry registry, List<String> addresses) {
        this.registry = registry;
        this.addresses = addresses;
        this.weights = new int[addresses.size()];
    }

    /** Registers a backend at each address. */
    public static Pairs start(Place place, List<String> addresses) throws Exception {
        Pairs pairs = new Pairs(Registry.start(place, Map.of()), addresses);
        try {
            pairs.register();
            return pairs;
        } catch (Exception e) {
            pairs.close();
            throw e;
        }
    }

    private void register() throws Exception {
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(Tree.session(registry.connect()));
        }
        for (int i = 0; i < addresses.size(); i++) {
            ZooKeeper session = session(i);
            if (i % 2 == 0) {
                answers.await();
                session.create(Registry.path(name(i)), new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
            answers.expect();
            session.create(path(i), data(i), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, answers, null);
        }
        answers.await();
        Registry.awaitPublished(
                registry.maps(),
                IntStream.range(0, addresses.size()).mapToObj(Pairs::name).toList());
    }

    public Processes agent() {
        return registry.agent();
    }

    /** Gives a backend the next weight, without waiting for it to be written. */
    public void reweigh(int number) throws IOException, InterruptedException {
        weights[number] = (weights[number] + 1 + number % (WEIGHTS - 1)) % WEIGHTS;
        answers.expect();
        session(number).setData(path(number), data(number), -1, answers, null);
    }

    private ZooKeeper session(int number) {
        return sessions.get(number % SESSIONS);
    }

    private static String name(int number) {
        return "pair-%06d.bench.test".formatted(number / 2);
    }

    private String node(int number) {
        return addresses.get(number).replace(':', '-') + Paths.SUFFIX_MARK + number;
    }

    private String path(int number) {
        return Registry.path(name(number)) + "/" + node(number);
    }

    private byte[] data(int number) {
        return Tree.bytes(Tree.data(name(number), node(number), addresses.get(number), State.UP, 1 + weights[number]));
    }

    @Override
    public void close() {
        Tree.close(sessions);
        registry.close();
    }
}
