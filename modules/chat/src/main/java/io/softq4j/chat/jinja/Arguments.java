package io.softq4j.chat.jinja;

import java.util.List;
import java.util.Map;

/**
 * The arguments of a call.
 *
 * @param positional in order
 * @param named      by name
 */
record Arguments(List<Object> positional, Map<String, Object> named) {

    static final Arguments EMPTY = new Arguments(List.of(), Map.of());

    /**
     * One value per parameter, Java's null where none was given.
     *
     * @throws TemplateError if one of the first {@code required} is missing, or there are more, or others
     */
    Object[] bind(String callee, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateError(callee + "() takes at most " + parameters.length + " arguments, was given " + positional.size());
        }
        Object[] bound = new Object[parameters.length];
        for (int i = 0; i < positional.size(); i++) {
            bound[i] = positional.get(i);
        }
        int used = 0;
        for (int i = 0; i < parameters.length && !named.isEmpty(); i++) {
            Object value = named.get(parameters[i]);
            if (value != null) {
                if (bound[i] != null) {
                    throw new TemplateError(callee + "() is given " + parameters[i] + " twice");
                }
                bound[i] = value;
                used++;
            }
        }
        if (used < named.size()) {
            throw new TemplateError(callee + "() does not take all of the named arguments " + named.keySet() + "; it takes "
                    + List.of(parameters));
        }
        for (int i = 0; i < required; i++) {
            if (bound[i] == null) {
                throw new TemplateError(callee + "() needs an argument for " + parameters[i]);
            }
        }
        return bound;
    }

    /** Without the first positional ones. */
    Arguments from(int index) {
        return new Arguments(positional.subList(Math.min(index, positional.size()), positional.size()), named);
    }
}
