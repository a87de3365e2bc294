package io.softq4j.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What Python's values have in common: truth, text, equality, order, items. */
final class Values {

    private Values() {
    }

    /** For messages. */
    static String kind(Object value) {
        if (value instanceof String) {
            return "string";
        } else if (value instanceof Boolean) {
            return "boolean";
        } else if (value instanceof Long || value instanceof BigInteger) {
            return "integer";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof Tuple) {
            return "tuple";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Map) {
            return "mapping";
        } else if (value == None.NONE) {
            return "None";
        } else if (value instanceof Undefined) {
            return "undefined value";
        } else if (value instanceof Callable) {
            return "function";
        }
        return value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean b) {
            return b;
        } else if (value instanceof String s) {
            return !s.isEmpty();
        } else if (value instanceof Long n) {
            return n != 0;
        } else if (value instanceof Double d) {
            return d != 0;
        } else if (value instanceof List<?> list) {
            return !list.isEmpty();
        } else if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value != None.NONE && !(value instanceof Undefined);
    }

    /** As Python's {@code str()}. */
    static String text(Object value, Run run) {
        if (value instanceof String s) {
            return s;
        } else if (value instanceof Undefined) {
            return "";
        }
        return Repr.of(value, run);
    }

    /**
     * The items of a list, the keys of a mapping, the characters of a string.
     *
     * @throws TemplateError if it has no items
     */
    @SuppressWarnings("unchecked")
    static List<Object> items(Object value, Run run) {
        if (value instanceof List) {
            return (List<Object>) value;
        } else if (value instanceof Map<?, ?> map) {
            run.items(map.size());
            return new ArrayList<>(map.keySet());
        } else if (value instanceof String s) {
            run.items(s.length());
            List<Object> characters = new ArrayList<>(s.length());
            s.codePoints().forEach(c -> characters.add(Character.toString(c)));
            return characters;
        } else if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateError("a " + kind(value) + " cannot be looped over");
    }

    static boolean hasItems(Object value) {
        return value instanceof List || value instanceof Map || value instanceof String || value instanceof Undefined;
    }

    /** As Python's {@code len()}; a string is as long as it has code points. */
    static long length(Object value, Run run) {
        if (value instanceof String s) {
            run.steps(s.length() >> 4);
            return Strings.length(s);
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        } else if (value instanceof Undefined) {
            return 0;
        }
        throw new TemplateError("a " + kind(value) + " has no length");
    }

    static boolean equal(Object a, Object b, Run run) {
        run.step();
        if (a == b) {
            return true;
        } else if (a instanceof String s && b instanceof String t) {
            run.steps(s.length() >> 6);
            return s.equals(t);
        } else if (isNumber(a) && isNumber(b)) {
            return Numbers.compare(a, b) == 0;
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return a instanceof Tuple == b instanceof Tuple && x.size() == y.size() && equalItems(x, y, run);
        } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size() && equalEntries(x, y, run);
        }
        return a instanceof Undefined && b instanceof Undefined;
    }

    private static boolean equalItems(List<?> a, List<?> b, Run run) {
        run.enter();
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i), run)) {
                run.leave();
                return false;
            }
        }
        run.leave();
        return true;
    }

    private static boolean equalEntries(Map<?, ?> a, Map<?, ?> b, Run run) {
        run.enter();
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, run)) {
                run.leave();
                return false;
            }
        }
        run.leave();
        return true;
    }

    /**
     * Below zero, zero or above.
     *
     * @throws TemplateError if they have no order
     */
    static int compare(Object a, Object b, Run run) {
        run.step();
        if (isNumber(a) && isNumber(b)) {
            return Numbers.compare(a, b);
        } else if (a instanceof String s && b instanceof String t) {
            run.steps(Math.min(s.length(), t.length()) >> 6);
            return Strings.compare(s, t);
        } else if (a instanceof List<?> x && b instanceof List<?> y && a instanceof Tuple == b instanceof Tuple) {
            run.enter();
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!equal(x.get(i), y.get(i), run)) {
                    int order = compare(x.get(i), y.get(i), run);
                    run.leave();
                    return order;
                }
            }
            run.leave();
            return Integer.compare(x.size(), y.size());
        } else if (a instanceof Undefined u) {
            throw u.error();
        } else if (b instanceof Undefined u) {
            throw u.error();
        }
        throw new TemplateError("a " + kind(a) + " and a " + kind(b) + " have no order");
    }

    /** As Python's {@code item in container}. */
    static boolean contains(Object container, Object item, Run run) {
        if (container instanceof String s) {
            if (item instanceof String t) {
                run.steps(s.length() >> 4);
                return s.contains(t);
            } else if (item instanceof Undefined u) {
                throw u.error();
            }
            throw new TemplateError("a string holds strings, not a " + kind(item));
        } else if (container instanceof Map<?, ?> map) {
            return map.containsKey(key(item));
        }
        for (Object candidate : items(container, run)) {
            if (equal(candidate, item, run)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A value as the key to look up in a mapping; an undefined one is in none.
     *
     * @throws TemplateError if it is a list or a mapping
     */
    static Object key(Object value) {
        if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15) {
            return d.longValue();
        } else if (value instanceof String || isNumber(value) || value == None.NONE || value instanceof Undefined) {
            return value;
        }
        throw new TemplateError("a " + kind(value) + " cannot be the key of a mapping");
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** Two lists as one. */
    static List<Object> concatenation(List<Object> a, List<Object> b, Run run) {
        run.items(a.size() + (long) b.size());
        List<Object> both = new ArrayList<>(a.size() + b.size());
        both.addAll(a);
        both.addAll(b);
        return both;
    }
}
