package io.softq4j.config;

import io.softq4j.common.Keys;
import io.softq4j.common.Mistakes;
import io.softq4j.common.NamesOf;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lists whose entries may be written below their names (see {@link NamesOf}).
 * {@code validation: {easy: a.jsonl, hard: [b.jsonl, c.jsonl]}} becomes {@code validation: [a.jsonl, b.jsonl, c.jsonl]} and
 * {@code validation_names: [easy, hard, hard]} before records are bound, so that both spellings are one configuration.
 *
 * @param pairs of all sections
 */
record NamedLists(List<Pair> pairs) {

    /** The keys of a list and of its names. */
    record Pair(String section, String list, String names) {
    }

    static NamedLists of(Map<String, Record> sections) {
        List<Pair> pairs = new ArrayList<>();
        sections.forEach((name, defaults) -> {
            for (RecordComponent component : defaults.getClass().getRecordComponents()) {
                NamesOf names = component.getAnnotation(NamesOf.class);
                if (names != null) {
                    pairs.add(new Pair(name, names.value(), Keys.name(component)));
                }
            }
        });
        return new NamedLists(List.copyOf(pairs));
    }

    /** Whether the entries of a list may have names. */
    static boolean isNamed(RecordComponent list) {
        return Arrays.stream(list.getDeclaringRecord().getRecordComponents()).map(other -> other.getAnnotation(NamesOf.class))
                .anyMatch(names -> names != null && names.value().equals(Keys.name(list)));
    }

    /** {@code earlier} without the names of lists that {@code later} says anew. */
    Setting.Mapping beneath(Setting.Mapping earlier, Setting.Mapping later) {
        Setting.Mapping beneath = earlier;
        for (Pair pair : pairs) {
            if (beneath.entries().get(pair.section()) instanceof Setting.Mapping before && before.entries().containsKey(pair.names())
                    && later.entries().get(pair.section()) instanceof Setting.Mapping now && now.entries().containsKey(pair.list())) {
                Map<String, Setting> entries = new LinkedHashMap<>(before.entries());
                entries.remove(pair.names());
                beneath = with(beneath, pair.section(), new Setting.Mapping(entries, before.origin()));
            }
        }
        return beneath;
    }

    /**
     * Lists that are mappings as the two lists that records have.
     *
     * @param mistakes told of entries that are no text or list of texts, and of names in both spellings
     */
    Setting.Mapping asTwoLists(Setting.Mapping settings, Mistakes mistakes) {
        Setting.Mapping plain = settings;
        for (Pair pair : pairs) {
            if (plain.entries().get(pair.section()) instanceof Setting.Mapping section
                    && section.entries().get(pair.list()) instanceof Setting.Mapping named) {
                plain = with(plain, pair.section(), asTwoLists(pair, section, named, mistakes));
            }
        }
        return plain;
    }

    private static Setting.Mapping asTwoLists(Pair pair, Setting.Mapping section, Setting.Mapping named, Mistakes mistakes) {
        String place = pair.section() + "." + pair.list();
        Setting stated = section.entries().get(pair.names());
        if (stated != null && !(stated instanceof Setting.Sequence list && list.items().isEmpty())) {
            mistakes.add(stated.origin() + ": " + pair.section() + "." + pair.names() + " is given, and " + place
                    + " has names of its own ("
                    + named.origin() + "). Which of the two? Remove the other");
        }
        List<Setting> entries = new ArrayList<>();
        List<Setting> names = new ArrayList<>();
        named.entries().forEach((name, value) -> {
            List<Setting> items = value instanceof Setting.Sequence list ? list.items() : List.of(value);
            if (items.isEmpty() || !items.stream().allMatch(item -> item instanceof Setting.Scalar text && !text.isNull())) {
                mistakes.add(value.origin() + ": '" + place + "." + name + "' is " + value.seen() + ", expected a file or a list of files");
                return;
            }
            for (Setting item : items) {
                entries.add(item);
                names.add(new Setting.Scalar(name, true, item.origin()));
            }
        });
        return with(with(section, pair.list(), new Setting.Sequence(entries, named.origin())), pair.names(),
                new Setting.Sequence(names, named.origin()));
    }

    private static Setting.Mapping with(Setting.Mapping mapping, String key, Setting value) {
        Map<String, Setting> entries = new LinkedHashMap<>(mapping.entries());
        entries.put(key, value);
        return new Setting.Mapping(entries, mapping.origin());
    }
}
