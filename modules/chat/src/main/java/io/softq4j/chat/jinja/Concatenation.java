package io.softq4j.chat.jinja;

import java.util.List;

/** {@code a ~ b}: the text of each. */
record Concatenation(List<Expression> parts) implements Expression {

    @Override
    public Object value(Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Expression part : parts) {
            String next = Values.text(part.value(scope), scope.run());
            scope.run().step();
            scope.run().characters(next.length());
            text.append(next);
        }
        return text.toString();
    }
}
