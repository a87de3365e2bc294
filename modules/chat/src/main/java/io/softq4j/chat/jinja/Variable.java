package io.softq4j.chat.jinja;

/** A name; {@link Undefined} if nothing has it. */
record Variable(String name) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return scope.get(name);
    }
}
