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
        assertThat(one.edit().put("a", one.get("a")).done()).isSameAs(one);
        assertThat(Table.copyOf(one)).isSameAs(one);
    }

    @Test
    void namesOfOneHashAreToldApart() {
        Set<String> names = namesOfOneHash();
        Table.Edit<String> edit = Table.<String>empty().edit();
        names.forEach(name -> edit.put(name, name));
        Table<String> all = edit.done();

        Table<String> fewer =
                all.edit().remove("AaAa").remove("BBBB").remove("AaBBAaBBAaBB").done();
        Table<String> none = fewer.edit().remove("AaBB").remove("BBAa").done();

        assertThat(all.keySet()).isEqualTo(names);
        assertThat(fewer).isEqualTo(Map.of("AaBB", "AaBB", "BBAa", "BBAa"));
        assertThat(fewer.get("BBBB")).isNull();
        assertThat(fewer.changedSince(all)).containsExactlyInAnyOrder("AaAa", "BBBB");
        assertThat(all.changedSince(fewer)).containsExactlyInAnyOrder("AaAa", "BBBB");
        assertThat(none).isEqualTo(Table.empty());
    }

    private static Set<String> namesOfOneHash() {
        Set<String> names = Set.of("AaAa", "AaBB", "BBAa", "BBBB");
        assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
        return names;
    }

    @Test
    void twoWaysToOneContentAreEqual() {
        Table.Edit<String> grown = Table.<String>empty().edit();
        Table.Edit<String> straight = Table.<String>empty().edit();
        for (int i = 0; i < 5000; i++) {
            grown.put("name-" + i, "" + i);
        }
        for (int i = 0; i < 5000; i++) {
            if (i % 100 == 0) {
                straight.put("name-" + i, "" + i);
            } else {
                grown.remove("name-" + i);
            }
        }

        assertThat(grown.done()).isEqualTo(straight.done()).hasSize(50);
        assertThat(grown.done()).isNotEqualTo(straight.put("name-0", "x").done());
        assertThat(grown.done())
                .isNotEqualTo(straight.remove("name-0").put("y", "y").done());
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
                String name = "name-" + random.nextInt(round < 100 ? 3000 : 60);
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
