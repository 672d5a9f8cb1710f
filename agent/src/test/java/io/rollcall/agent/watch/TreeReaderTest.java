package io.rollcall.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read when: sweeps, and what events tell of. */
final class TreeReaderTest {
    private final FakeTree tree = new FakeTree();
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
        tree.reader =
                new TreeReader<>(tree, FakeTree.SERVICES, Roll.of(List.of(old)).services());
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
}
