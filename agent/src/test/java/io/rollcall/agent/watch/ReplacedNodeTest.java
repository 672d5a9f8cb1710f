package io.rollcall.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that come in the place of others: no service is ever seen empty between the two. */
final class ReplacedNodeTest {
    private final FakeTree tree = new FakeTree();
    private final TreeReader<Node, Roll> reader = tree.reader;

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
}
