package io.softq4j.chat.jinja;

/** {@code a and b}: the first that is false, else the last. */
record And(Expression left, Expression right) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        Object value = left.value(scope);
        return Values.truth(value) ? right.value(scope) : value;
    }
}
