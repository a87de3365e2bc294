package io.softq4j.chat.jinja;

import java.util.List;
import java.util.Map;

/** Fields, items and methods of values. What is missing is {@link Undefined}. */
final class Access {

    private Access() {
    }

    /** {@code value.name}: a method or property if there is one of that name, else the item of a mapping. */
    static Object attribute(Object value, String name) {
        if (name.startsWith("__") && name.endsWith("__")) {
            throw new TemplateError("access to '" + name + "' is not allowed");
        } else if (value instanceof Undefined u) {
            throw u.error();
        } else if (value instanceof Namespace namespace) {
            Object found = namespace.values().get(name);
            return found == null ? Undefined.in(value, name) : found;
        } else if (value instanceof Loop loop) {
            return loop.property(name);
        }
        Object method = method(value, name);
        if (method != null) {
            return method;
        }
        Object found = value instanceof Map<?, ?> map ? map.get(name) : null;
        return found == null ? Undefined.in(value, name) : found;
    }

    /** {@code value[key]}: an item, else a method of that name. */
    static Object item(Object value, Object key, Run run) {
        if (value instanceof Undefined u) {
            throw u.error();
        } else if (value instanceof Map<?, ?> map) {
            Object found = map.get(Values.key(key));
            if (found != null) {
                return found;
            }
        } else if (key instanceof Long index && (value instanceof List || value instanceof String)) {
            return at(value, index, run);
        }
        if (key instanceof String name) {
            if (value instanceof Map) {
                Object method = method(value, name);
                return method == null ? Undefined.in(value, key) : method;
            }
            return attribute(value, name);
        }
        return Undefined.in(value, key);
    }

    private static Object at(Object value, long index, Run run) {
        long length = Values.length(value, run);
        long place = index < 0 ? index + length : index;
        if (place < 0 || place >= length) {
            return Undefined.in(value, index);
        }
        return value instanceof String s ? Strings.slice(s, (int) place, 1, 1) : ((List<?>) value).get((int) place);
    }

    private static Object method(Object value, String name) {
        BoundMethod.Method method = null;
        if (value instanceof String) {
            method = StringMethods.ALL.get(name);
        } else if (value instanceof Map) {
            method = MappingMethods.ALL.get(name);
        } else if (value instanceof List) {
            method = ListMethods.ALL.get(name);
        }
        return method == null ? null : new BoundMethod(value, name, method);
    }
}
