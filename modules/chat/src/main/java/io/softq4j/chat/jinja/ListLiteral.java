package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code [a, b]}, or the tuple {@code (a, b)}.
 *
 * @param items of it
 * @param tuple whether it is a tuple
 */
record ListLiteral(List<Expression> items, boolean tuple) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().items(items.size());
        List<Object> values = new ArrayList<>(items.size());
        for (Expression item : items) {
            values.add(item.value(scope));
        }
        return tuple ? new Tuple(values) : values;
    }
}
