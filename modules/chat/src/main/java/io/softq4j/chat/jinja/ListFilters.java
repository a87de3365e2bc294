package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The filters that take lists. Where Jinja gives a generator, these give a list. */
final class ListFilters {

    private ListFilters() {
    }

    static void addTo(Map<String, Filters.Filter> all) {
        Filters.add(all, "list", (value, given, run) -> list(value, run));
        Filters.add(all, "first", (value, given, run) -> end(Values.items(value, run), true));
        Filters.add(all, "last", (value, given, run) -> end(Values.items(value, run), false));
        Filters.add(all, "items", ListFilters::entries);
        Filters.add(all, "reverse", (value, given, run) -> Slices.slice(value instanceof String ? value : list(value, run), null, null, -1L,
                run));
        Filters.add(all, "sort", ListFilters::sort, "reverse", "case_sensitive", "attribute");
        Filters.add(all, "dictsort", ListFilters::dictsort, "case_sensitive", "by", "reverse");
        Filters.add(all, "unique", ListFilters::unique, "case_sensitive", "attribute");
        Filters.add(all, "min", (value, given, run) -> extreme(value, given, -1, run), "case_sensitive", "attribute");
        Filters.add(all, "max", (value, given, run) -> extreme(value, given, 1, run), "case_sensitive", "attribute");
        Filters.add(all, "sum", ListFilters::sum, "attribute", "start");
        Filters.add(all, "batch", ListFilters::batch, "linecount", "fill_with");
        all.put("map", ListFilters::map);
        all.put("select", (value, arguments, run) -> select(value, arguments, false, true, run));
        all.put("reject", (value, arguments, run) -> select(value, arguments, false, false, run));
        all.put("selectattr", (value, arguments, run) -> select(value, arguments, true, true, run));
        all.put("rejectattr", (value, arguments, run) -> select(value, arguments, true, false, run));
    }

    /** The items as a list, if they are a tuple or a range as well. */
    private static List<Object> list(Object value, Run run) {
        List<Object> items = Values.items(value, run);
        if (items instanceof Tuple || items instanceof Range) {
            run.items(items.size());
            return new ArrayList<>(items);
        }
        return items;
    }

    /** An item by a path such as {@code function.name} or a number. */
    static Object attribute(Object item, Object path, Run run) {
        if (!(path instanceof String)) {
            return Access.item(item, path, run);
        }
        Object found = item;
        for (Object part : Strings.split((String) path, ".", -1, run)) {
            String name = (String) part;
            run.step();
            found = Access.item(found, name.matches("\\d{1,9}") ? (Object) Long.parseLong(name) : name, run);
        }
        return found;
    }

    private static Object end(List<Object> items, boolean first) {
        return items.isEmpty() ? new Undefined("there is no " + (first ? "first" : "last") + " item of an empty list")
                : items.get(first ? 0 : items.size() - 1);
    }

    private static Object entries(Object value, Object[] given, Run run) {
        if (value instanceof Undefined) {
            return List.of();
        } else if (value instanceof Map<?, ?> map) {
            return MappingMethods.entries(map, run);
        }
        throw new TemplateError("items needs a mapping, was a " + Values.kind(value));
    }

    private static Object key(Object item, Object caseSensitive, Object attribute, Run run) {
        Object key = attribute == null || attribute == None.NONE ? item : attribute(item, attribute, run);
        boolean asItIs = caseSensitive != null && Values.truth(caseSensitive);
        if (key instanceof String s && !asItIs) {
            run.characters(s.length());
            return Strings.lower(s);
        }
        return key;
    }

    private static Object sort(Object value, Object[] given, Run run) {
        return sorted(Values.items(value, run), item -> key(item, given[1], given[2], run), given[0], run);
    }

