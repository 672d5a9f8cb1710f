package io.rollcall.agent.watch;

import io.rollcall.registry.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/** A tree in memory that answers when it is told to. */
final class FakeTree implements TreeReader.Source {
    static final Subject<Node, Roll> SERVICES = Roll.subject(new Paths("/rollcall"));

    final TreeMap<String, TreeMap<String, Long>> services = new TreeMap<>();
    final Queue<Runnable> answers = new ArrayDeque<>();
    private long zxid;
    int mostWaiting;
    Code failure = Code.OK;
    String unlisted = "none";
    String address = "10.0.0.1";
    TreeReader<Node, Roll> reader = new TreeReader<>(this, SERVICES, Map.of());

    void put(String service, String node) {
        services.computeIfAbsent(service, key -> new TreeMap<>()).put(node, ++zxid);
    }

    void remove(String service, String node) {
        services.get(service).remove(node);
    }

    void answerAll() {
        while (!answers.isEmpty()) {
            answers.remove().run();
        }
    }

    @Override
    public void readChildren(Place place) {
        answer(() -> {
            boolean there = place.isRoot() || services.containsKey(place.service());
            List<String> names = place.isRoot()
                    ? List.copyOf(services.keySet())
                    : List.copyOf(services.getOrDefault(place.service(), new TreeMap<>())
                            .keySet());
            Code code = failure != Code.OK ? failure : there ? Code.OK : Code.NONODE;
            reader.children(place, place.service().equals(unlisted) ? Code.NOAUTH : code, names);
        });
    }

    @Override
    public void readNode(Place place) {
        answer(() -> {
            Long mzxid = services.getOrDefault(place.service(), new TreeMap<>()).get(place.node());
            Stat stat = new Stat();
            stat.setCzxid(mzxid == null ? 0 : mzxid);
            stat.setMzxid(mzxid == null ? 0 : mzxid);
            byte[] data = ("{\"address\":\"" + address + "\",\"port\":80}").getBytes(StandardCharsets.UTF_8);
            reader.node(place, failure != Code.OK ? failure : mzxid == null ? Code.NONODE : Code.OK, data, stat);
        });
    }

    private void answer(Runnable answer) {
        answers.add(answer);
        mostWaiting = Math.max(mostWaiting, answers.size());
    }

    Map<String, Integer> sizes() {
        TreeMap<String, Integer> sizes = new TreeMap<>();
        reader.whole().services().forEach((service, nodes) -> sizes.put(service, nodes.size()));
        return sizes;
    }
}
