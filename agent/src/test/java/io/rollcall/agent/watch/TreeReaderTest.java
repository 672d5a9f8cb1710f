package io.rollcall.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.registry.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeReaderTest {
    private static final Subject<Node, Roll> SERVICES = Roll.subject(new Paths("/rollcall"));

    /** A tree in memory that answers when it is told to. */
    private static final class Tree implements TreeReader.Source {
        private final TreeMap<String, TreeMap<String, Long>> services = new TreeMap<>();
        private final Queue<Runnable> answers = new ArrayDeque<>();
        private long zxid;
        private int mostWaiting;
        private Code failure = Code.OK;
        private String unlisted = "none";
        private String address = "10.0.0.1";
        private TreeReader<Node, Roll> reader = new TreeReader<>(this, SERVICES, Map.of());

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
                Long mzxid =
                        services.getOrDefault(place.service(), new TreeMap<>()).get(place.node());
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

    private final Tree tree = new Tree();
    private final TreeReader<Node, Roll> reader = tree.reader;

    @Test
    void aSweepReadsEverythingWithFewRequestsAtOnce() {
        for (int i = 0; i < 1000; i++) {
            tree.put("s" + i % 10, "n" + i);
        }
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeSwept()).isTrue();
        assertThat(tree.sizes())
                .hasSize(10)
                .allSatisfy((service, size) -> assertThat(size).isEqualTo(100));
        assertThat(tree.mostWaiting).isLessThanOrEqualTo(64);
    }

    @Test
    void aSweepDropsWhatIsGone() {
        tree.put("shop", "a");
        tree.put("shop", "b");
        tree.put("blog", "c");
        reader.sweep();
        tree.answerAll();
        tree.remove("shop", "a");
        tree.services.remove("blog");
        reader.sweep();
        tree.answerAll();
        assertThat(tree.sizes()).isEqualTo(Map.of("shop", 1));
    }

    @Test
    void whatTheSnapshotKnewIsReadAgainToo() {
        Node old = Node.of("gone", "x", 1, 1, new byte[0]);
        tree.reader = new TreeReader<>(tree, SERVICES, Roll.of(List.of(old)).services());
        assertThat(tree.sizes()).isEqualTo(Map.of("gone", 1));
        tree.reader.sweep();
        tree.answerAll();
        assertThat(tree.sizes()).isEmpty();
    }

    @Test
    void anEventReadsItsPlaceOnly() {
        tree.put("shop", "a");
        reader.announce(new Place("shop", "a"));
        assertThat(tree.answers).hasSize(1);
        tree.answerAll();
        assertThat(tree.sizes()).isEqualTo(Map.of("shop", 1));
        assertThat(reader.takeChanged()).isTrue();
        assertThat(reader.takeChanged()).isFalse();
    }

    @Test
    void theSamePlaceIsNotQueuedTwice() {
        for (int i = 0; i < 70; i++) {
            tree.put("shop", "n" + i);
        }
        reader.sweep();
        for (int i = 0; i < 100; i++) {
            reader.announce(new Place("shop", "late"));
        }
        tree.answerAll();
        assertThat(tree.mostWaiting).isLessThanOrEqualTo(64);
        assertThat(tree.answers).isEmpty();
    }

    @Test
    void aPeriodicSweepCountsWhatNoEventToldOf() {
        tree.put("shop", "a");
        reader.sweep();
        tree.answerAll();
        reader.takeDifferences();
        tree.put("shop", "missed");
        tree.put("shop", "told");
        reader.announce(new Place("shop", "told"));
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeDifferences()).isEqualTo(1);
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeDifferences()).isZero();
    }

    @Test
    void whatAnEventToldOfIsReadBeforeTheRestOfASweep() {
        for (int i = 0; i < 1000; i++) {
            tree.put("s" + i, "n");
        }
        reader.sweep();
        tree.answers.remove().run();
        tree.put("s999", "late");
        reader.announce(new Place("s999", "late"));
        int answers = 0;
        while (!tree.sizes().equals(Map.of("s999", 1))) {
            tree.answers.remove().run();
            answers++;
        }
        assertThat(answers).isLessThanOrEqualTo(65);
        tree.answerAll();
        assertThat(reader.takeSwept()).isTrue();
        assertThat(tree.sizes()).hasSize(1000).containsEntry("s999", 2);
    }

    @Test
    void aSweepAtLeisureReadsNoMoreThanItIsAllowedAndFindsTheSame() {
        for (int i = 0; i < 50; i++) {
            tree.put("s" + i, "n");
        }
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeSwept()).isTrue();
        reader.takeDifferences();
        tree.put("s7", "missed");
        tree.put("new", "n");
        tree.services.remove("s8");
        reader.sweepAtLeisure();
        int rounds = 0;
        for (; !reader.takeSwept(); rounds++) {
            reader.allow(10);
            assertThat(tree.answers).hasSizeLessThanOrEqualTo(10);
            tree.answerAll();
        }
        assertThat(rounds).isEqualTo(11); // the root, 51 services, 52 nodes, two of which are new
        assertThat(reader.takeDifferences()).isEqualTo(3);
        assertThat(tree.sizes()).hasSize(50).containsEntry("s7", 2).containsEntry("new", 1);
    }

    @Test
    void aSweepAtLeisureHoldsNoEventUp() {
        tree.put("shop", "a");
        reader.sweep();
        tree.answerAll();
        reader.sweepAtLeisure();
        tree.put("shop", "b");
        reader.announce(new Place("shop", "b"));
        tree.answerAll();
        assertThat(reader.takeSwept()).isFalse();
        assertThat(tree.sizes()).isEqualTo(Map.of("shop", 2));
    }

    @Test
    void aReadingThatFailedDropsNothingAndIsNotASweep() {
        tree.put("shop", "a");
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeSwept()).isTrue();
        tree.failure = Code.CONNECTIONLOSS;
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeSwept()).isFalse();
        assertThat(reader.failed()).isTrue();
        assertThat(reader.problem()).isEqualTo("reading the services: CONNECTIONLOSS");
        assertThat(tree.sizes()).isEqualTo(Map.of("shop", 1));
    }

    @Test
    void aNodeThatMayNotBeReadIsMalformedAlone() {
        tree.put("shop", "a");
        reader.sweep();
        tree.answerAll();
        tree.failure = Code.NOAUTH;
        reader.announce(new Place("shop", "a"));
        tree.answerAll();
        assertThat(reader.whole().services().get("shop").get("a").content()).isInstanceOf(Node.Content.Malformed.class);
        assertThat(reader.failed()).isFalse();
        tree.failure = Code.OK;
        reader.announce(new Place("shop", "a"));
        tree.answerAll();
        assertThat(reader.whole().services().get("shop").get("a").content()).isInstanceOf(Node.Content.Valid.class);
    }

    @Test
    void aServiceThatMayNotBeListedIsShownAndKeepsNothingElseFromBeingRead() {
        tree.put("shop", "a");
        tree.put("secret", "b");
        tree.put("secret", "c");
        reader.sweep();
        tree.answerAll();
        tree.unlisted = "secret";
        tree.remove("secret", "c");
        tree.put("shop", "d");
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeSwept()).isTrue();
        assertThat(reader.whole().services().get("shop")).containsOnlyKeys("a", "d");
        assertThat(reader.whole().services().get("secret")).containsOnlyKeys("", "b");
        assertThat(reader.whole().services().get("secret").get("").content())
                .isEqualTo(new Node.Content.Malformed(
                        "children: cannot be listed by the agent (expected: READ permission)"));
        tree.unlisted = "none";
        reader.sweep();
        tree.answerAll();
        assertThat(reader.whole().services().get("secret")).containsOnlyKeys("b");
    }

    @Test
    void aNodeThatReplacesAnotherIsReadBeforeTheOtherIsDropped() {
        tree.put("shop", "a~1");
        reader.sweep();
        tree.answerAll();
        tree.remove("shop", "a~1");
        tree.put("shop", "a~2");
        reader.sweep();
        while (!tree.answers.isEmpty()) {
            tree.answers.remove().run();
            assertThat(tree.sizes().get("shop")).isPositive();
        }
        assertThat(reader.whole().services().get("shop")).containsOnlyKeys("a~2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100}) // what an event tells of is asked for at once, or waits for room
    void aNodeThatReplacesAnotherIsReadBeforeTheOtherIsDroppedThoughASweepHasAskedForThat(int nodes) {
        for (int i = 0; i < nodes; i++) {
            tree.put("shop", "a" + i);
        }
        reader.sweep();
        tree.answerAll();
        reader.sweep();
        tree.answers.remove().run();
        tree.answers.remove().run(); // the root, the service; now a0 is asked for
        tree.remove("shop", "a0");
        tree.put("shop", "b");
        reader.announce(new Place("shop", "b"));
        reader.announce(new Place("shop", "a0"));
        while (!tree.answers.isEmpty()) {
            tree.answers.remove().run();
            assertThat(reader.whole().services().get("shop").keySet()).containsAnyOf("a0", "b");
        }
        assertThat(reader.whole().services().get("shop")).hasSize(nodes).containsKey("b");
    }

    @Test
    void aNodeThatReplacesAnotherIsReadBeforeTheOtherIsDroppedThoughThatWasToldOfBefore() {
        for (int i = 0; i < 100; i++) {
            tree.put("other", "n" + i);
        }
        tree.put("shop", "a");
        reader.sweep();
        tree.answerAll();
        for (int i = 0; i < 100; i++) {
            reader.announce(new Place("other", "n" + i));
        }
        reader.announce(new Place("shop", "a")); // its data
        tree.remove("shop", "a");
        tree.put("shop", "b");
        reader.announce(new Place("shop", "b"));
        reader.announce(new Place("shop", "a"));
        while (!tree.answers.isEmpty()) {
            tree.answers.remove().run();
            assertThat(reader.whole().services().get("shop")).isNotEmpty();
        }
        assertThat(reader.whole().services().get("shop")).containsOnlyKeys("b");
    }

    @Test
    void whatWasGoneBeforeItWasReadIsAnnouncedNoMore() {
        reader.sweep();
        tree.answerAll();
        reader.announce(new Place("shop", "short"));
        tree.answerAll();
        reader.takeDifferences();
        tree.put("shop", "short"); // and nobody tells
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeDifferences()).isEqualTo(1);
    }

    @Test
    void otherDataWithTheSameZxidsIsAChange() {
        tree.put("shop", "a");
        reader.sweep();
        tree.answerAll();
        tree.address = "10.0.0.2"; // another tree, whose zxids began at 1 too
        reader.takeChanged();
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeChanged()).isTrue();
        assertThat(reader.whole().services().get("shop").get("a").content())
                .isInstanceOfSatisfying(
                        Node.Content.Valid.class,
                        valid -> assertThat(valid.instance().address()).isEqualTo("10.0.0.2"));
    }

    @Test
    void aSweepEndsThoughOneNodeIsWrittenAllTheTime() {
        tree.put("shop", "hot");
        tree.put("shop", "cold");
        reader.sweep();
        for (int i = 0; i < 10; i++) {
            reader.announce(new Place("shop", "hot"));
            tree.answers.remove().run();
        }
        assertThat(tree.answers).as("never idle").isNotEmpty();
        assertThat(reader.takeSwept()).isTrue();
    }

    @Test
    void questionsThatAreNeverAnsweredAreForgottenOnTheNextConnection() {
        for (int i = 0; i < 70; i++) {
            tree.put("shop", "n" + i);
        }
        reader.sweep();
        tree.answers.remove().run();
        tree.answers.remove().run();
        tree.answers.clear();
        reader.forgetQuestions();
        assertThat(reader.takeSwept()).isFalse();
        reader.sweep();
        tree.answerAll();
        assertThat(reader.takeSwept()).isTrue();
        assertThat(tree.sizes()).isEqualTo(Map.of("shop", 70));
    }
}
