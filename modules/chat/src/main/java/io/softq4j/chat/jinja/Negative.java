package io.softq4j.chat.jinja;

/** {@code -value}. */
record Negative(Expression value) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return Numbers.negative(value.value(scope));
    }
}
