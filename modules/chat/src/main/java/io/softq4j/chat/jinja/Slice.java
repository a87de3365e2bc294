package io.softq4j.chat.jinja;

/** {@code owner[start:stop:step]}; what is left out is Java's null. */
record Slice(Expression owner, Expression start, Expression stop, Expression step) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return Slices.slice(owner.value(scope), bound(start, scope), bound(stop, scope), bound(step, scope), scope.run());
    }

    private static Object bound(Expression expression, Scope scope) {
        return expression == null ? null : expression.value(scope);
    }
}
