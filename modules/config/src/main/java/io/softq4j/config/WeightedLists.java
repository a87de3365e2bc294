package io.softq4j.config;

import io.softq4j.common.Keys;
import io.softq4j.common.Mistakes;
import io.softq4j.common.UserError;
import io.softq4j.common.WeightsOf;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lists whose weights may be written at their entries (see {@link WeightsOf}). {@code train: [{path: a.jsonl, weight: 3}, b.jsonl]}
 * becomes {@code train: [a.jsonl, b.jsonl]} and {@code mixing_weights: [3, 1]} before records are bound, so that both spellings are one
 * configuration.
 *
 * @param pairs of all sections
 */
record WeightedLists(List<Pair> pairs) {

    /** The keys of a list and of its weights. */
    record Pair(String section, String list, String weights) {
    }

    static WeightedLists of(Map<String, Record> sections) {
        List<Pair> pairs = new ArrayList<>();
        sections.forEach((name, defaults) -> {
            for (RecordComponent component : defaults.getClass().getRecordComponents()) {
                WeightsOf weights = component.getAnnotation(WeightsOf.class);
                if (weights != null) {
                    pairs.add(new Pair(name, weights.value(), Keys.name(component)));
                }
            }
        });
        return new WeightedLists(List.copyOf(pairs));
    }

    /** Whether the entries of a list may have weights. */
    static boolean isWeighted(RecordComponent list) {
        return Arrays.stream(list.getDeclaringRecord().getRecordComponents()).map(other ->
                Optional.ofNullable(other.getAnnotation(WeightsOf.class)))
                .anyMatch(weights -> weights.isPresent() && weights.get().value().equals(Keys.name(list)));
    }

    /** {@code later} laid over {@code earlier}: weights in one spelling replace those of an earlier source in the other. */
    Setting.Mapping over(Setting.Mapping earlier, Setting.Mapping later) {
        Setting.Mapping beneath = earlier;
        for (Pair pair : pairs) {
            if (beneath.entries().get(pair.section()) instanceof Setting.Mapping before
                    && later.entries().get(pair.section()) instanceof Setting.Mapping now) {
                beneath = with(beneath, pair.section(), withoutReplaced(pair, before, now));
            }
        }
        return beneath.with(later);
    }

    private static Setting.Mapping withoutReplaced(Pair pair, Setting.Mapping before, Setting.Mapping now) {
        Setting weights = before.entries().get(pair.weights());
        Setting list = now.entries().get(pair.list());
        if (weights != null && hasWeights(list) && !sameSource(weights, list)) {
            Map<String, Setting> entries = new LinkedHashMap<>(before.entries());
            entries.remove(pair.weights());
            return new Setting.Mapping(entries, before.origin());
        }
        weights = now.entries().get(pair.weights());
        list = before.entries().get(pair.list());
        if (weights != null && hasWeights(list) && !sameSource(weights, list)) {
            return with(before, pair.list(), new Setting.Sequence(((Setting.Sequence) list).items().stream()
                    .map(WeightedLists::withoutWeight).toList(),
                    list.origin()));
        }
        return before;
    }

    private static Setting withoutWeight(Setting item) {
        if (!(item instanceof Setting.Mapping entry)) {
            return item;
        }
        Map<String, Setting> keys = new LinkedHashMap<>(entry.entries());
        keys.remove("weight");
        return new Setting.Mapping(keys, entry.origin());
    }

    private static boolean hasWeights(Setting list) {
        return list instanceof Setting.Sequence sequence
                && sequence.items().stream().anyMatch(item -> item instanceof Setting.Mapping entry
                && entry.entries().containsKey("weight"));
    }

    private static boolean sameSource(Setting one, Setting other) {
        return one.origin().source().equals(other.origin().source());
    }