    private static Object dictsort(Object value, Object[] given, Run run) {
        String by = given[1] == null ? "key" : Values.text(given[1], run);
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateError("dictsort(by=\"" + by + "\"): must be key or value");
        }
        Object part = by.equals("key") ? 0L : 1L;
        @SuppressWarnings("unchecked")
        List<Object> pairs = (List<Object>) entries(value, given, run);
        return sorted(pairs, pair -> key(pair, given[0], part, run), given[2], run);
    }

    private static List<Object> sorted(List<Object> items, UnaryOperator<Object> key, Object reverse, Run run) {
        run.items(items.size());
        List<Object> sorted = new ArrayList<>(items);
        Comparator<Object> order = (a, b) -> Values.compare(key.apply(a), key.apply(b), run);
        try {
            sorted.sort(reverse != null && Values.truth(reverse) ? order.reversed() : order);
        } catch (IllegalArgumentException e) {
            // whole numbers beyond 2^53 beside floats
            throw new TemplateError("the values to sort have no order");
        }
        return sorted;
    }

    private static Object unique(Object value, Object[] given, Run run) {
        List<Object> unique = new ArrayList<>();
        List<Object> seen = new ArrayList<>();
        for (Object item : Values.items(value, run)) {
            Object key = key(item, given[0], given[1], run);
            if (!Values.contains(seen, key, run)) {
                run.items(2);
                seen.add(key);
                unique.add(item);
            }
        }
        return unique;
    }

    private static Object extreme(Object value, Object[] given, int sign, Run run) {
        Object best = null;
        for (Object item : Values.items(value, run)) {
            if (best == null || sign * Values.compare(key(item, given[0], given[1], run), key(best, given[0], given[1], run), run) > 0) {
                best = item;
            }
        }
        return best == null ? new Undefined("there is no least or greatest item of an empty list") : best;
    }

    private static Object sum(Object value, Object[] given, Run run) {
        Object sum = given[1] == null ? (Object) 0L : given[1];
        for (Object item : Values.items(value, run)) {
            sum = Arithmetic.apply("+", sum, given[0] == null || given[0] == None.NONE ? item : attribute(item, given[0], run), run);
        }
        return sum;
    }

    private static Object batch(Object value, Object[] given, Run run) {
        List<Object> items = Values.items(value, run);
        int size = (int) Math.max(1, Math.min(Integer.MAX_VALUE, given[0] == null ? 0 : Numbers.index(given[0])));
        List<Object> batches = new ArrayList<>();
        for (int i = 0; i < items.size(); i += size) {
            int end = (int) Math.min(items.size(), (long) i + size);
            run.items(end - i + 1L);
            List<Object> batch = new ArrayList<>(items.subList(i, end));
            if (given[1] != null && batch.size() < size) {
                run.items(size - batch.size());
                batch.addAll(Collections.nCopies(size - batch.size(), given[1]));
            }
            batches.add(batch);
            if (end == items.size()) {
                break;
            }
        }
        return batches;
    }

    private static Object map(Object value, Arguments arguments, Run run) {
        List<Object> mapped = new ArrayList<>();
        Object path = arguments.named().get("attribute");
        Object otherwise = arguments.named().get("default");
        if (path == null && arguments.positional().isEmpty()) {
            throw new TemplateError("map needs the name of a filter, or attribute=");
        }
        for (Object item : itemsIfTrue(value, run)) {
            run.items(1);
            if (path == null) {
                mapped.add(Filters.named(arguments.positional().get(0)).apply(item, arguments.from(1), run));
            } else {
                Object found = attribute(item, path, run);
                mapped.add(found instanceof Undefined && otherwise != null ? otherwise : found);
            }
        }
        return mapped;
    }

    /** Jinja lets none, 0 and false pass here as empty lists. */
    private static List<Object> itemsIfTrue(Object value, Run run) {
        return Values.truth(value) ? Values.items(value, run) : List.of();
    }

    private static Object select(Object value, Arguments arguments, boolean byAttribute, boolean wanted, Run run) {
        int from = byAttribute ? 1 : 0;
        if (arguments.positional().size() < from) {
            throw new TemplateError("selectattr and rejectattr need the name of an attribute");
        }
        boolean tested = arguments.positional().size() > from;
        List<Object> selected = new ArrayList<>();
        for (Object item : itemsIfTrue(value, run)) {
            run.step();
            Object subject = byAttribute ? attribute(item, arguments.positional().get(0), run) : item;
            boolean holds = tested ? Tests.named(arguments.positional().get(from)).holds(subject, arguments.from(from + 1), run)
                    : Values.truth(subject);
            if (holds == wanted) {
                run.items(1);
                selected.add(item);
            }
        }
        return selected;
    }
}
