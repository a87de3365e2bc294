package io.softq4j.chat.jinja;

/** {@code owner.name}. */
record Attribute(Expression owner, String name) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return Access.attribute(owner.value(scope), name);
    }
}
