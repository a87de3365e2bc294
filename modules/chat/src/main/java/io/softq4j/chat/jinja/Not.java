package io.softq4j.chat.jinja;

/** {@code not value}. */
record Not(Expression value) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return !Values.truth(value.value(scope));
    }
}
