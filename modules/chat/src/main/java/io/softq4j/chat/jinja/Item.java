package io.softq4j.chat.jinja;

/** {@code owner[key]}. */
record Item(Expression owner, Expression key) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return Access.item(owner.value(scope), key.value(scope), scope.run());
    }
}
