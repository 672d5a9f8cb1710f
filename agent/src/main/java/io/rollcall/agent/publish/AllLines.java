package io.rollcall.agent.publish;

import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.Service;
import java.util.HashSet;
import java.util.Set;

/**
 * What there is to say of all services. The next version looks only at services that are not the same object as before, and at those
 * that have something to say for one publication only.
 *
 * @param services what it was made of
 * @param lines by name of the service, of those that httpd is told of
 * @param passing names whose lines the next publication makes anew
 * @param length of the text of all of them
 */
record AllLines(Table<Service> services, Table<Lines> lines, Set<String> passing, long length) {
    static final AllLines NONE = new AllLines(Table.empty(), Table.empty(), Set.of(), 0);

    /** @param hashed lines that stand in the hashed map: a service that is again what it was there is the same again */
    AllLines next(Table<Service> view, Table<Lines> hashed) {
        Set<String> changed = view.changedSince(services);
        changed.addAll(passing);
        Table.Edit<Lines> edit = lines.edit();
        Set<String> nowPassing = new HashSet<>();
        long nowLength = length;
        for (String name : changed) {
            Lines before = lines.get(name);
            nowLength -= before == null ? 0 : before.text().length();
            Service service = view.get(name);
            if (service == null || !service.known()) {
                edit.remove(name);
                continue;
            }
            Lines now = Lines.of(service, before);
            Lines there = hashed.get(name);
            if (there != null && there.saysTheSame(now)) {
                now = there;
            }
            if (now.passing()) {
                nowPassing.add(name);
            }
            nowLength += now.text().length();
            edit.put(name, now);
        }
        return new AllLines(view, edit.done(), nowPassing, nowLength);
    }
}
