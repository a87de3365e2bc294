package io.softq4j.chat.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** What stands after {@code is}. */
final class Tests {

    /** One test. */
    interface Test {

        boolean holds(Object value, Arguments arguments, Run run);
    }

    static final Map<String, Test> ALL = Map.ofEntries(
            Map.entry("defined", (value, arguments, run) -> !(value instanceof Undefined)),
            Map.entry("undefined", (value, arguments, run) -> value instanceof Undefined),
            Map.entry("none", (value, arguments, run) -> value == None.NONE),
            Map.entry("string", (value, arguments, run) -> value instanceof String),
            Map.entry("mapping", (value, arguments, run) -> value instanceof Map),
            Map.entry("sequence", (value, arguments, run) -> Values.hasItems(value)),
            Map.entry("iterable", (value, arguments, run) -> Values.hasItems(value)),
            Map.entry("boolean", (value, arguments, run) -> value instanceof Boolean),
            Map.entry("true", (value, arguments, run) -> Boolean.TRUE.equals(value)),
            Map.entry("false", (value, arguments, run) -> Boolean.FALSE.equals(value)),
            Map.entry("integer", (value, arguments, run) -> value instanceof Long || value instanceof BigInteger),
            Map.entry("float", (value, arguments, run) -> value instanceof Double),
            Map.entry("number", (value, arguments, run) -> Values.isNumber(value)),
            Map.entry("callable", (value, arguments, run) -> value instanceof Callable),
            Map.entry("lower", (value, arguments, run) -> StringMethods.isLower(Values.text(value, run))),
            Map.entry("upper", (value, arguments, run) -> StringMethods.isUpper(Values.text(value, run))),
            Map.entry("odd", (value, arguments, run) -> Values.equal(Numbers.arithmetic("%", value, 2L), 1L, run)),
            Map.entry("even", (value, arguments, run) -> Values.equal(Numbers.arithmetic("%", value, 2L), 0L, run)),
            Map.entry("divisibleby", (value, arguments, run) -> Values.equal(Numbers.arithmetic("%", value, other(arguments)), 0L, run)),
            Map.entry("sameas", (value, arguments, run) -> sameAs(value, other(arguments))),
            Map.entry("in", (value, arguments, run) -> Values.contains(other(arguments), value, run)),
            Map.entry("filter", (value, arguments, run) -> value instanceof String && Filters.ALL.containsKey(value)),
            Map.entry("test", (value, arguments, run) -> value instanceof String && hasTest((String) value)),
            Map.entry("eq", Tests::equal), Map.entry("equalto", Tests::equal), Map.entry("==", Tests::equal),
            Map.entry("ne", Tests::unequal), Map.entry("!=", Tests::unequal),
            Map.entry("gt", Tests::above), Map.entry("greaterthan", Tests::above), Map.entry(">", Tests::above),
            Map.entry("lt", Tests::below), Map.entry("lessthan", Tests::below), Map.entry("<", Tests::below),
            Map.entry("ge", (value, arguments, run) -> !below(value, arguments, run)),
            Map.entry(">=", (value, arguments, run) -> !below(value, arguments, run)),
            Map.entry("le", (value, arguments, run) -> !above(value, arguments, run)),
            Map.entry("<=", (value, arguments, run) -> !above(value, arguments, run)));

    private Tests() {
    }

    private static boolean hasTest(String name) {
        return ALL.containsKey(name);
    }

    /**
     * The test of that name.
     *
     * @throws TemplateError if there is none
     */
    static Test named(Object name) {
        Test test = name instanceof String ? ALL.get(name) : null;
        if (test == null) {
            throw new TemplateError("there is no test \"" + name + "\" in a chat template");
        }
        return test;
    }

    private static Object other(Arguments arguments) {
        return arguments.bind("test", 1, "other")[0];
    }

    private static boolean sameAs(Object a, Object b) {
        return a == b || !(a instanceof List) && !(a instanceof Map) && a.getClass() == b.getClass() && a.equals(b);
    }

    private static boolean equal(Object value, Arguments arguments, Run run) {
        return Values.equal(value, other(arguments), run);
    }

    private static boolean unequal(Object value, Arguments arguments, Run run) {
        return !equal(value, arguments, run);
    }

    private static boolean above(Object value, Arguments arguments, Run run) {
        return Values.compare(value, other(arguments), run) > 0;
    }

    private static boolean below(Object value, Arguments arguments, Run run) {
        return Values.compare(value, other(arguments), run) < 0;
    }
}