    /**
     * Entries that are mappings as the two lists that records have. Of a list with a mistake the weights are left out, so that the rest can
     * be checked.
     *
     * @param mistakes told of unknown keys, entries without a path, values of the wrong type, weights outside of their range, and weights
     *                 in both spellings
     */
    Setting.Mapping asTwoLists(Setting.Mapping settings, Mistakes mistakes) {
        Setting.Mapping plain = settings;
        for (Pair pair : pairs) {
            if (plain.entries().get(pair.section()) instanceof Setting.Mapping section) {
                plain = with(plain, pair.section(), asTwoLists(pair, section, mistakes));
            }
        }
        return plain;
    }

    private static Setting.Mapping asTwoLists(Pair pair, Setting.Mapping section, Mistakes mistakes) {
        Setting list = section.entries().get(pair.list());
        String place = pair.section() + "." + pair.list();
        if (list instanceof Setting.Mapping single && single.entries().containsKey("path")) {
            mistakes.add(list.origin() + ": '" + place + "' is " + list.seen() + ", expected a list, such as [{path: a.jsonl, weight: 3}, "
                    + "b.jsonl]");
            return with(section, pair.list(), new Setting.Sequence(List.of(), list.origin()));
        }
        if (!(list instanceof Setting.Sequence sequence) || sequence.items().stream().noneMatch(Setting.Mapping.class::isInstance)) {
            return section;
        }
        int before = mistakes.messages().size();
        List<Setting> paths = new ArrayList<>();
        List<Setting> weights = new ArrayList<>();
        for (Setting item : sequence.items()) {
            String at = place + "[" + paths.size() + "]";
            paths.add(item instanceof Setting.Mapping entry ? path(entry, at, mistakes) : item);
            weights.add(item instanceof Setting.Mapping entry && entry.entries().containsKey("weight") ? entry.entries().get("weight")
                    : new Setting.Scalar("1", false, item.origin()));
        }
        Setting stated = section.entries().get(pair.weights());
        if (hasWeights(list) && stated != null && !isEmpty(stated)) {
            mistakes.add(stated.origin() + ": " + pair.section() + "." + pair.weights() + " is given, and entries of " + place
                    + " have a weight of their own ("
                    + list.origin() + "). Which of the two? Remove the other");
        }
        boolean wrong = mistakes.messages().size() > before;
        if (wrong) {
            List<Setting> known = paths.stream().filter(path -> !isEmpty(path)).toList();
            return with(with(section, pair.list(), new Setting.Sequence(known, list.origin())), pair.weights(),
                    new Setting.Sequence(List.of(), list.origin()));
        }
        Setting.Mapping plain = with(section, pair.list(), new Setting.Sequence(paths, list.origin()));
        return hasWeights(list) ? with(plain, pair.weights(), new Setting.Sequence(weights, list.origin())) : plain;
    }

    /** The path of an entry; without one, nothing. */
    private static Setting path(Setting.Mapping entry, String at, Mistakes mistakes) {
        KnownKeys known = new KnownKeys(RecordText.keys(WeightedEntry.class).stream().map(key -> at + "." + key).toList());
        WeightedEntry bound = new RecordBinder(known, mistakes).bind(WeightedEntry.class, WeightedEntry.DEFAULTS, entry, at);
        Setting path = entry.entries().get("path");
        if (path == null || path instanceof Setting.Scalar scalar && isEmpty(scalar)) {
            mistakes.add(entry.origin() + ": '" + at + ".path' is missing: which corpus? An entry is a path, "
                    + "or {path: a.jsonl, weight: 3}");
        }
        try {
            bound.check();
        } catch (UserError e) {
            mistakes.add(entry.entries().get("weight").origin() + ": " + at + "." + e.getMessage());
        }
        return path instanceof Setting.Scalar ? path : new Setting.Sequence(List.of(), entry.origin());
    }

    private static boolean isEmpty(Setting setting) {
        return setting instanceof Setting.Scalar scalar ? scalar.isNull() : setting instanceof Setting.Sequence sequence
                && sequence.items().isEmpty();
    }

    private static Setting.Mapping with(Setting.Mapping mapping, String key, Setting value) {
        Map<String, Setting> entries = new LinkedHashMap<>(mapping.entries());
        entries.put(key, value);
        return new Setting.Mapping(entries, mapping.origin());
    }
}
