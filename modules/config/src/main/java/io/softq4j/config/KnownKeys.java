package io.softq4j.config;

import io.softq4j.common.Keys;
import io.softq4j.common.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The keys a configuration may have, for "Did you mean ...?".
 *
 * @param all with dots, sections and nested records included
 */
record KnownKeys(List<String> all) {

    /** More than these are no answer to what was meant. */
    private static final int SHOWN = 3;

    static KnownKeys of(Map<String, Record> sections) {
        List<String> all = new ArrayList<>();
        sections.forEach((name, defaults) -> {
            all.add(name);
            add(name, defaults.getClass(), all);
        });
        return new KnownKeys(List.copyOf(all));
    }

    private static void add(String path, Class<?> type, List<String> all) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = path + "." + Keys.name(component);
            all.add(key);
            if (component.getType().isRecord()) {
                add(key, component.getType(), all);
            }
        }
    }

    /**
     * What to add to an error about the unknown key {@code prefix + key}: the same key in another section, a key that is spelled nearly so
     * here, or elsewhere, else the keys there are here.
     *
     * @param prefix the section with its dot; empty for the name of a section
     */
    String meant(String prefix, String key) {
        List<String> elsewhere = named(key);
        if (!elsewhere.isEmpty() && elsewhere.size() <= SHOWN) {
            return did(elsewhere);
        }
        List<String> here = all.stream().filter(known -> known.startsWith(prefix) && known.indexOf('.', prefix.length()) < 0)
                .map(known -> known.substring(prefix.length())).toList();
        Optional<String> near = Suggestion.nearest(key, here);
        if (near.isEmpty()) {
            List<String> far = Suggestion.nearest(key, all.stream().map(KnownKeys::last).distinct().toList()).map(this::named)
                    .orElse(List.of());
            if (!far.isEmpty() && far.size() <= SHOWN) {
                return did(far);
            }
        }
        return Suggestion.forKey(prefix, key, here);
    }

    private List<String> named(String last) {
        return all.stream().filter(known -> known.indexOf('.') > 0 && last(known).equals(last)).toList();
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static String did(List<String> keys) {
        return keys.stream().map(key -> "'" + key + "'").collect(Collectors.joining(" or ", "Did you mean ", "?"));
    }
}
