package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call as written. */
record CallArguments(List<Expression> positional, Map<String, Expression> named) {

    static final CallArguments NONE = new CallArguments(List.of(), Map.of());

    Arguments values(Scope scope) {
        if (this == NONE) {
            return Arguments.EMPTY;
        }
        scope.run().items(positional.size() + (long) named.size());
        List<Object> values = new ArrayList<>(positional.size());
        for (Expression argument : positional) {
            values.add(argument.value(scope));
        }
        Map<String, Object> byName = named.isEmpty() ? Map.of() : new LinkedHashMap<>();
        named.forEach((name, argument) -> byName.put(name, argument.value(scope)));
        return new Arguments(values, byName);
    }
}
