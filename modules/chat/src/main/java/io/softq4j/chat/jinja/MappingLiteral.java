package io.softq4j.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code {a: b}}; keys and values are as many. */
record MappingLiteral(List<Expression> keys, List<Expression> values) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().items(2L * keys.size());
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            Object key = Values.key(keys.get(i).value(scope));
            if (key instanceof Undefined u) {
                throw u.error();
            }
            map.put(key, values.get(i).value(scope));
        }
        return map;
    }
}
