package io.rollcall.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** What cannot be read. */
final class TreeReaderFailuresTest {
    private final FakeTree tree = new FakeTree();
    private final TreeReader<Node, Roll> reader = tree.reader;

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
