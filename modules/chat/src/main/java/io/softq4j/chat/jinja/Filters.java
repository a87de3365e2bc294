package io.softq4j.chat.jinja;

import java.util.Map;
import java.util.TreeMap;

/** What stands after {@code |}. */
final class Filters {

    /** One filter. */
    interface Filter {

        Object apply(Object value, Arguments arguments, Run run);
    }

    /** A filter after its arguments are counted: {@code given} holds Java's null for those left out. */
    interface Body {

        Object apply(Object value, Object[] given, Run run);
    }

    static final Map<String, Filter> ALL = all();

    private Filters() {
    }

    private static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        TextFilters.addTo(all);
        ListFilters.addTo(all);
        add(all, "default", Filters::orElse, "default_value", "boolean");
        add(all, "d", Filters::orElse, "default_value", "boolean");
        add(all, "length", (value, given, run) -> Values.length(value, run));
        add(all, "count", (value, given, run) -> Values.length(value, run));
        add(all, "abs", (value, given, run) -> Values.compare(value, 0L, run) < 0 ? Numbers.negative(value) : Numbers.arithmetic("+", value,
                0L));
        add(all, "int", Filters::whole, "default", "base");
        add(all, "float", Filters::real, "default");
        add(all, "round", Filters::round, "precision", "method");
        add(all, "attr", (value, given, run) -> Access.attribute(value, Values.text(given[0], run)), "name");
        return Map.copyOf(all);
    }

    static void add(Map<String, Filter> all, String name, Body body, String... parameters) {
        int required = name.equals("replace") ? 2 : name.equals("attr") ? 1 : 0;
        all.put(name, (value, arguments, run) -> body.apply(value, arguments.bind(name, required, parameters), run));
    }

    /**
     * The filter of that name.
     *
     * @throws TemplateError if there is none
     */
    static Filter named(Object name) {
        Filter filter = name instanceof String ? ALL.get(name) : null;
        if (filter == null) {
            throw new TemplateError("there is no filter \"" + name + "\" in a chat template");
        }
        return filter;
    }

    private static Object orElse(Object value, Object[] given, Run run) {
        boolean falseToo = given[1] != null && Values.truth(given[1]);
        boolean absent = value instanceof Undefined || falseToo && !Values.truth(value);
        return !absent ? value : given[0] == null ? "" : given[0];
    }

    private static Object whole(Object value, Object[] given, Run run) {
        if (value instanceof Undefined u) {
            throw u.error();
        } else if (value instanceof Boolean || value instanceof Long) {
            return Numbers.index(value);
        }
        Object otherwise = given[0] == null ? (Object) 0L : given[0];
        if (value instanceof Double d) {
            return Double.isFinite(d) ? Numbers.whole(d) : otherwise;
        } else if (!(value instanceof String)) {
            return value instanceof Number ? value : otherwise;
        }
        String digits = Strings.strip((String) value, true, true);
        try {
            return Long.parseLong(digits, given[1] == null ? 10 : (int) Math.max(2, Math.min(36, Numbers.index(given[1]))));
        } catch (NumberFormatException e) {
            return digits.length() < 40 && digits.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")
                    ? (Object) (long) Double.parseDouble(digits) : otherwise;
        }
    }

    private static Object real(Object value, Object[] given, Run run) {
        if (value instanceof Undefined u) {
            throw u.error();
        } else if (Values.isNumber(value)) {
            return Numbers.asDouble(value);
        }
        String digits = value instanceof String s ? Strings.strip(s, true, true) : "";
        boolean number = digits.length() < 400 && digits.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
        return number ? (Object) Double.parseDouble(digits) : given[0] == null ? 0.0 : given[0];
    }

    private static Object round(Object value, Object[] given, Run run) {
        long digits = given[0] == null ? 0 : Numbers.index(given[0]);
        String method = given[1] == null ? "common" : Values.text(given[1], run);
        if (!Values.isNumber(value)) {
            throw new TemplateError("round needs a number, was a " + Values.kind(value));
        } else if (method.equals("common")) {
            return Numbers.round(value, digits);
        } else if (!method.equals("ceil") && !method.equals("floor")) {
            throw new TemplateError("round(method=\"" + method + "\"): must be common, ceil or floor");
        }
        double scale = Math.pow(10, digits);
        double scaled = Numbers.asDouble(value) * scale;
        return (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
    }
}
