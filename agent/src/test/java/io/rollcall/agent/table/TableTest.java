package io.rollcall.agent.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void aVersionStaysAsItWasWhenTheNextIsMade() {
        Table<String> one = Table.copyOf(Map.of("a", "1", "b", "2"));

        Table<String> two =
                one.edit().put("b", "3").put("c", "4").remove("a").remove("x").done();

        assertThat(one).isEqualTo(Map.of("a", "1", "b", "2")).hasSize(2);
        assertThat(two).isEqualTo(Map.of("b", "3", "c", "4")).hasSize(2);
        assertThat(two.get("c")).isEqualTo("4");
        assertThat(two.containsKey("a")).isFalse();
        assertThat(two.sorted().firstKey()).isEqualTo("b");
    }

    @Test
    void anEditThatChangesNothingIsTheSameVersion() {
        Table<String> one = Table.copyOf(Map.of("a", "1"));

        assertThat(one.edit().remove("b").done()).isSameAs(one);
        assertThat(Table.copyOf(one)).isSameAs(one);
    }

    @Test
    void whatChangedIsFoundWhateverWasDone() {
        Random random = new Random(1);
        Table<Object> table = Table.empty();
        Map<String, Object> model = new HashMap<>();
        for (int round = 0; round < 200; round++) {
            Table<Object> before = table;
            Map<String, Object> modelBefore = Map.copyOf(model);
            Table.Edit<Object> edit = table.edit();
            for (int i = random.nextInt(20); i > 0; i--) {
                String name = "name-" + random.nextInt(3000);
                Object value = new Object();
                if (random.nextBoolean()) {
                    edit.put(name, value);
                    model.put(name, value);
                } else {
                    edit.remove(name);
                    model.remove(name);
                }
                assertThat(edit.get(name)).isSameAs(model.get(name));
            }
            table = edit.done();

            assertThat(table).isEqualTo(model).hasSize(model.size());
            Set<String> changed = new TreeSet<>(model.keySet());
            changed.addAll(modelBefore.keySet());
            changed.removeIf(name -> model.get(name) == modelBefore.get(name));
            assertThat(table.changedSince(before)).isEqualTo(changed);
        }
    }
}
