package io.softq4j.chat.jinja;

/** {@code a or b}: the first that is true, else the last. */
record Or(Expression left, Expression right) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        Object value = left.value(scope);
        return Values.truth(value) ? value : right.value(scope);
    }
}
