package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of a mapping. Those that would change it are refused, as in Jinja's immutable sandbox. */
final class MappingMethods {

    static final Map<String, BoundMethod.Method> ALL = Map.ofEntries(
            Map.entry("items", (owner, arguments, run) -> entries(map(owner), run)),
            Map.entry("keys", (owner, arguments, run) -> Values.items(owner, run)),
            Map.entry("values", (owner, arguments, run) -> values(map(owner), run)),
            Map.entry("get", (owner, arguments, run) -> get(map(owner), arguments)),
            Map.entry("copy", (owner, arguments, run) -> owner),
            Map.entry("update", ListMethods.refused("update")),
            Map.entry("pop", ListMethods.refused("pop")),
            Map.entry("popitem", ListMethods.refused("popitem")),
            Map.entry("setdefault", ListMethods.refused("setdefault")),
            Map.entry("clear", ListMethods.refused("clear")));

    private MappingMethods() {
    }

    private static Map<?, ?> map(Object owner) {
        return (Map<?, ?>) owner;
    }

    /** Its keys and values as pairs. */
    static List<Object> entries(Map<?, ?> map, Run run) {
        run.items(2L * map.size());
        List<Object> pairs = new ArrayList<>(map.size());
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    private static List<Object> values(Map<?, ?> map, Run run) {
        run.items(map.size());
        return new ArrayList<>(map.values());
    }

    private static Object get(Map<?, ?> map, Arguments arguments) {
        Object[] bound = arguments.bind("get", 1, "key", "default");
        Object found = map.get(Values.key(bound[0]));
        return found != null ? found : bound[1] != null ? bound[1] : None.NONE;
    }
}
