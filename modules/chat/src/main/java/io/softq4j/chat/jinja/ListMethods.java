package io.softq4j.chat.jinja;

import java.util.List;
import java.util.Map;

/** The methods of a list. Those that would change it are refused, as in Jinja's immutable sandbox. */
final class ListMethods {

    static final Map<String, BoundMethod.Method> ALL = Map.ofEntries(
            Map.entry("index", (owner, arguments, run) -> index((List<?>) owner, arguments, run)),
            Map.entry("count", (owner, arguments, run) -> count((List<?>) owner, arguments, run)),
            Map.entry("copy", (owner, arguments, run) -> owner),
            Map.entry("append", refused("append")),
            Map.entry("extend", refused("extend")),
            Map.entry("insert", refused("insert")),
            Map.entry("pop", refused("pop")),
            Map.entry("remove", refused("remove")),
            Map.entry("reverse", refused("reverse")),
            Map.entry("sort", refused("sort")),
            Map.entry("clear", refused("clear")));

    private ListMethods() {
    }

    static BoundMethod.Method refused(String name) {
        return (owner, arguments, run) -> {
            throw new TemplateError(name + "() would change a " + Values.kind(owner) + ", which a chat template may not; use + to make a "
                    + "new one");
        };
    }

    private static Object index(List<?> list, Arguments arguments, Run run) {
        Object wanted = arguments.bind("index", 1, "value")[0];
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), wanted, run)) {
                return (long) i;
            }
        }
        throw new TemplateError("index() of a value that is not in the list");
    }

    private static Object count(List<?> list, Arguments arguments, Run run) {
        Object wanted = arguments.bind("count", 1, "value")[0];
        long count = 0;
        for (Object item : list) {
            count += Values.equal(item, wanted, run) ? 1 : 0;
        }
        return count;
    }
}
