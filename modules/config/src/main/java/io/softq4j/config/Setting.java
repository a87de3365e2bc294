package io.softq4j.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the user wrote, with the place he wrote it. A scalar stays text: the type of the key it is for decides what it means. */
sealed interface Setting {

    Origin origin();

    /**
     * A value.
     *
     * @param text   as written, without quotes
     * @param quoted whether it was in quotes: then it is text, whatever it looks like
     */
    record Scalar(String text, boolean quoted, Origin origin) implements Setting {

        boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    /** {@code [a, b]} or lines with dashes. */
    record Sequence(List<Setting> items, Origin origin) implements Setting {
    }

    /** {@code key: value} lines, in their order. */
    record Mapping(Map<String, Setting> entries, Origin origin) implements Setting {

        /** This mapping with {@code over} laid on it: mappings merge key by key, anything else replaces. */
        Mapping with(Mapping over) {
            Map<String, Setting> merged = new LinkedHashMap<>(entries);
            over.entries.forEach((key, value) -> merged.merge(key, value,
                    (mine, theirs) -> mine instanceof Mapping m && theirs instanceof Mapping t ? m.with(t) : theirs));
            return new Mapping(merged, over.origin.assigned().isPresent() ? over.origin : origin);
        }

        /** Where every key that has a value was given it; keys with dots: {@code training.seed}. */
        Map<String, Origin> origins() {
            Map<String, Origin> origins = new LinkedHashMap<>();
            entries.forEach((key, value) -> {
                if (value instanceof Mapping below && !below.entries.isEmpty()) {
                    below.origins().forEach((inner, origin) -> origins.put(key + "." + inner, origin));
                } else {
                    origins.put(key, value.origin());
                }
            });
            return origins;
        }
    }

    /** How an error speaks of the value seen. */
    default String seen() {
        if (this instanceof Scalar s) {
            return s.isNull() ? "empty" : "'" + s.text() + "'";
        }
        if (this instanceof Sequence s) {
            return "a list of " + s.items().size();
        }
        return "a section with the keys " + String.join(", ", ((Mapping) this).entries().keySet());
    }
}
